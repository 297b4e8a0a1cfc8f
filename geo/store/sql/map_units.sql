-- Units of a level as they are drawn at a zoom band, in degrees: all, or those of a province of 2025,
-- in which units of 2024 lie by the point that stands for them.
SELECT unit.code, unit.name, unit.full_name, unit.is_land_border,
    parent.full_name AS parent_name,
    ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,
    ST_AsBinary(ST_Transform(shape.geom, 4326)) AS outline
FROM unit_shape AS shape
JOIN unit_today AS unit USING (edition, level, code)
LEFT JOIN unit_today AS parent
    ON parent.edition = unit.edition AND parent.level = 'province' AND parent.code = unit.parent_code
WHERE shape.edition = :edition AND shape.level = :level AND shape.max_zoom = :band
    AND (CAST(:province AS text) IS NULL OR CASE
        WHEN unit.edition = '2025' THEN unit.parent_code = :province
        ELSE EXISTS (
            SELECT FROM unit AS around
            WHERE around.edition = '2025' AND around.level = 'province' AND around.code = :province
                AND ST_Intersects(around.geom, unit.label_point)
        )
    END)
ORDER BY unit.code
