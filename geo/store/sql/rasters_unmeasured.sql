-- Layers of values and levels whose figures are not of today's boundaries, or that have none.
SELECT raster_layer.id, layer.level, layer.fingerprint
FROM raster_layer
JOIN boundary_layer AS layer ON layer.edition = :edition AND layer.level = ANY (:levels)
WHERE raster_layer.style <> 'imagery' AND raster_layer.deleted_at IS NULL
    AND NOT EXISTS (
        SELECT FROM raster_figure
        WHERE raster_layer_id = raster_layer.id AND raster_figure.level = layer.level
            AND boundaries = layer.fingerprint
    )
ORDER BY raster_layer.id, layer.level
