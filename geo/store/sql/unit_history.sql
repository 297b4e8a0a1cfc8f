-- What the stored standard runs say of some units, one array for each of edition, level and code: the
-- newest run of each method and period. Runs over boundaries that were replaced speak of other polygons.
SELECT DISTINCT ON (run.period_to, run.period_from, run.edition, result.code, run.method, among.border_only)
    run.edition, run.level, result.code, unit.full_name, run.id AS run_id, run.method,
    among.border_only, run.period_from, run.period_to - 1 AS period_to, result.class, result.states,
    CAST(run.parameters ->> 'step_months' AS integer) AS step_months
FROM hotspot_run AS run
JOIN boundary_layer AS layer
    ON (layer.edition, layer.level, layer.fingerprint)
        = (run.edition, run.level, run.boundary_fingerprint)
CROSS JOIN LATERAL (
    SELECT coalesce(CAST(run.parameters ->> 'border_only' AS boolean), false) AS border_only
) AS among
JOIN hotspot_result AS result ON result.run_id = run.id
JOIN unit_today AS unit
    ON unit.edition = run.edition AND unit.level = run.level AND unit.code = result.code
JOIN unnest(CAST(:editions AS text[]), CAST(:levels AS text[]), CAST(:codes AS text[]))
    AS asked (edition, level, code)
    ON asked.edition = run.edition AND asked.level = run.level AND asked.code = result.code
WHERE run.standard_at IS NOT NULL AND result.class IS NOT NULL
    AND (NOT run.is_restricted OR CAST(:also_restricted AS boolean))
ORDER BY run.period_to DESC, run.period_from DESC, run.edition DESC, result.code, run.method,
    among.border_only, run.standard_at DESC
LIMIT 200
