-- Countable incidents and victims of one unit by month and kind; a month is year * 12 + month - 1.
SELECT cell.year * 12 + month - 1 AS month, cell.kind,
    sum(cell.incidents[month] - coalesce(cell.incidents[month - 1], 0))::integer AS incidents,
    sum(cell.victims[month] - coalesce(cell.victims[month - 1], 0))::integer AS victims
FROM incident_cell AS cell
JOIN unit_set ON unit_set.id = cell.unit_set_id
CROSS JOIN generate_series(1, 12) AS month
WHERE cell.kind <> '' AND to_jsonb(unit_set) ->> :column = :code
GROUP BY 1, 2
HAVING sum(cell.incidents[month] - coalesce(cell.incidents[month - 1], 0)) <> 0
ORDER BY 1, 2
