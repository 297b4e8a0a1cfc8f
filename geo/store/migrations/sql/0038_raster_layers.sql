SET LOCAL lock_timeout = '10s';

-- Rasters on the map: what is known of each; its cells are in a file beside the store, by id.
CREATE TABLE raster_layer (
    name TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    style TEXT NOT NULL,
    unit TEXT DEFAULT '' NOT NULL,
    audience TEXT NOT NULL,
    file_name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    bands INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    crs TEXT NOT NULL,
    west DOUBLE PRECISION NOT NULL,
    south DOUBLE PRECISION NOT NULL,
    east DOUBLE PRECISION NOT NULL,
    north DOUBLE PRECISION NOT NULL,
    nodata DOUBLE PRECISION,
    minimum DOUBLE PRECISION,
    maximum DOUBLE PRECISION,
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    known DOUBLE PRECISION NOT NULL,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    updated_reason TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_raster_layer PRIMARY KEY (id),
    CONSTRAINT ck_raster_layer_name CHECK (name ~ '^[a-z][a-z0-9-]{0,39}$'),
    CONSTRAINT ck_raster_layer_titles
        CHECK (length(btrim(title_vi)) BETWEEN 1 AND 120 AND length(btrim(title_en)) BETWEEN 1 AND 120),
    CONSTRAINT ck_raster_layer_style
        CHECK (style IN ('elevation', 'population', 'sequential', 'imagery')),
    CONSTRAINT ck_raster_layer_unit CHECK (length(unit) <= 30),
    CONSTRAINT ck_raster_layer_audience CHECK (audience IN ('everyone', 'signed-in')),
    CONSTRAINT ck_raster_layer_values CHECK ((style = 'imagery') = (minimum IS NULL))
);
CREATE UNIQUE INDEX uq_raster_layer_name ON raster_layer (name) WHERE deleted_at IS NULL;
COMMENT ON COLUMN raster_layer.fingerprint IS 'SHA-256 of the file that is kept';
COMMENT ON COLUMN raster_layer.low IS 'percentile 2, where the colours begin; high is percentile 98';
COMMENT ON COLUMN raster_layer.known IS 'share of its cells that have a value';
COMMENT ON COLUMN raster_layer.nodata IS 'how the file that came marked cells without a value';

-- Its values within units of the edition 2025.
CREATE TABLE raster_figure (
    raster_layer_id UUID NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    boundaries TEXT NOT NULL,
    mean DOUBLE PRECISION NOT NULL,
    least DOUBLE PRECISION NOT NULL,
    most DOUBLE PRECISION NOT NULL,
    total DOUBLE PRECISION NOT NULL,
    covered DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_raster_figure PRIMARY KEY (raster_layer_id, level, code),
    CONSTRAINT ck_raster_figure_level CHECK (level IN ('province', 'commune')),
    CONSTRAINT ck_raster_figure_covered CHECK (covered BETWEEN 0 AND 1),
    CONSTRAINT fk_raster_figure_raster_layer_id_raster_layer
        FOREIGN KEY (raster_layer_id) REFERENCES raster_layer (id) ON DELETE CASCADE
);
CREATE INDEX ix_raster_figure_unit ON raster_figure (level, code);
COMMENT ON COLUMN raster_figure.boundaries IS 'fingerprint of the boundaries it was measured in';
COMMENT ON COLUMN raster_figure.covered IS 'share of the unit whose cells have a value';

DO $$
DECLARE
    server constant text := '(SELECT current_user) = ''bienmap_app'' AND ';
    for_actor constant text := '(audience = ''everyone'' OR (SELECT actor_role()) IS NOT NULL)';
    keeps constant text := '(SELECT actor_role()) = ''administrator''';
    named constant text := ' AND updated_by = (SELECT actor_name())';
    seen constant text := 'EXISTS (SELECT FROM raster_layer WHERE raster_layer.id = raster_layer_id)';
BEGIN
    ALTER TABLE raster_layer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    ALTER TABLE raster_figure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY keeper ON raster_layer TO CURRENT_USER USING ((SELECT current_user) <> 'bienmap_app');
    CREATE POLICY keeper ON raster_figure TO CURRENT_USER USING ((SELECT current_user) <> 'bienmap_app');
    EXECUTE format('CREATE POLICY reader ON raster_layer FOR SELECT USING (%s)', server || for_actor);
    EXECUTE format('CREATE POLICY reader ON raster_figure FOR SELECT USING (%s)', server || seen);
    EXECUTE format('CREATE POLICY writer_insert ON raster_layer FOR INSERT WITH CHECK (%s)',
        server || keeps || named);
    EXECUTE format('CREATE POLICY writer_update ON raster_layer FOR UPDATE USING (%s) WITH CHECK (%s)',
        server || keeps, server || keeps || named);
    EXECUTE format('CREATE POLICY writer_insert ON raster_figure FOR INSERT WITH CHECK (%s)',
        server || keeps);
END
$$;
GRANT SELECT, INSERT, UPDATE ON raster_layer TO bienmap_app;
GRANT SELECT, INSERT ON raster_figure TO bienmap_app;

CREATE TRIGGER audit_insert AFTER INSERT ON raster_layer REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_update AFTER UPDATE ON raster_layer
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_delete AFTER DELETE ON raster_layer REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_truncate AFTER TRUNCATE ON raster_layer
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow();
