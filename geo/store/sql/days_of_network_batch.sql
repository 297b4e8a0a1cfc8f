-- The days on which the networks of a batch were dismantled.
SELECT min(dismantled_on), max(dismantled_on)
FROM network
WHERE import_batch_id = :batch AND deleted_at IS NULL
