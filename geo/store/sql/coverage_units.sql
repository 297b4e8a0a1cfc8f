-- Units of a level in the order of their codes, each with its province.
SELECT unit.code, unit.full_name, unit.name_en, province.code AS province_code,
    province.full_name AS province_name, unit.is_land_border,
    ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat
FROM unit_today AS unit
LEFT JOIN unit AS district
    ON district.edition = unit.edition AND district.level = 'district'
    AND district.code = unit.parent_code AND unit.edition = '2024' AND unit.level = 'commune'
JOIN unit_today AS province
    ON province.edition = unit.edition AND province.level = 'province'
    AND province.code = CASE WHEN unit.level = 'province' THEN unit.code
        ELSE coalesce(district.parent_code, unit.parent_code) END
WHERE unit.edition = :edition AND unit.level = :level
ORDER BY unit.code COLLATE "C"
