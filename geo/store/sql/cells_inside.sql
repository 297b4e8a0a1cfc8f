-- The grid cells that lie properly inside one unit of each edition, and a number for each such pair
-- of units: lists of 4 bytes each, most significant first.
SELECT string_agg(int4send(cell), '' ORDER BY cell) AS cells,
    string_agg(int4send(pair), '' ORDER BY cell) AS pairs
FROM (
    SELECT cell, (dense_rank() OVER (ORDER BY new.code, old.code))::integer AS pair
    FROM unit_cell AS new
    JOIN unit_cell AS old USING (cell)
    WHERE new.edition = '2025' AND new.inside AND old.edition = '2024' AND old.inside
) AS inside
