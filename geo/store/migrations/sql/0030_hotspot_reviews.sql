SET LOCAL lock_timeout = '10s';

-- Decisions on hotspots: a row for each version, of which none is ever changed. `seen_…` is what the
-- standard runs said when it was taken, so that what changed since can be told.
CREATE TABLE hotspot_review (
    id UUID DEFAULT uuid_v7() NOT NULL,
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    priority SMALLINT DEFAULT 2 NOT NULL,
    responsible_level TEXT,
    responsible_code TEXT,
    due_on DATE,
    run_id UUID,
    seen_class SMALLINT,
    seen_category SMALLINT,
    seen_cluster SMALLINT,
    stands BOOLEAN NOT NULL,
    seconds INTEGER,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT NOT NULL,
    CONSTRAINT pk_hotspot_review PRIMARY KEY (id),
    CONSTRAINT uq_hotspot_review_edition_level_code_version UNIQUE (edition, level, code, version),
    CONSTRAINT ck_hotspot_review_version CHECK (version >= 1),
    CONSTRAINT ck_hotspot_review_decision CHECK (decision IN ('confirm', 'dismiss', 'watch')),
    CONSTRAINT ck_hotspot_review_reason CHECK (length(btrim(reason)) >= 3),
    CONSTRAINT ck_hotspot_review_priority CHECK (priority BETWEEN 1 AND 3),
    CONSTRAINT ck_hotspot_review_responsible
        CHECK ((responsible_level IS NULL) = (responsible_code IS NULL)),
    CONSTRAINT ck_hotspot_review_seconds CHECK (seconds IS NULL OR (stands AND seconds < version)),
    CONSTRAINT fk_hotspot_review_run_id_hotspot_run
        FOREIGN KEY (run_id) REFERENCES hotspot_run (id) ON DELETE SET NULL
);
COMMENT ON COLUMN hotspot_review.priority IS '1 high, 2 usual, 3 low';
COMMENT ON COLUMN hotspot_review.responsible_code IS 'of a unit of the edition 2025';
COMMENT ON COLUMN hotspot_review.run_id IS 'the standard run of Gi* that was looked at';
COMMENT ON COLUMN hotspot_review.stands IS 'false while a second leader has yet to agree';
COMMENT ON COLUMN hotspot_review.seconds IS 'the version of another leader with which this one agrees';

-- A decision follows the one before, and agrees with another leader's alone.
CREATE FUNCTION hotspot_review_follows() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.version <> 1 AND NOT EXISTS (
        SELECT FROM hotspot_review AS before
        WHERE (before.edition, before.level, before.code, before.version)
            = (NEW.edition, NEW.level, NEW.code, NEW.version - 1)
    ) THEN
        RAISE EXCEPTION 'a version is missing before %', NEW.version USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.seconds IS NOT NULL AND NOT EXISTS (
        SELECT FROM hotspot_review AS proposed
        WHERE (proposed.edition, proposed.level, proposed.code, proposed.version, proposed.decision)
                = (NEW.edition, NEW.level, NEW.code, NEW.seconds, NEW.decision)
            AND NOT proposed.stands AND proposed.updated_by <> NEW.updated_by
    ) THEN
        RAISE EXCEPTION 'nobody else has proposed this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER hotspot_review_follows AFTER INSERT ON hotspot_review
    FOR EACH ROW EXECUTE FUNCTION hotspot_review_follows();

