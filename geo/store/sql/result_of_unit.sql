SELECT result.*, run.period_from, run.period_to, run.parameters, run.created_at
FROM hotspot_run AS run
JOIN hotspot_result AS result ON result.run_id = run.id AND result.code = :code
WHERE run.edition = :edition AND run.level = :level
    AND CASE
        WHEN CAST(:run AS uuid) IS NOT NULL THEN run.id = :run
        ELSE run.parameters @> '{"border_only": false, "measure": "rate"}'
            AND run.parameters -> 'kinds' = '[]'
            AND run.period_to - run.period_from = :days
    END
ORDER BY run.created_at DESC
LIMIT 1
