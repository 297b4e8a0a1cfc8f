-- The newest standard run of Gi* of all units of a level, over the boundaries of now.
SELECT run.id
FROM hotspot_run AS run
JOIN boundary_layer AS layer
    ON (layer.edition, layer.level, layer.fingerprint)
        = (run.edition, run.level, run.boundary_fingerprint)
WHERE run.standard_at IS NOT NULL AND run.method = 'gi_star'
    AND run.edition = :edition AND run.level = :level
    AND NOT coalesce(CAST(run.parameters ->> 'border_only' AS boolean), false)
    AND (NOT run.is_restricted OR CAST(:also_restricted AS boolean))
ORDER BY run.standard_at DESC
LIMIT 1
