-- What raster layers say of a unit, as far as it was measured in today's boundaries.
SELECT raster_layer.id, name, title_vi, title_en, style, unit, mean, least, most, total, covered
FROM raster_figure
JOIN raster_layer ON raster_layer.id = raster_layer_id AND deleted_at IS NULL
JOIN boundary_layer AS layer
    ON layer.edition = :edition AND layer.level = raster_figure.level
    AND layer.fingerprint = boundaries
WHERE raster_figure.level = :level AND code = :code
ORDER BY name
