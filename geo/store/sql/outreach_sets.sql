-- Outreach events of a period [from, to) by their set of units.
SELECT unit_set_id, count(*)::integer AS value
FROM outreach_event
WHERE deleted_at IS NULL
    AND occurred_from >= CAST(:from AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    AND occurred_from < CAST(:to AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
GROUP BY unit_set_id
