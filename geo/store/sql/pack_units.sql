-- A province of 2025 and its communes: the name of today, the one before it, a point inside.
SELECT today.edition, today.level, today.code, today.full_name, unit.full_name AS former_name,
    today.parent_code, round(ST_X(today.label_point)::numeric, 5)::float8 AS longitude,
    round(ST_Y(today.label_point)::numeric, 5)::float8 AS latitude
FROM unit_today AS today
JOIN unit ON (unit.edition, unit.level, unit.code) = (today.edition, today.level, today.code)
WHERE today.edition = '2025'
    AND CASE today.level WHEN 'province' THEN today.code ELSE today.parent_code END = :province
ORDER BY today.level DESC, today.code
