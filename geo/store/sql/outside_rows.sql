-- Staged rows whose point lies in no unit of the 2025 edition: how far off the nearest commune is
-- (farther than about 50 km it is not worth saying), and whether the
-- axes may have been swapped.
SELECT staged.row_number, nearest.distance_m, nearest.full_name,
    EXISTS (
        SELECT FROM unit
        WHERE unit.edition = '2025' AND unit.level = 'province'
            AND ST_Intersects(unit.geom, ST_FlipCoordinates(staged.point))
    ) AS swapped_inside
FROM location_row AS located
JOIN location_combination AS combination ON combination.number = located.combination
JOIN staged_location AS staged USING (row_number)
LEFT JOIN LATERAL (
    SELECT closest.full_name,
        ST_Distance(closest.geom::geography, staged.point::geography) AS distance_m
    FROM (
        SELECT unit.full_name, unit.geom
        FROM unit
        WHERE unit.edition = '2025' AND unit.level = 'commune'
        ORDER BY unit.geom <-> staged.point
        LIMIT 1
    ) AS closest
    WHERE ST_DWithin(closest.geom, staged.point, 0.5)
) AS nearest ON true
WHERE combination.assignment = 'outside'
ORDER BY staged.row_number
