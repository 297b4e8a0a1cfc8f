-- One vector tile of a level's units, from the shapes simplified for its zoom. The level is the name
-- of the tile's only layer.
WITH box AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS square
),
feature AS (
    SELECT unit.code, unit.full_name AS name, unit.is_land_border::integer AS border,
        ST_AsMVTGeom(shape.geom, box.square, 4096, 64, true) AS geom
    FROM unit_shape AS shape
    JOIN unit_today AS unit USING (edition, level, code)
    JOIN box ON shape.geom && ST_Expand(box.square, (ST_XMax(box.square) - ST_XMin(box.square)) / 64)
    WHERE shape.edition = :edition AND shape.level = :level AND shape.max_zoom = :band
)
SELECT ST_AsMVT(feature, :level, 4096, 'geom') FROM feature WHERE geom IS NOT NULL
