-- Outreach events of a period [from, to) for all units of a level in the order of their codes, and
-- of the whole country.
WITH counted AS MATERIALIZED (
    SELECT CASE CAST(:column AS text)
            WHEN 'commune_2025' THEN unit_set.commune_2025
            WHEN 'province_2025' THEN unit_set.province_2025
            WHEN 'commune_2024' THEN unit_set.commune_2024
            WHEN 'district_2024' THEN unit_set.district_2024
            WHEN 'province_2024' THEN unit_set.province_2024
        END AS code,
        count(*)::integer AS value
    FROM outreach_event
    JOIN unit_set ON unit_set.id = outreach_event.unit_set_id
    WHERE deleted_at IS NULL
        AND occurred_from >= CAST(:from AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < CAST(:to AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    GROUP BY 1
)
SELECT coalesce(array_agg(code ORDER BY code), '{}') AS codes,
    coalesce(array_agg(coalesce(counted.value, 0) ORDER BY code), '{}') AS values,
    (SELECT coalesce(sum(value), 0)::integer FROM counted) AS total
FROM unit
LEFT JOIN counted USING (code)
WHERE unit.edition = :edition AND unit.level = :level
