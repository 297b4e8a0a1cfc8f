-- All units with the name of today, the one before it, a point inside (degrees) and the area (km²).
SELECT today.edition, today.level, today.code, today.full_name, unit.full_name AS former_name,
    today.parent_code, ST_X(today.label_point) AS longitude, ST_Y(today.label_point) AS latitude,
    today.area_km2
FROM unit_today AS today
JOIN unit ON (unit.edition, unit.level, unit.code) = (today.edition, today.level, today.code)
ORDER BY today.edition DESC, today.level, today.code
