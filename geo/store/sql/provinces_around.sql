-- Provinces of 2025 that reach into a box in degrees, as they are drawn at a zoom band, in degrees.
SELECT unit.code, unit.name, unit.name_en,
    ST_AsBinary(ST_Transform(shape.geom, 4326)) AS outline
FROM unit_shape AS shape
JOIN unit_today AS unit USING (edition, level, code)
WHERE shape.edition = '2025' AND shape.level = 'province' AND shape.max_zoom = :band
    AND shape.geom && ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4326), 3857)
ORDER BY unit.code
