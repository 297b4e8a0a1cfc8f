-- Countable incidents, or their victims, of a period by set of units. Whole months come from the cells:
-- from the month after the first months_before of first_year up to last_month of last_year. The days
-- between the period's ends and these months, [head_from, head_to) and [tail_from, tail_to), come from
-- an index of incidents; where they lie outside the period, their sign is -1.
WITH part AS (
    SELECT unit_set_id, counts[upto] - coalesce(counts[before], 0) AS value
    FROM incident_cell
    CROSS JOIN LATERAL (
        SELECT CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE incidents END,
            CASE year WHEN :last_year THEN :last_month ELSE 12 END,
            CASE year WHEN :first_year THEN :months_before ELSE 0 END
    ) AS months (counts, upto, before)
    WHERE year BETWEEN :first_year AND :last_year AND kind = ANY (CAST(:kinds AS text[]))
    UNION ALL
    SELECT unit_set_id,
        sign * CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE incidents END
    FROM (
        VALUES (CAST(:head_from AS date), CAST(:head_to AS date), :head_sign),
            (CAST(:tail_from AS date), CAST(:tail_to AS date), :tail_sign)
    ) AS days (first, last, sign)
    CROSS JOIN LATERAL incidents_between(days.first, days.last, CAST(:days_kinds AS text[]))
),
total AS (
    SELECT unit_set_id, sum(value)::integer AS value FROM part GROUP BY unit_set_id
)
SELECT coalesce(array_agg(unit_set_id), '{}'), coalesce(array_agg(value), '{}') FROM total
