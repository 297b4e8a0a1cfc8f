SET LOCAL lock_timeout = '10s';

-- A figure was a row for its total and one for each part; from now on it is one row with all of it,
-- so that the parts can be held against the total.
CREATE TEMP TABLE support_before ON COMMIT DROP AS SELECT * FROM support_measure;
DROP TABLE support_measure;

CREATE TABLE support_measure (
    programme TEXT NOT NULL,
    measure TEXT NOT NULL,
    edition TEXT DEFAULT '' NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    period_from DATE NOT NULL,
    period_to DATE NOT NULL,
    value INTEGER NOT NULL,
    value_by JSONB DEFAULT '{}' NOT NULL,
    includes_suspected BOOLEAN DEFAULT false NOT NULL,
    published BOOLEAN DEFAULT false NOT NULL,
    agencies TEXT[] DEFAULT '{}' NOT NULL,
    citation TEXT,
    notes TEXT,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    import_batch_id UUID,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    updated_reason TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_support_measure PRIMARY KEY (id),
    CONSTRAINT uq_support_measure_source_external_id UNIQUE (source, external_id),
    CONSTRAINT ck_support_measure_unit
        CHECK ((edition = '') = (code = '') AND edition IN ('', '2024', '2025')),
    CONSTRAINT ck_support_measure_period CHECK (
        period_from >= '1975-01-01' AND extract(day FROM period_from) = 1
        AND (
            period_to + 1 = (period_from + interval '1 month')::date
            OR extract(month FROM period_from) = 1
            AND period_to + 1 = (period_from + interval '1 year')::date
        )
    ),
    CONSTRAINT ck_support_measure_value CHECK (value >= 0),
    CONSTRAINT fk_support_measure_import_batch_id_import_batch
        FOREIGN KEY (import_batch_id) REFERENCES import_batch (id)
);
CREATE INDEX ix_support_measure_unit ON support_measure (edition, code, period_from);
COMMENT ON COLUMN support_measure.code IS 'of a province; '''' is the country';

INSERT INTO support_measure (
    programme, measure, edition, code, period_from, period_to, value, value_by, includes_suspected,
    published, citation, source, external_id, content_hash
)
SELECT programme, measure, edition, code, period_from, period_to,
    coalesce(max(value) FILTER (WHERE breakdown = 'total'), sum(value)),
    coalesce(
        (
            SELECT jsonb_object_agg(name, parts)
            FROM (
                SELECT split_part(part.breakdown, ':', 1) AS name,
                    jsonb_object_agg(split_part(part.breakdown, ':', 2), part.value) AS parts
                FROM support_before AS part
                WHERE part.breakdown <> 'total'
                    AND (part.programme, part.measure, part.edition, part.code, part.period_from)
                        = (whole.programme, whole.measure, whole.edition, whole.code, whole.period_from)
                GROUP BY 1
            ) AS grouped
        ),
        '{}'
    ),
    programme = 'reception_verification', true, min(source), 'published-2024',
    concat_ws('/', programme, measure, CASE WHEN code = '' THEN 'VN' ELSE edition || '-' || code END,
        to_char(period_from, CASE WHEN period_to - period_from > 31 THEN 'YYYY' ELSE 'YYYY-MM' END)),
    ''
FROM support_before AS whole
GROUP BY programme, measure, edition, code, period_from, period_to;

-- Clubs and models of prevention: what kind, where, since when, how many members.
CREATE TABLE prevention_model (
    kind TEXT NOT NULL,
    name TEXT,
    state TEXT DEFAULT 'active' NOT NULL,
    started_on DATE,
    ended_on DATE,
    members INTEGER,
    organiser TEXT,
    notes TEXT,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    import_batch_id UUID,
    point geometry(POINT,4326),
    precision TEXT NOT NULL,
    accuracy_m DOUBLE PRECISION,
    place_text TEXT,
    stated_edition TEXT,
    stated_level TEXT,
    stated_code TEXT,
    found_by TEXT DEFAULT 'import' NOT NULL,
    unit_set_id INTEGER NOT NULL,
    assignment TEXT NOT NULL,
    location_flags TEXT[] DEFAULT '{}' NOT NULL,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    updated_reason TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_prevention_model PRIMARY KEY (id),
    CONSTRAINT uq_prevention_model_source_external_id UNIQUE (source, external_id),
    CONSTRAINT ck_prevention_model_point CHECK (point IS NULL OR (ST_X(point) BETWEEN -180 AND 180 AND ST_Y(point) BETWEEN -90 AND 90)),
    CONSTRAINT ck_prevention_model_period CHECK (ended_on >= started_on),
    CONSTRAINT ck_prevention_model_members CHECK (members >= 0),
    CONSTRAINT fk_prevention_model_import_batch_id_import_batch FOREIGN KEY (import_batch_id) REFERENCES import_batch (id),
    CONSTRAINT fk_prevention_model_unit_set_id_unit_set FOREIGN KEY (unit_set_id) REFERENCES unit_set (id)
);
CREATE INDEX ix_prevention_model_point ON prevention_model USING gist (point);
CREATE INDEX ix_prevention_model_unit_set_id ON prevention_model (unit_set_id);
CREATE INDEX ix_prevention_model_doubtful_place ON prevention_model (id)
    WHERE location_flags <> '{}' OR is_coarse(precision, accuracy_m);
COMMENT ON COLUMN prevention_model.assignment IS 'inside, nearest (just off the edge), stated (by unit only), outside, none';

-- The club or model that held an event; prevention_model says of which kind it was.
ALTER TABLE outreach_event ADD COLUMN prevention_model_id UUID
    CONSTRAINT fk_outreach_event_prevention_model_id_prevention_model
    REFERENCES prevention_model (id) ON DELETE SET NULL;
CREATE INDEX ix_outreach_event_prevention_model_id ON outreach_event (prevention_model_id)
    WHERE prevention_model_id IS NOT NULL;

CREATE OR REPLACE VIEW placed_record AS
SELECT 'incident' AS record_type, id AS record_id, 0::smallint AS sequence, external_id, kind,
    point, precision, accuracy_m, place_text, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags
FROM incident WHERE deleted_at IS NULL
UNION ALL
SELECT 'outreach_event', id, 0::smallint, external_id, kind,
    point, precision, accuracy_m, place_text, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags
FROM outreach_event WHERE deleted_at IS NULL
UNION ALL
SELECT 'network', node.network_id, node.sequence, network.external_id, node.role,
    node.point, node.precision, node.accuracy_m, node.place_text, node.stated_edition,
    node.stated_level, node.stated_code, node.unit_set_id, node.assignment, node.location_flags
FROM network_node AS node
JOIN network ON network.id = node.network_id
WHERE network.deleted_at IS NULL AND node.country = 'VN'
UNION ALL
SELECT 'prevention_model', id, 0::smallint, external_id, kind,
    point, precision, accuracy_m, place_text, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags
FROM prevention_model WHERE deleted_at IS NULL;

DO $$
DECLARE
    followed text;
BEGIN
    FOREACH followed IN ARRAY ARRAY['support_measure', 'prevention_model'] LOOP
        EXECUTE format(
            'CREATE TRIGGER record_history_keep BEFORE UPDATE ON %1$I'
            ' FOR EACH ROW WHEN (OLD.content_hash IS DISTINCT FROM NEW.content_hash'
            ' OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)'
            ' EXECUTE FUNCTION record_history_keep();'
            'CREATE TRIGGER audit_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS fresh'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(''id'');'
            'CREATE TRIGGER audit_update AFTER UPDATE ON %1$I'
            ' REFERENCING OLD TABLE AS stale NEW TABLE AS fresh'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(''id'');'
            'CREATE TRIGGER audit_delete AFTER DELETE ON %1$I REFERENCING OLD TABLE AS stale'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(''id'');'
            'CREATE TRIGGER audit_truncate AFTER TRUNCATE ON %1$I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow()',
            followed
        );
    END LOOP;
END
$$;
