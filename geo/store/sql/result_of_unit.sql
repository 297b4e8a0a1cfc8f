SELECT result.*, run.period_from, run.period_to, run.parameters, run.created_at
FROM hotspot_run AS run
JOIN hotspot_result AS result ON result.run_id = run.id AND result.code = :code
WHERE run.edition = :edition AND run.level = :level
    AND (run.parameters ->> 'border_only')::boolean = :border_only
    AND run.parameters -> 'kinds' = '[]'
ORDER BY run.created_at DESC
LIMIT 1
