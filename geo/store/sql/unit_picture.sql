-- A unit and what lies around it as SVG paths on a square frame in EPSG:3857, x to the east and y to the
-- south of its north-western corner, :size units wide: areas by class in a run ("self" is the unit), the
-- provinces' edges and the land border. Each comes with a spot for a number.
WITH own AS (
    SELECT ST_Transform(geom, 3857) AS geom FROM unit
    WHERE edition = :edition AND level = :level AND code = :code
),
sized AS (
    SELECT ST_Centroid(ST_Envelope(geom)) AS middle,
        greatest(ST_XMax(geom) - ST_XMin(geom), ST_YMax(geom) - ST_YMin(geom)) * 0.85 AS reach
    FROM own
),
frame AS (
    SELECT ST_Expand(middle, reach) AS box, 2 * reach / CAST(:size AS float8) AS metres FROM sized
),
part AS (
    SELECT CASE WHEN shape.code = :code THEN 'self' ELSE 'area' END AS kind, shape.code,
        result.class, ST_Intersection(shape.geom, box) AS geom
    FROM frame
    JOIN unit_shape AS shape
        ON shape.edition = :edition AND shape.level = :level AND shape.max_zoom = :band
        AND shape.geom && box
    LEFT JOIN hotspot_result AS result
        ON result.run_id = CAST(:run AS uuid) AND result.code = shape.code
    UNION ALL
    SELECT 'province', shape.code, NULL, ST_Intersection(ST_Boundary(shape.geom), box)
    FROM frame
    JOIN unit_shape AS shape
        ON shape.edition = :edition AND shape.level = 'province' AND shape.max_zoom = :band
        AND shape.geom && box
    WHERE :level <> 'province'
    UNION ALL
    SELECT 'border', border.neighbour, NULL, ST_Intersection(ST_Transform(border.geom, 3857), box)
    FROM frame
    JOIN border_line AS border ON border.geom && ST_Transform(box, 4326)
),
drawn AS (
    SELECT kind, code, class, ST_TransScale(geom, -ST_XMin(box), -ST_YMax(box), 1 / metres,
        1 / metres) AS geom
    FROM part, frame
    WHERE NOT ST_IsEmpty(geom)
)
SELECT kind, code, class, ST_AsSVG(ST_Simplify(geom, 0.4), 0, 1) AS path,
    ST_X(ST_PointOnSurface(geom)) AS x, -ST_Y(ST_PointOnSurface(geom)) AS y, ST_Area(geom) AS area
FROM drawn
ORDER BY kind, code
