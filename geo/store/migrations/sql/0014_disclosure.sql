-- The secret start of what is released of counts (docs/methods/disclosure.md), one for the installation.
-- Who has it and the released counts can tell the true ones: it is in backups, and nowhere else.
CREATE TABLE disclosure_secret (
    is_only BOOLEAN NOT NULL DEFAULT true,
    secret BYTEA NOT NULL,
    CONSTRAINT pk_disclosure_secret PRIMARY KEY (is_only),
    CONSTRAINT ck_disclosure_secret_is_only CHECK (is_only),
    CONSTRAINT ck_disclosure_secret_length CHECK (length(secret) = 32)
);
-- Each UUID holds 122 bits of the server's strong random numbers.
INSERT INTO disclosure_secret (secret)
VALUES (sha256(decode(
    replace(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
    'hex'
)));

-- Which transaction changed a row last: who keeps a copy of the counts asks whether it still holds.
ALTER TABLE incident_cell
    ADD COLUMN changed BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);
COMMENT ON COLUMN incident_cell.changed IS 'number of the transaction that changed the row last';

CREATE FUNCTION incident_cell_touch() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;
CREATE TRIGGER incident_cell_touch BEFORE UPDATE ON incident_cell
    FOR EACH ROW EXECUTE FUNCTION incident_cell_touch();

CREATE INDEX ix_incident_cell_changed ON incident_cell (changed);
