SELECT result.code, unit.full_name, unit.name_en, parent.full_name AS parent_name,
    unit.is_land_border, unit.neighbours, result.incidents, result.value, result.expected,
    result.z, result.p, result.q, result.class,
    ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,
    ARRAY[ST_XMin(unit.geom), ST_YMin(unit.geom), ST_XMax(unit.geom), ST_YMax(unit.geom)] AS bounds
FROM hotspot_result AS result
JOIN hotspot_run AS run ON run.id = result.run_id
JOIN unit_today AS unit
    ON unit.edition = run.edition AND unit.level = run.level AND unit.code = result.code
LEFT JOIN unit_today AS parent
    ON parent.edition = unit.edition AND parent.code = unit.parent_code
    AND parent.level = CASE WHEN unit.edition = '2024' AND unit.level = 'commune'
        THEN 'district' ELSE 'province' END
WHERE result.run_id = :id AND result.class > 0 AND (NOT :border_only OR unit.is_land_border)
ORDER BY array_position(CAST(:order AS smallint[]), result.class), result.cluster_rank,
    result.z DESC NULLS LAST, result.code
LIMIT CAST(:limit AS integer)
