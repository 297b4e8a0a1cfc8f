-- Which runs are standard: what the map, the ranking and the explanation of a unit take unless another
-- run is asked for by its id. A run that a person asked for has no such time, whatever its parameters.
ALTER TABLE hotspot_run ADD COLUMN standard_at TIMESTAMPTZ;
COMMENT ON COLUMN hotspot_run.standard_at IS
    'when it was last made or confirmed as standard; null for a run that a person asked for';

-- Until now a run was known for standard by its parameters; the newest such run stays what is shown.
UPDATE hotspot_run SET standard_at = created_at
WHERE parameters @> '{"measure": "rate", "kinds": [], "permutations": 99999, "seed": 20250701}'
    AND parameters -> 'kinds' = '[]' AND period_to - period_from = 365;

CREATE INDEX ix_hotspot_run_standard ON hotspot_run (edition, level, standard_at)
WHERE standard_at IS NOT NULL;

-- An edit keeps the version before it: of a network its places and legs too, which the new version
-- takes the place of.
CREATE FUNCTION network_history_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_history (record_type, record_id, version, content)
    VALUES (TG_TABLE_NAME, OLD.id, OLD.version, to_jsonb(OLD) || jsonb_build_object(
        'nodes', (
            SELECT coalesce(jsonb_agg(to_jsonb(node) ORDER BY node.sequence), '[]')
            FROM network_node AS node WHERE node.network_id = OLD.id
        ),
        'legs', (
            SELECT coalesce(jsonb_agg(to_jsonb(leg) ORDER BY leg.from_sequence, leg.to_sequence), '[]')
            FROM network_leg AS leg WHERE leg.network_id = OLD.id
        )
    ));
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
DROP TRIGGER record_history_keep ON network;
CREATE TRIGGER record_history_keep BEFORE UPDATE ON network
    FOR EACH ROW WHEN (
        OLD.content_hash IS DISTINCT FROM NEW.content_hash
        OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at
    ) EXECUTE FUNCTION network_history_keep();
