-- Outreach events of a period [from, to) for all units of a level in the order of their codes, and
-- of the whole country; and apart from these what falls on each unit in part.
WITH total AS MATERIALIZED (
    SELECT unit_set_id, events AS value
    FROM outreach_between(CAST(:from AS date), CAST(:to AS date))
),
counted AS (
    SELECT CASE CAST(:column AS text)
            WHEN 'commune_2025' THEN unit_set.commune_2025
            WHEN 'province_2025' THEN unit_set.province_2025
            WHEN 'commune_2024' THEN unit_set.commune_2024
            WHEN 'district_2024' THEN unit_set.district_2024
            WHEN 'province_2024' THEN unit_set.province_2024
        END AS code,
        sum(total.value)::integer AS value
    FROM total
    JOIN unit_set ON unit_set.id = total.unit_set_id
    GROUP BY 1
),
part AS (
    SELECT share.code, sum(total.value * share.share) AS value
    FROM total
    JOIN unit_set_share AS share
        ON share.unit_set_id = total.unit_set_id AND share.target = :column
    GROUP BY share.code
)
SELECT coalesce(array_agg(code ORDER BY code COLLATE "C"), '{}') AS codes,
    coalesce(array_agg(coalesce(counted.value, 0) ORDER BY code COLLATE "C"), '{}') AS values,
    (SELECT coalesce(sum(value), 0)::integer FROM total) AS total,
    coalesce(jsonb_object_agg(code, part.value) FILTER (WHERE part.value > 0), '{}') AS apportioned
FROM unit
LEFT JOIN counted USING (code)
LEFT JOIN part USING (code)
WHERE unit.edition = :edition AND unit.level = :level
