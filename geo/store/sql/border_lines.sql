-- For drawing: simplified to 200 m, and three decimals are off by 55 m at most.
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(
    jsonb_build_object('type', 'Feature',
        'properties', jsonb_build_object('neighbour', neighbour, 'source', source),
        'geometry', ST_AsGeoJSON(
            ST_Transform(ST_SimplifyPreserveTopology(ST_Transform(geom, 32648), 200), 4326), 3
        )::jsonb)
    ORDER BY neighbour), '[]'))
FROM border_line
