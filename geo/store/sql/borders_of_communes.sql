-- How far communes of 2025 lie from the land border and the nearest known gate, in metres, and on
-- which countries they border, the nearest first.
SELECT border.code, border.neighbour,
    array_prepend(border.neighbour, array_remove(unit.neighbours, border.neighbour)) AS neighbours,
    border.border_m, gate.name_vi AS gate_vi, gate.name_en AS gate_en, border.gate_m
FROM unit_border AS border
JOIN unit
    ON unit.edition = border.edition AND unit.level = border.level AND unit.code = border.code
LEFT JOIN border_gate AS gate ON gate.code = border.gate
WHERE border.edition = '2025' AND border.level = 'commune' AND border.code = ANY (:codes)
