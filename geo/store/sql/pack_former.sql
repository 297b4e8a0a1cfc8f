-- The units of 2024 of which a part lies in a province of 2025, and the communes of 2025 there that
-- took them. Communes of 2024 are known by the crosswalk alone.
WITH parted AS (
    SELECT crosswalk.* FROM crosswalk
    JOIN unit ON (unit.edition, unit.level, unit.code) = ('2025', 'commune', crosswalk.new_code)
    WHERE unit.parent_code = :province
),
former AS (
    SELECT 'commune' AS level, old_code AS code, max(old_name) AS full_name,
        max(old_district_code) AS parent_code, array_agg(new_code ORDER BY new_code) AS into_codes
    FROM parted GROUP BY old_code
    UNION ALL
    SELECT 'district', old_district_code, NULL, max(old_province_code),
        array_agg(DISTINCT new_code ORDER BY new_code)
    FROM parted GROUP BY old_district_code
    UNION ALL
    SELECT 'province', old_province_code, NULL, NULL,
        array_agg(DISTINCT new_code ORDER BY new_code)
    FROM parted GROUP BY old_province_code
)
SELECT '2024' AS edition, former.level, former.code,
    coalesce(former.full_name, unit.full_name) AS full_name, former.parent_code, former.into_codes
FROM former
LEFT JOIN unit ON (unit.edition, unit.level, unit.code) = ('2024', former.level, former.code)
WHERE coalesce(former.full_name, unit.full_name) IS NOT NULL
ORDER BY former.level DESC, former.code
