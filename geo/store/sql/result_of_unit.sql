-- What a run says of a unit: the run asked for, else the newest standard one of Gi* in the whole country.
SELECT result.*, run.method, run.border_fingerprint, run.edition, run.level, run.boundary_fingerprint, run.data_fingerprint,
    run.period_from, run.period_to, run.parameters, run.created_at, run.variants,
    run.standard_at IS NOT NULL AS is_standard
FROM hotspot_run AS run
JOIN hotspot_result AS result ON result.run_id = run.id AND result.code = :code
WHERE run.edition = :edition AND run.level = :level
    AND (NOT run.is_restricted OR CAST(:also_restricted AS boolean))
    AND CASE
        WHEN CAST(:run AS uuid) IS NOT NULL THEN run.id = :run
        ELSE run.standard_at IS NOT NULL AND run.method = 'gi_star'
            AND run.parameters @> '{"border_only": false}'
    END
ORDER BY run.standard_at DESC
LIMIT 1
