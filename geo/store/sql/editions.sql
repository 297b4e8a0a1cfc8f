SELECT edition.name, edition.valid_from, edition.valid_to,
    coalesce(jsonb_agg(jsonb_build_object(
        'level', layer.level, 'source', layer.source, 'licence', layer.licence,
        'approximate', layer.approximate, 'fingerprint', layer.fingerprint,
        'unit_count', layer.unit_count
    ) ORDER BY layer.unit_count) FILTER (WHERE layer.level IS NOT NULL), '[]') AS layers
FROM boundary_edition AS edition
LEFT JOIN boundary_layer AS layer ON layer.edition = edition.name
GROUP BY edition.name
ORDER BY edition.name
