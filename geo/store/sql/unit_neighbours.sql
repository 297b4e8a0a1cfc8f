-- Units of its level that touch a unit, by name, each with its class in a run.
SELECT other.code, other.full_name, other.name_en, parent.full_name AS parent_name, result.class
FROM unit AS own
JOIN unit AS touching
    ON touching.edition = own.edition AND touching.level = own.level
    AND touching.code <> own.code AND ST_Intersects(touching.geom, own.geom)
JOIN unit_today AS other
    ON other.edition = touching.edition AND other.level = touching.level
    AND other.code = touching.code
LEFT JOIN unit_today AS parent
    ON parent.edition = other.edition AND parent.code = other.parent_code
    AND parent.level = CASE WHEN other.edition = '2024' AND other.level = 'commune'
        THEN 'district' ELSE 'province' END
LEFT JOIN hotspot_result AS result
    ON result.run_id = CAST(:run AS uuid) AND result.code = other.code
WHERE own.edition = :edition AND own.level = :level AND own.code = :code
ORDER BY other.name, other.code
