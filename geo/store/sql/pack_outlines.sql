-- The communes of a province of 2025 as they are drawn at a zoom band, in degrees.
SELECT shape.code, ST_AsBinary(ST_Transform(shape.geom, 4326)) AS outline
FROM unit_shape AS shape
JOIN unit USING (edition, level, code)
WHERE shape.edition = '2025' AND shape.level = 'commune' AND shape.max_zoom = :band
    AND unit.parent_code = :province
ORDER BY shape.code
