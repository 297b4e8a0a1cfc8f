-- The grid cells that lie properly inside one unit of each edition: for each such pair of units a list
-- of cells, 4 bytes each, most significant first.
SELECT string_agg(int4send(cell), '') AS cells
FROM unit_cell AS new
JOIN unit_cell AS old USING (cell)
WHERE new.edition = '2025' AND new.inside AND old.edition = '2024' AND old.inside
GROUP BY new.code, old.code
