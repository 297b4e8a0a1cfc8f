-- Five decimals are about a metre; the simplification is for drawing and keeps 200 m.
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(
    jsonb_build_object('type', 'Feature',
        'properties', jsonb_build_object('neighbour', neighbour, 'source', source),
        'geometry', ST_AsGeoJSON(
            ST_Transform(ST_SimplifyPreserveTopology(ST_Transform(geom, 32648), 200), 4326), 5
        )::jsonb)
    ORDER BY neighbour), '[]'))
FROM border_line
