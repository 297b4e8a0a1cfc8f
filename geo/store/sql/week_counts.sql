-- Countable incidents by unit of a level and week, of so many weeks from a first day on, where there are
-- any; the code is null for those that lie in no one unit of the level.
SELECT CASE CAST(:column AS text)
        WHEN 'commune_2025' THEN unit_set.commune_2025
        WHEN 'province_2025' THEN unit_set.province_2025
        WHEN 'commune_2024' THEN unit_set.commune_2024
        WHEN 'district_2024' THEN unit_set.district_2024
        WHEN 'province_2024' THEN unit_set.province_2024
    END AS code,
    week, sum(incidents)::integer AS incidents
FROM generate_series(0, CAST(:weeks AS integer) - 1) AS week
CROSS JOIN LATERAL incidents_between(
    CAST(:first AS date) + week * 7, CAST(:first AS date) + week * 7 + 7, CAST(:kinds AS text[]))
JOIN unit_set ON unit_set.id = unit_set_id
GROUP BY 1, 2
