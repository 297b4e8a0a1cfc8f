SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(
    jsonb_build_object('type', 'Feature',
        'properties', jsonb_build_object('code', code, 'name_vi', name_vi, 'name_en', name_en,
            'neighbour', neighbour, 'estimated', estimated, 'source', source),
        'geometry', ST_AsGeoJSON(point, 5)::jsonb)
    ORDER BY code), '[]'))
FROM border_gate
