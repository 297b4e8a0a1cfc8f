-- Countable incidents of a period [from, to) by the unit that `column` of unit_set names; null is
-- what belongs to none. Whole months come from the cells, the days before and after them from the
-- incidents themselves.
WITH bound AS (
    SELECT (CAST(:from AS date))::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS first,
        (CAST(:to AS date))::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS last
),
month AS (
    SELECT first, last,
        month_number(first - interval '1 microsecond') + 1 AS first_month,
        month_number(last) AS last_month
    FROM bound
),
part AS (
    SELECT cell.unit_set_id, cell.incidents, cell.victims
    FROM incident_cell AS cell, month
    WHERE cell.month >= month.first_month AND cell.month < month.last_month
        AND (cardinality(CAST(:kinds AS text[])) = 0 OR cell.kind = ANY (:kinds))
    UNION ALL
    SELECT incident.unit_set_id, 1, incident.victims
    FROM incident, month
    WHERE incident.occurred_from >= month.first AND incident.occurred_from < month.last
        AND NOT (month_number(incident.occurred_from) >= month.first_month
            AND month_number(incident.occurred_from) < month.last_month)
        AND is_countable(incident.status, incident.deleted_at)
        AND (cardinality(CAST(:kinds AS text[])) = 0 OR incident.kind = ANY (:kinds))
),
total AS (
    SELECT unit_set_id, sum(incidents) AS incidents, sum(victims) AS victims
    FROM part
    GROUP BY unit_set_id
)
SELECT to_jsonb(unit_set) ->> :column AS code, sum(total.incidents)::integer AS incidents,
    sum(total.victims)::integer AS victims
FROM total
JOIN unit_set ON unit_set.id = total.unit_set_id
GROUP BY 1
