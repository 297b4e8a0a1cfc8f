-- The part of a run's variants in which each unit stays on its side; null where nothing was tried.
SELECT round(
    (result.kept_neighbours + result.kept_periods + result.kept_records)
        / (SELECT sum(value::numeric) FROM jsonb_each_text(run.variants)),
    3)::double precision
FROM hotspot_run AS run
JOIN hotspot_result AS result ON result.run_id = run.id
WHERE run.id = :id
ORDER BY result.code
