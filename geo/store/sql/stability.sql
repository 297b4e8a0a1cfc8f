-- The part of variants in which each unit stays on its side, of the family in which it does so least;
-- null where nothing was tried.
SELECT round(
    least(
        kept_neighbours / nullif((run.variants ->> 'neighbours')::numeric, 0),
        kept_periods / nullif((run.variants ->> 'periods')::numeric, 0),
        kept_records / nullif((run.variants ->> 'records')::numeric, 0)
    ), 3)::double precision
FROM hotspot_run AS run
JOIN hotspot_result AS result ON result.run_id = run.id
WHERE run.id = :id
ORDER BY result.code
