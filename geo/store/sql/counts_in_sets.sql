-- Countable incidents, or their victims, of a period in some sets of units, by set; the period is parted
-- as incident_counts.sql says.
WITH part AS (
    SELECT unit_set_id, counts[upto] - coalesce(counts[before], 0) AS value
    FROM incident_cell
    CROSS JOIN LATERAL (
        SELECT CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE incidents END,
            CASE year WHEN :last_year THEN :last_month ELSE 12 END,
            CASE year WHEN :first_year THEN :months_before ELSE 0 END
    ) AS months (counts, upto, before)
    WHERE year BETWEEN :first_year AND :last_year
        AND kind = ANY (CASE CAST(:kinds AS text[]) WHEN '{}' THEN '{""}' ELSE :kinds END)
        AND unit_set_id = ANY (:sets)
    UNION ALL
    SELECT unit_set_id,
        sign * CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE incidents END
    FROM (
        VALUES (CAST(:head_from AS date), CAST(:head_to AS date), :head_sign),
            (CAST(:tail_from AS date), CAST(:tail_to AS date), :tail_sign)
    ) AS days (first, last, sign)
    CROSS JOIN LATERAL incidents_between(days.first, days.last, CAST(:kinds AS text[]))
    WHERE unit_set_id = ANY (:sets)
)
SELECT unit_set_id, sum(value)::integer AS value FROM part GROUP BY unit_set_id
