-- Countable incidents and victims of one unit by month and kind; a month is year * 12 + month - 1.
-- What is known only by units that lie in several of this level counts apart, in part.
WITH here AS (
    SELECT id AS unit_set_id, 1.0::double precision AS share, true AS exact
    FROM unit_set WHERE to_jsonb(unit_set) ->> :column = :code
    UNION ALL
    SELECT unit_set_id, share, false
    FROM unit_set_share WHERE target = :column AND code = :code
)
SELECT cell.year * 12 + month - 1 AS month, cell.kind,
    coalesce(sum(change.incidents) FILTER (WHERE exact), 0)::integer AS incidents,
    coalesce(sum(change.victims) FILTER (WHERE exact), 0)::integer AS victims,
    coalesce(sum(change.incidents * share) FILTER (WHERE NOT exact), 0) AS apportioned
FROM here
JOIN incident_cell AS cell USING (unit_set_id)
CROSS JOIN generate_series(1, 12) AS month
CROSS JOIN LATERAL (
    SELECT cell.incidents[month] - coalesce(cell.incidents[month - 1], 0) AS incidents,
        cell.victims[month] - coalesce(cell.victims[month - 1], 0) AS victims
) AS change
WHERE cell.kind <> ''
GROUP BY 1, 2
HAVING sum(change.incidents) <> 0
ORDER BY 1, 2
