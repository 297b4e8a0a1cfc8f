-- The clusters of a run with the place of their centre, the likeliest first.
SELECT cluster.*, unit.full_name, unit.name_en, parent.full_name AS parent_name,
    ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,
    (SELECT ARRAY[min(ST_XMin(member.geom)), min(ST_YMin(member.geom)),
            max(ST_XMax(member.geom)), max(ST_YMax(member.geom))]
        FROM unit AS member
        WHERE member.edition = run.edition AND member.level = run.level
            AND member.code = ANY (cluster.members)) AS bounds,
    EXISTS (SELECT FROM unit AS member
        WHERE member.edition = run.edition AND member.level = run.level
            AND member.code = ANY (cluster.members) AND member.is_land_border) AS is_land_border
FROM hotspot_cluster AS cluster
JOIN hotspot_run AS run ON run.id = cluster.run_id
LEFT JOIN unit_today AS unit
    ON unit.edition = run.edition AND unit.level = run.level AND unit.code = cluster.centre
LEFT JOIN unit_today AS parent
    ON parent.edition = unit.edition AND parent.code = unit.parent_code
    AND parent.level = CASE WHEN unit.edition = '2024' AND unit.level = 'commune'
        THEN 'district' ELSE 'province' END
WHERE cluster.run_id = :id
ORDER BY cluster.rank
