-- Names that people added, by id, with the commune and province of 2025 that they lie in.
SELECT added.id, added.kind, added.name, added.source,
    ST_X(added.point) AS longitude, ST_Y(added.point) AS latitude,
    added.stated_edition, added.stated_level, added.stated_code,
    unit_set.commune_2025, unit_set.province_2025, unit_set.commune_2024, unit_set.district_2024,
    unit_set.province_2024, concat_ws(', ', commune.full_name, province.full_name) AS unit_name,
    added.location_flags, added.created_at, added.created_by, added.updated_at, added.updated_by,
    added.version
FROM added_name AS added
JOIN unit_set ON unit_set.id = added.unit_set_id
LEFT JOIN unit_today AS commune
    ON (commune.edition, commune.level, commune.code) = ('2025', 'commune', unit_set.commune_2025)
LEFT JOIN unit_today AS province
    ON (province.edition, province.level, province.code) = ('2025', 'province', unit_set.province_2025)
WHERE added.deleted_at IS NULL
    AND (CAST(:id AS uuid) IS NULL OR added.id = :id)
    AND (cardinality(CAST(:kinds AS text[])) = 0 OR added.kind = ANY (:kinds))
    AND (CAST(:column AS text) IS NULL OR to_jsonb(unit_set) ->> :column = :code)
    AND (CAST(:after AS uuid) IS NULL OR added.id > :after)
ORDER BY added.id
LIMIT :limit
