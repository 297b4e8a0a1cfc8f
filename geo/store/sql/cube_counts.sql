-- Countable incidents of whole months by unit of a level and month, of those from first_month on, where
-- there are any; the code is null for those that lie in no one unit of the level.
WITH changed AS (
    SELECT cell.unit_set_id, cell.year * 12 + month - 1 AS month,
        cell.incidents[month] - coalesce(cell.incidents[month - 1], 0) AS incidents
    FROM incident_cell AS cell
    CROSS JOIN generate_series(1, 12) AS month
    WHERE cell.kind = ANY (CASE CAST(:kinds AS text[]) WHEN '{}' THEN '{""}' ELSE :kinds END)
        AND cell.year BETWEEN :first_month / 12 AND (:last_month - 1) / 12
)
SELECT CASE CAST(:column AS text)
        WHEN 'commune_2025' THEN unit_set.commune_2025
        WHEN 'province_2025' THEN unit_set.province_2025
        WHEN 'commune_2024' THEN unit_set.commune_2024
        WHEN 'district_2024' THEN unit_set.district_2024
        WHEN 'province_2024' THEN unit_set.province_2024
    END AS code,
    changed.month - :first_month AS month, sum(changed.incidents)::integer AS incidents
FROM changed
JOIN unit_set ON unit_set.id = changed.unit_set_id
WHERE changed.incidents <> 0 AND changed.month BETWEEN :first_month AND :last_month - 1
GROUP BY 1, 2
