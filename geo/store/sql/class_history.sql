-- What the standard runs of Gi* in the whole country said of a unit, by period, the newest of each.
SELECT DISTINCT ON (run.period_to, run.period_from) run.period_from, run.period_to - 1 AS period_to,
    result.class, run.standard_at
FROM hotspot_run AS run
JOIN hotspot_result AS result ON result.run_id = run.id AND result.code = :code
WHERE run.edition = :edition AND run.level = :level AND run.standard_at IS NOT NULL
    AND (NOT run.is_restricted OR (SELECT actor_sees_all()))
    AND run.method = 'gi_star' AND run.parameters @> '{"border_only": false}'
ORDER BY run.period_to DESC, run.period_from DESC, run.standard_at DESC
LIMIT 24
