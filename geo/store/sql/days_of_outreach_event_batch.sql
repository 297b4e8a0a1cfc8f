-- The days in Vietnam on which the records of a batch lie.
SELECT
    min((occurred_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
    max((occurred_to AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
FROM outreach_event
WHERE import_batch_id = :batch AND deleted_at IS NULL
