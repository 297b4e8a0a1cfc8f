-- Places whose words surely name another unit than that in which their point lies. What was found
-- holds while the place is as it was; see geo/pipeline/place_words.py.
CREATE TABLE place_misfit (
    record_type TEXT NOT NULL,
    record_id UUID NOT NULL,
    sequence SMALLINT NOT NULL,
    place_digest TEXT NOT NULL,
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    CONSTRAINT pk_place_misfit PRIMARY KEY (record_type, record_id, sequence)
);
COMMENT ON COLUMN place_misfit.sequence IS 'of the place in a network; 0 for other records';
COMMENT ON COLUMN place_misfit.code IS 'of the unit that the words name, in edition and level';

DO $$
DECLARE
    of_record constant text := 'CASE record_type'
        ' WHEN ''incident'' THEN EXISTS (SELECT FROM incident WHERE incident.id = record_id)'
        ' WHEN ''outreach_event'' THEN EXISTS (SELECT FROM outreach_event WHERE outreach_event.id = record_id)'
        ' WHEN ''network'' THEN EXISTS (SELECT FROM network WHERE network.id = record_id)'
        ' WHEN ''prevention_model'' THEN EXISTS (SELECT FROM prevention_model AS model WHERE model.id = record_id)'
        ' END';
    by_server constant text := '(SELECT current_user) = ''bienmap_app'' AND ' || of_record;
    -- Who writes a record writes what was found of its words.
    by_writer constant text := by_server || ' AND ((SELECT actor_role()) IN (''officer'', ''leader'')'
        ' OR ((SELECT actor_role()) = ''planner'''
        ' AND record_type IN (''outreach_event'', ''prevention_model'')))';
BEGIN
    ALTER TABLE place_misfit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY keeper ON place_misfit TO CURRENT_USER USING ((SELECT current_user) <> 'bienmap_app');
    EXECUTE format('CREATE POLICY reader ON place_misfit FOR SELECT USING (%s)', by_server);
    EXECUTE format('CREATE POLICY writer_insert ON place_misfit FOR INSERT WITH CHECK (%s)', by_writer);
    EXECUTE format('CREATE POLICY writer_update ON place_misfit FOR UPDATE USING (%s)', by_writer);
END
$$;
GRANT SELECT, INSERT, UPDATE ON place_misfit TO bienmap_app;

-- A unit under its name of today, with those above it.
CREATE FUNCTION unit_path(edition text, level text, code text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE above AS (
        SELECT 1 AS place, unit.edition, unit.level, unit.full_name, unit.parent_code
        FROM unit_today AS unit
        WHERE (unit.edition, unit.level, unit.code) = (unit_path.edition, unit_path.level, unit_path.code)
        UNION ALL
        SELECT place + 1, parent.edition, parent.level, parent.full_name, parent.parent_code
        FROM above
        JOIN unit_today AS parent
            ON parent.edition = above.edition AND parent.code = above.parent_code
            AND parent.level <> above.level
    )
    SELECT string_agg(full_name, ', ' ORDER BY place) FROM above
$$;
