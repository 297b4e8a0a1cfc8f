-- Countable incidents and victims of one unit by month and kind.
SELECT cell.month, cell.kind, sum(cell.incidents)::integer AS incidents,
    sum(cell.victims)::integer AS victims
FROM incident_cell AS cell
JOIN unit_set ON unit_set.id = cell.unit_set_id
WHERE to_jsonb(unit_set) ->> :column = :code
GROUP BY cell.month, cell.kind
HAVING sum(cell.incidents) <> 0
ORDER BY cell.month, cell.kind
