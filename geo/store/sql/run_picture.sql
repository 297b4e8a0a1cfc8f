-- The classes of a run as SVG paths on a frame in EPSG:3857: x to the east and y to the south of the
-- frame's north-western corner, in units of :unit_m metres. Class 0 has no path of its own: it is
-- what the ground, the provinces, shows where no other class lies.
WITH run AS (
    SELECT * FROM hotspot_run WHERE id = :run
),
frame AS (
    SELECT ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4326), 3857) AS box
),
part AS (
    SELECT coalesce(result.class::text, 'none') AS key, ST_Union(shape.geom) AS geom
    FROM run
    JOIN unit_shape AS shape
        ON shape.edition = run.edition AND shape.level = run.level AND shape.max_zoom = :band
    LEFT JOIN hotspot_result AS result ON result.run_id = run.id AND result.code = shape.code
    WHERE result.class IS DISTINCT FROM 0
    GROUP BY 1
    UNION ALL
    SELECT 'ground', ST_CollectionHomogenize(ST_Collect(shape.geom))
    FROM run
    JOIN unit_shape AS shape
        ON shape.edition = run.edition AND shape.level = 'province' AND shape.max_zoom = :band
)
SELECT part.key,
    ST_AsSVG(ST_SnapToGrid(ST_TransScale(
        part.geom, -ST_XMin(box), -ST_YMax(box), 1 / CAST(:unit_m AS float8), 1 / CAST(:unit_m AS float8)
    ), 1), 1, 0) AS path,
    ((ST_XMax(box) - ST_XMin(box)) / :unit_m)::integer AS width,
    ((ST_YMax(box) - ST_YMin(box)) / :unit_m)::integer AS height
FROM part, frame
