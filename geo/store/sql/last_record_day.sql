-- The last day, in Vietnamese time, of which there is an incident that counts.
SELECT (max(occurred_from) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
FROM incident
WHERE is_countable(status, deleted_at) AND occurred_from <= now()
