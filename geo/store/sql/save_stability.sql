-- How the classes of a run held; lists in the order of the codes.
UPDATE hotspot_result AS result
SET kept_neighbours = found.kept_neighbours, kept_periods = found.kept_periods,
    kept_records = found.kept_records, lowest_class = found.lowest_class,
    highest_class = found.highest_class
FROM unnest(
    CAST(:code AS text[]), CAST(:kept_neighbours AS smallint[]), CAST(:kept_periods AS smallint[]),
    CAST(:kept_records AS smallint[]), CAST(:lowest_class AS smallint[]),
    CAST(:highest_class AS smallint[])
) AS found (code, kept_neighbours, kept_periods, kept_records, lowest_class, highest_class)
WHERE result.run_id = :id AND result.code = found.code
