-- How far communes of 2025 lie from the land border and the nearest known gate, in metres.
SELECT border.code, border.neighbour, border.border_m, gate.name_vi AS gate_vi,
    gate.name_en AS gate_en, border.gate_m
FROM unit_border AS border
LEFT JOIN border_gate AS gate ON gate.code = border.gate
WHERE border.edition = '2025' AND border.level = 'commune' AND border.code = ANY (:codes)
