-- The national territory for drawing, simplified to about 500 m.
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(
    jsonb_build_object('type', 'Feature', 'properties', jsonb_build_object('source', source),
        'geometry', ST_AsGeoJSON(
            ST_Transform(ST_SimplifyPreserveTopology(ST_Transform(geom, 32648), 500), 4326), 4
        )::jsonb)
    ORDER BY source), '[]'))
FROM country_outline
