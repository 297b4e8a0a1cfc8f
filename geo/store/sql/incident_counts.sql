-- Countable incidents and victims of a period [from, to) for all units of a level in the order of
-- their codes, and of the whole country. Whole months come from the cells, from the month after
-- the first months_before of first_year up to last_month of last_year; the days before and after
-- them, [from, head_to) and [tail_from, to), from an index of incidents.
WITH part AS (
    SELECT unit_set_id,
        incidents[upto] - coalesce(incidents[before], 0) AS incidents,
        victims[upto] - coalesce(victims[before], 0) AS victims
    FROM incident_cell
    CROSS JOIN LATERAL (
        SELECT CASE year WHEN :last_year THEN :last_month ELSE 12 END,
            CASE year WHEN :first_year THEN :months_before ELSE 0 END
    ) AS months (upto, before)
    WHERE year BETWEEN :first_year AND :last_year
        AND kind = ANY (CASE CAST(:kinds AS text[]) WHEN '{}' THEN '{""}' ELSE :kinds END)
    UNION ALL
    SELECT unit_set_id, 1, victims
    FROM incident
    WHERE occurred_from >= CAST(:from AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < CAST(:head_to AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND is_countable(status, deleted_at)
        AND (cardinality(CAST(:kinds AS text[])) = 0 OR kind = ANY (:kinds))
    UNION ALL
    SELECT unit_set_id, 1, victims
    FROM incident
    WHERE occurred_from >= CAST(:tail_from AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < CAST(:to AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND is_countable(status, deleted_at)
        AND (cardinality(CAST(:kinds AS text[])) = 0 OR kind = ANY (:kinds))
),
total AS (
    SELECT unit_set_id, sum(incidents) AS incidents, sum(victims) AS victims
    FROM part
    GROUP BY unit_set_id
),
counted AS MATERIALIZED (
    SELECT CASE CAST(:column AS text)
            WHEN 'commune_2025' THEN unit_set.commune_2025
            WHEN 'province_2025' THEN unit_set.province_2025
            WHEN 'commune_2024' THEN unit_set.commune_2024
            WHEN 'district_2024' THEN unit_set.district_2024
            WHEN 'province_2024' THEN unit_set.province_2024
        END COLLATE "C" AS code,
        sum(total.incidents)::integer AS incidents, sum(total.victims)::integer AS victims
    FROM total
    JOIN unit_set ON unit_set.id = total.unit_set_id
    GROUP BY 1
)
SELECT coalesce(array_agg(code), '{}') AS codes,
    coalesce(array_agg(incidents), '{}') AS incidents,
    coalesce(array_agg(victims), '{}') AS victims,
    (SELECT coalesce(sum(incidents), 0)::integer FROM counted) AS all_incidents,
    (SELECT coalesce(sum(victims), 0)::integer FROM counted) AS all_victims
FROM (
    SELECT unit.code, coalesce(counted.incidents, 0) AS incidents,
        coalesce(counted.victims, 0) AS victims
    FROM unit
    LEFT JOIN counted ON counted.code = unit.code
    WHERE unit.edition = :edition AND unit.level = :level
    ORDER BY unit.code COLLATE "C"
) AS listed
