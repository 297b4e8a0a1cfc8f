SET LOCAL lock_timeout = '10s';

-- Basemaps that administrators configure: tiles from an address, or from an archive beside the store.
CREATE TABLE basemap (
    name TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    attribution TEXT NOT NULL,
    url TEXT,
    media_type TEXT,
    file_name TEXT,
    fingerprint TEXT,
    min_zoom INTEGER NOT NULL,
    max_zoom INTEGER NOT NULL,
    west DOUBLE PRECISION NOT NULL,
    south DOUBLE PRECISION NOT NULL,
    east DOUBLE PRECISION NOT NULL,
    north DOUBLE PRECISION NOT NULL,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    updated_reason TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_basemap PRIMARY KEY (id),
    CONSTRAINT ck_basemap_name CHECK (name ~ '^[a-z][a-z0-9-]{0,39}$'),
    CONSTRAINT ck_basemap_titles
        CHECK (length(btrim(title_vi)) BETWEEN 1 AND 120 AND length(btrim(title_en)) BETWEEN 1 AND 120),
    CONSTRAINT ck_basemap_attribution CHECK (length(btrim(attribution)) BETWEEN 1 AND 200),
    CONSTRAINT ck_basemap_url
        CHECK (url ~ '^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/[!-~]+$' AND length(url) <= 600),
    CONSTRAINT ck_basemap_media_type CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
    CONSTRAINT ck_basemap_source CHECK (
        (url IS NULL) = (media_type IS NOT NULL)
        AND (media_type IS NULL) = (fingerprint IS NULL)
        AND (media_type IS NULL) = (file_name IS NULL)
    ),
    CONSTRAINT ck_basemap_zoom CHECK (min_zoom >= 0 AND max_zoom >= min_zoom AND max_zoom <= 22)
);
CREATE UNIQUE INDEX uq_basemap_name ON basemap (name) WHERE deleted_at IS NULL;
COMMENT ON COLUMN basemap.url IS 'with {z}, {x} and {y}; browsers ask its host, which the policy of the map page names';
COMMENT ON COLUMN basemap.media_type IS 'of the tiles in an archive';
COMMENT ON COLUMN basemap.fingerprint IS 'SHA-256 of the archive that is kept';

-- Configured on the machine itself; the server reads it for every map page.
GRANT SELECT ON basemap TO bienmap_app;

CREATE TRIGGER audit_insert AFTER INSERT ON basemap REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_update AFTER UPDATE ON basemap
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_delete AFTER DELETE ON basemap REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_truncate AFTER TRUNCATE ON basemap
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow();
