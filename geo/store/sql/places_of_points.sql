-- What the located points of staged_location lie in and near: units of both editions, the land
-- border, the nearest gate and, from outside of all communes, the nearest of them (metres on the
-- ellipsoid), one row for each, in order. Where communes are drawn approximately, the next one within
-- some 2 km may be the true one.
SELECT located.assignment,
    (
        SELECT jsonb_agg(
            jsonb_build_object('edition', unit.edition, 'level', unit.level, 'code', unit.code,
                'full_name', unit.full_name)
            ORDER BY unit.edition DESC, length(unit.code)
        )
        FROM unit_set
        JOIN unit_today AS unit ON (unit.edition, unit.level, unit.code) IN (
            ('2025', 'province', province_2025), ('2025', 'commune', commune_2025),
            ('2024', 'province', province_2024), ('2024', 'district', district_2024),
            ('2024', 'commune', commune_2024)
        )
        WHERE unit_set.id = located.unit_set_id
    ) AS units,
    coalesce(near.neighbour, border.neighbour) AS neighbour,
    coalesce(near.border_m, border.distance_m) AS border_m,
    gate.name_vi AS gate_vi, gate.name_en AS gate_en, gate.distance_m AS gate_m,
    beside.full_name AS beside, beside.distance_m AS beside_m,
    across.full_name AS next_commune, across.distance_m AS next_m
FROM located
JOIN staged_location AS staged USING (row_number)
-- As of records; beyond its 20 km the line as a whole will do.
LEFT JOIN LATERAL border_near(staged.point) AS near ON true
LEFT JOIN LATERAL (
    SELECT neighbour, ST_Distance(geom::geography, staged.point::geography) AS distance_m
    FROM border_line ORDER BY distance_m LIMIT 1
) AS border ON true
LEFT JOIN LATERAL (
    SELECT name_vi, name_en, ST_Distance(point::geography, staged.point::geography) AS distance_m
    FROM border_gate ORDER BY distance_m LIMIT 1
) AS gate ON true
LEFT JOIN LATERAL (
    SELECT unit_today.full_name,
        ST_Distance(close.geom::geography, staged.point::geography) AS distance_m
    FROM (
        -- In degrees the nearest need not be so in metres, but it is one of a few.
        SELECT unit.edition, unit.level, unit.code, unit.geom
        FROM unit
        WHERE unit.edition = '2025' AND unit.level = 'commune'
            AND located.assignment <> 'inside'
        ORDER BY unit.geom <-> staged.point LIMIT 4
    ) AS close
    JOIN unit_today USING (edition, level, code)
    ORDER BY distance_m LIMIT 1
) AS beside ON true
LEFT JOIN LATERAL (
    SELECT unit_today.full_name,
        ST_Distance(unit.geom::geography, staged.point::geography) AS distance_m
    FROM unit
    JOIN unit_today USING (edition, level, code)
    WHERE unit.edition = '2025' AND unit.level = 'commune'
        AND located.assignment = 'inside'
        AND ST_DWithin(unit.geom, staged.point, 0.02)
        AND NOT ST_Intersects(unit.geom, staged.point)
        AND EXISTS (
            SELECT FROM boundary_layer
            WHERE edition = '2025' AND level = 'commune' AND approximate
        )
    ORDER BY distance_m LIMIT 1
) AS across ON true
ORDER BY located.row_number
