-- Drawn to within some 100 m; a filter by band measures each point instead.
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(
    jsonb_build_object('type', 'Feature',
        'properties', jsonb_build_object('band', band, 'neighbour', neighbour),
        'geometry', ST_AsGeoJSON(geom, 4)::jsonb)
    ORDER BY split_part(band, '-', 1)::integer, neighbour), '[]'))
FROM border_band
