-- Border gates in a province of 2025 or, as estimated positions may be, within a few metres of it.
SELECT gate.code, gate.name_vi, gate.name_en, gate.neighbour, gate.estimated,
    round(ST_X(gate.point)::numeric, 5)::float8 AS longitude,
    round(ST_Y(gate.point)::numeric, 5)::float8 AS latitude
FROM border_gate AS gate
JOIN unit ON (unit.edition, unit.level, unit.code) = ('2025', 'province', :province)
WHERE ST_DWithin(unit.geom::geography, gate.point::geography, :reach_m)
ORDER BY gate.code
