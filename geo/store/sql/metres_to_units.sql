-- How far each point is from the nearest of some units, in metres on the ellipsoid; null where none
-- of them has a shape. Points keep their order.
SELECT min(ST_Distance(unit.geom::geography, ST_SetSRID(ST_MakePoint(one.x, one.y), 4326)::geography))
FROM unnest(CAST(:xs AS float8[]), CAST(:ys AS float8[])) WITH ORDINALITY AS one (x, y, place)
LEFT JOIN unit ON (unit.edition, unit.level, unit.code) IN (
    SELECT * FROM unnest(CAST(:editions AS text[]), CAST(:levels AS text[]), CAST(:codes AS text[]))
)
GROUP BY one.place
ORDER BY one.place