-- What is planned against a confirmed hotspot, and the outreach event that came of it.
CREATE TABLE hotspot_action (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT DEFAULT 'planned' NOT NULL,
    responsible_level TEXT,
    responsible_code TEXT,
    planned_on DATE NOT NULL,
    note TEXT,
    outreach_event_id UUID,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    updated_reason TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_hotspot_action PRIMARY KEY (id),
    CONSTRAINT ck_hotspot_action_kind CHECK (kind IN ('patrol', 'session')),
    CONSTRAINT ck_hotspot_action_state CHECK (state IN ('planned', 'done', 'dropped')),
    CONSTRAINT ck_hotspot_action_responsible
        CHECK ((responsible_level IS NULL) = (responsible_code IS NULL)),
    CONSTRAINT fk_hotspot_action_outreach_event_id_outreach_event
        FOREIGN KEY (outreach_event_id) REFERENCES outreach_event (id) ON DELETE SET NULL
);
CREATE INDEX ix_hotspot_action_unit ON hotspot_action (edition, level, code);
COMMENT ON COLUMN hotspot_action.responsible_code IS 'of a unit of the edition 2025';

-- The units that are the actor's or lie wholly in his, in either edition.
CREATE FUNCTION actor_units() RETURNS TABLE (edition text, level text, code text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 200 SET search_path = public, pg_temp AS $$
    WITH own AS (
        SELECT jurisdiction.edition, jurisdiction.level, jurisdiction.code
        FROM jurisdiction
        WHERE account_id = actor_id() AND actor_role() IS NOT NULL
        UNION
        SELECT held.edition, 'province', held.code
        FROM actor_provinces() AS held
        WHERE actor_role() IS NOT NULL
    ),
    child AS (
        SELECT unit.edition, unit.level, unit.code
        FROM own
        JOIN unit ON unit.edition = own.edition AND unit.parent_code = own.code
    )
    SELECT own.edition, own.level, own.code FROM own
    UNION
    SELECT child.edition, child.level, child.code FROM child
    UNION
    -- Communes of before have a district between them and the province.
    SELECT unit.edition, unit.level, unit.code
    FROM child
    JOIN unit ON unit.edition = child.edition AND unit.parent_code = child.code
$$;

DO $$
DECLARE
    server constant text := '(SELECT current_user) = ''bienmap_app'' AND ';
    here constant text := '(SELECT actor_role()) IS NOT NULL AND ((SELECT actor_sees_all())'
        ' OR (edition, level, code) IN (SELECT own.edition, own.level, own.code FROM actor_units() AS own))';
    named constant text := ' AND updated_by = (SELECT actor_name()) AND ';
    leads constant text := '(SELECT actor_role()) = ''leader''';
    plans constant text := '(SELECT actor_role()) IN (''planner'', ''leader'')';
    followed text;
BEGIN
    FOREACH followed IN ARRAY ARRAY['hotspot_review', 'hotspot_action'] LOOP
        EXECUTE format(
            'ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;'
            'CREATE POLICY keeper ON %1$I TO CURRENT_USER USING ((SELECT current_user) <> ''bienmap_app'');'
            'CREATE POLICY reader ON %1$I FOR SELECT USING (%2$s);'
            'CREATE TRIGGER audit_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS fresh'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(''id'');'
            'CREATE TRIGGER audit_update AFTER UPDATE ON %1$I'
            ' REFERENCING OLD TABLE AS stale NEW TABLE AS fresh'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(''id'');'
            'CREATE TRIGGER audit_delete AFTER DELETE ON %1$I REFERENCING OLD TABLE AS stale'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(''id'');'
            'CREATE TRIGGER audit_truncate AFTER TRUNCATE ON %1$I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow()',
            followed, server || here
        );
    END LOOP;
    EXECUTE format('CREATE POLICY writer_insert ON hotspot_review FOR INSERT WITH CHECK (%s)',
        server || leads || named || here);
    EXECUTE format('CREATE POLICY writer_insert ON hotspot_action FOR INSERT WITH CHECK (%s)',
        server || plans || named || here);
    EXECUTE format('CREATE POLICY writer_update ON hotspot_action FOR UPDATE USING (%s) WITH CHECK (%s)',
        server || plans || ' AND ' || here, server || plans || named || here);
END
$$;
GRANT SELECT, INSERT ON hotspot_review TO bienmap_app;
GRANT SELECT, INSERT, UPDATE ON hotspot_action TO bienmap_app;
