-- Names of places that people add: hamlets, markets, border-guard posts, other names of units. A point
-- or a unit says where; the units follow from it by the rule of records (sql/locate.sql).
CREATE TABLE added_name (
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    updated_reason TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    source TEXT NOT NULL,
    point geometry(POINT,4326),
    stated_edition TEXT,
    stated_level TEXT,
    stated_code TEXT,
    unit_set_id INTEGER NOT NULL,
    assignment TEXT NOT NULL,
    location_flags TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_added_name PRIMARY KEY (id),
    CONSTRAINT ck_added_name_place CHECK (point IS NOT NULL OR stated_code IS NOT NULL),
    CONSTRAINT fk_added_name_unit_set_id_unit_set FOREIGN KEY (unit_set_id) REFERENCES unit_set (id)
);
-- The same name is looked for before one is added; what was written last tells the place box.
CREATE INDEX ix_added_name_name_key ON added_name (name_key);
CREATE INDEX ix_added_name_updated_at ON added_name (updated_at);
COMMENT ON COLUMN added_name.name_key IS 'its words in lower case with their marks in one order';

CREATE TRIGGER audit_insert AFTER INSERT ON added_name REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_update AFTER UPDATE ON added_name
REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_delete AFTER DELETE ON added_name REFERENCING OLD TABLE AS stale
FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('id');
CREATE TRIGGER audit_truncate AFTER TRUNCATE ON added_name
FOR EACH STATEMENT EXECUTE FUNCTION audit_follow();
