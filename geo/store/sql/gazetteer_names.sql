-- What is called something beside its own name: shipped names, and those that people added, each with
-- the finest unit known around it.
SELECT kind, name, name_en, edition, level, code, longitude, latitude, NULL AS district_code
FROM place_name
UNION ALL
SELECT added.kind, added.name, '', around.edition, around.level, around.code,
    ST_X(added.point), ST_Y(added.point), unit_set.district_2024
FROM added_name AS added
JOIN unit_set ON unit_set.id = added.unit_set_id
CROSS JOIN LATERAL (
    SELECT added.stated_edition, added.stated_level, added.stated_code
    WHERE added.kind = 'alternative' OR unit_set.commune_2025 IS NULL
    UNION ALL
    SELECT '2025', 'commune', unit_set.commune_2025
    WHERE added.kind <> 'alternative' AND unit_set.commune_2025 IS NOT NULL
) AS around (edition, level, code)
WHERE added.deleted_at IS NULL AND around.code IS NOT NULL
ORDER BY kind, name, edition, code, longitude, latitude
