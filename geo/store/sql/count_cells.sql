-- All countable incidents anew by unit set, kind and month, as the triggers on incident keep them.
INSERT INTO incident_cell (unit_set_id, kind, month, incidents, victims)
SELECT unit_set_id, kind, month_number(occurred_from), count(*), sum(victims)
FROM incident
WHERE is_countable(status, deleted_at)
GROUP BY 1, 2, 3
