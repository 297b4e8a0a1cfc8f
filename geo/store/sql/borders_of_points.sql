-- The land border and the nearest gate of named places with points of their own, in metres on the
-- ellipsoid, in order. A gate is its own, and has the border with the country to which it leads.
SELECT border.neighbour, ARRAY[border.neighbour] AS neighbours, border.distance_m AS border_m,
    gate.name_vi AS gate_vi, gate.name_en AS gate_en, gate.distance_m AS gate_m
FROM unnest(CAST(:names AS text[]), CAST(:xs AS float8[]), CAST(:ys AS float8[]))
    WITH ORDINALITY AS one (name, x, y, place)
CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(x, y), 4326)::geography AS point) AS here
LEFT JOIN LATERAL (
    SELECT name_vi, name_en, neighbour,
        ST_Distance(border_gate.point::geography, here.point) AS distance_m
    FROM border_gate
    ORDER BY (name_vi = one.name) DESC, distance_m LIMIT 1
) AS gate ON true
LEFT JOIN LATERAL (
    SELECT neighbour, ST_Distance(geom::geography, here.point) AS distance_m
    FROM border_line
    ORDER BY (gate.name_vi = one.name AND border_line.neighbour = gate.neighbour) DESC, distance_m
    LIMIT 1
) AS border ON true
ORDER BY one.place
