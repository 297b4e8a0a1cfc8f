-- Counts by unit set, kind and year, with running totals over the months, in place of a row for each
-- month: a period is the difference of two of a row's totals, however many months it has.
DROP TRIGGER incident_cell_insert ON incident;
DROP TRIGGER incident_cell_update ON incident;
DROP TRIGGER incident_cell_delete ON incident;
DROP FUNCTION incident_cell_follow;
DROP TABLE incident_cell;

CREATE TABLE incident_cell (
    unit_set_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    year INTEGER NOT NULL,
    incidents INTEGER[] NOT NULL,
    victims INTEGER[] NOT NULL,
    -- The map asks for a kind and some years of all units.
    CONSTRAINT pk_incident_cell PRIMARY KEY (kind, year, unit_set_id)
);
COMMENT ON COLUMN incident_cell.kind IS ''''' is all kinds together';
COMMENT ON COLUMN incident_cell.incidents IS 'element m: from January to month m';
COMMENT ON COLUMN incident_cell.victims IS 'element m: from January to month m';

CREATE FUNCTION array_plus(one integer[], other integer[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(a + b ORDER BY place) FROM unnest(one, other) WITH ORDINALITY AS t(a, b, place)
$$;

-- The query for what changes add to the cells. `changes` is a query that gives unit_set_id, kind,
-- occurred_from, incidents and victims of incidents that came (1) or went (-1).
CREATE FUNCTION incident_cell_query(changes text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT format(
        $query$
            WITH by_kind AS MATERIALIZED (
                SELECT unit_set_id, kind, number / 12 AS year,
                    ARRAY[%1$s]::integer[] AS incidents, ARRAY[%2$s]::integer[] AS victims
                FROM (
                    SELECT *, mod(number, 12) + 1 AS month
                    FROM (
                        SELECT unit_set_id, kind, month_number(occurred_from) AS number,
                            incidents, victims
                        FROM (%5$s) AS change
                        OFFSET 0  -- or the month would be computed anew for every total
                    ) AS numbered
                    OFFSET 0
                ) AS dated
                GROUP BY unit_set_id, kind, year
            )
            SELECT kind, year, unit_set_id, incidents, victims FROM by_kind
            UNION ALL
            SELECT '', year, unit_set_id, ARRAY[%3$s], ARRAY[%4$s] FROM by_kind GROUP BY 2, 3
            -- In one order for all, so that two writers never wait for each other.
            ORDER BY kind, year, unit_set_id
        $query$,
        string_agg(format('coalesce(sum(incidents) FILTER (WHERE month <= %s), 0)', m), ', ' ORDER BY m),
        string_agg(format('coalesce(sum(victims) FILTER (WHERE month <= %s), 0)', m), ', ' ORDER BY m),
        string_agg(format('sum(incidents[%s])', m), ', ' ORDER BY m),
        string_agg(format('sum(victims[%s])', m), ', ' ORDER BY m),
        changes
    )
    FROM generate_series(1, 12) AS m
$$;

CREATE FUNCTION incident_cell_follow() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    came constant text := 'SELECT unit_set_id, kind, occurred_from, 1 AS incidents, victims'
        ' FROM fresh WHERE is_countable(status, deleted_at)';
    went constant text := 'SELECT unit_set_id, kind, occurred_from, -1 AS incidents, -victims AS victims'
        ' FROM stale WHERE is_countable(status, deleted_at)';
    changes text;
BEGIN
    changes := CASE TG_OP
        WHEN 'INSERT' THEN came
        WHEN 'DELETE' THEN went
        -- What stays as it was cancels out.
        ELSE format('(%s EXCEPT ALL SELECT unit_set_id, kind, occurred_from, 1, victims FROM stale'
            ' WHERE is_countable(status, deleted_at)) UNION ALL (%s EXCEPT ALL SELECT unit_set_id,'
            ' kind, occurred_from, -1, -victims FROM fresh WHERE is_countable(status, deleted_at))',
            came, went)
    END;
    EXECUTE 'INSERT INTO incident_cell AS cell (kind, year, unit_set_id, incidents, victims) '
        || incident_cell_query(changes)
        || ' ON CONFLICT (kind, year, unit_set_id) DO UPDATE'
        ' SET incidents = array_plus(cell.incidents, excluded.incidents),'
        ' victims = array_plus(cell.victims, excluded.victims)';
    RETURN NULL;
END
$$;

CREATE TRIGGER incident_cell_insert AFTER INSERT ON incident
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION incident_cell_follow();
CREATE TRIGGER incident_cell_update AFTER UPDATE ON incident
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION incident_cell_follow();
CREATE TRIGGER incident_cell_delete AFTER DELETE ON incident
    REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION incident_cell_follow();

-- A row's identity first: it tells rows apart sooner than the source, which most of them share.
ALTER TABLE incident DROP CONSTRAINT uq_incident_source_external_id;
ALTER TABLE incident ADD CONSTRAINT uq_incident_source_external_id UNIQUE (external_id, source);

-- Counts all incidents anew.
CREATE FUNCTION incident_cell_recount() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE incident_cell;
    EXECUTE 'INSERT INTO incident_cell (kind, year, unit_set_id, incidents, victims) '
        || incident_cell_query('SELECT unit_set_id, kind, occurred_from, 1 AS incidents, victims'
            ' FROM incident WHERE is_countable(status, deleted_at)');
END
$$;
SELECT incident_cell_recount();
