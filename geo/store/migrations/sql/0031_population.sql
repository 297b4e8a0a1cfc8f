SET LOCAL lock_timeout = '10s';

-- People read the sources on the map, so they are in Vietnamese first, as in what ships now.
UPDATE population
SET source = replace(replace(replace(source, ', carried to 2024 units by the crosswalk', '; quy về địa giới 2024 / carried to 2024 units by the crosswalk'), ', spread over communes by number and kind of merged units and area', ', chia cho các xã theo số, loại đơn vị hợp thành và diện tích / spread over communes by number and kind of merged units and area'), 'Resolution 202/2025/QH15', 'Nghị quyết 202/2025/QH15');

ALTER TABLE population
    ADD COLUMN import_batch_id UUID,
    ADD COLUMN updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ADD CONSTRAINT fk_population_import_batch_id_import_batch
        FOREIGN KEY (import_batch_id) REFERENCES import_batch (id);
COMMENT ON COLUMN population.import_batch_id IS 'null for figures that ship with the product';
-- What was read of shares of sets, which follow inhabitants, is outdated by a later time.
CREATE INDEX ix_population_updated_at ON population (updated_at);

-- Rates are computed from them, so who changed which is kept as for records.
CREATE TRIGGER audit_insert AFTER INSERT ON population REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('edition, level, code, year');
CREATE TRIGGER audit_update AFTER UPDATE ON population
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('edition, level, code, year');
CREATE TRIGGER audit_delete AFTER DELETE ON population REFERENCING OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow('edition, level, code, year');
CREATE TRIGGER audit_truncate AFTER TRUNCATE ON population
    FOR EACH STATEMENT EXECUTE FUNCTION audit_follow();
