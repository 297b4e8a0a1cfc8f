-- Counts by unit set, kind and month follow every change of incident, a statement at a time: one
-- corrected record touches two cells, a file of a million one pass.
CREATE FUNCTION incident_cell_follow() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO incident_cell AS cell (unit_set_id, kind, month, incidents, victims)
        SELECT unit_set_id, kind, month_number(occurred_from), count(*), sum(victims)
        FROM fresh WHERE is_countable(status, deleted_at)
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (unit_set_id, kind, month) DO UPDATE
        SET incidents = cell.incidents + excluded.incidents,
            victims = cell.victims + excluded.victims;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO incident_cell AS cell (unit_set_id, kind, month, incidents, victims)
        SELECT unit_set_id, kind, month, sum(incidents), sum(victims) FROM (
            SELECT unit_set_id, kind, month_number(occurred_from) AS month, 1 AS incidents, victims
            FROM fresh WHERE is_countable(status, deleted_at)
            UNION ALL
            SELECT unit_set_id, kind, month_number(occurred_from), -1, -victims
            FROM stale WHERE is_countable(status, deleted_at)
        ) AS change
        GROUP BY 1, 2, 3 HAVING sum(incidents) <> 0 OR sum(victims) <> 0 ORDER BY 1, 2, 3
        ON CONFLICT (unit_set_id, kind, month) DO UPDATE
        SET incidents = cell.incidents + excluded.incidents,
            victims = cell.victims + excluded.victims;
        RETURN NULL;
    END IF;
    INSERT INTO incident_cell AS cell (unit_set_id, kind, month, incidents, victims)
    SELECT unit_set_id, kind, month_number(occurred_from), -count(*), -sum(victims)
    FROM stale WHERE is_countable(status, deleted_at)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (unit_set_id, kind, month) DO UPDATE
    SET incidents = cell.incidents + excluded.incidents,
        victims = cell.victims + excluded.victims;
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

-- An edit keeps the version before it. Being moved to other units by a boundary swap is no edit of
-- the record: version and content_hash stay.
CREATE FUNCTION record_history_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_history (record_type, record_id, version, content)
    VALUES (TG_TABLE_NAME, OLD.id, OLD.version, to_jsonb(OLD));
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER record_history_keep BEFORE UPDATE ON incident
    FOR EACH ROW WHEN (
        OLD.content_hash IS DISTINCT FROM NEW.content_hash
        OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at
    ) EXECUTE FUNCTION record_history_keep();
CREATE TRIGGER record_history_keep BEFORE UPDATE ON outreach_event
    FOR EACH ROW WHEN (
        OLD.content_hash IS DISTINCT FROM NEW.content_hash
        OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at
    ) EXECUTE FUNCTION record_history_keep();
CREATE TRIGGER record_history_keep BEFORE UPDATE ON network
    FOR EACH ROW WHEN (
        OLD.content_hash IS DISTINCT FROM NEW.content_hash
        OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at
    ) EXECUTE FUNCTION record_history_keep();
