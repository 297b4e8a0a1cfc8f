-- What ended so many days ago, and what only entered the nightly runs; all that was computed stays.
WITH gone AS (
    DELETE FROM job WHERE finished_at < now() - make_interval(days => :days) RETURNING queue_id
)
DELETE FROM queue.procrastinate_jobs
WHERE id IN (SELECT queue_id FROM gone) OR (task_name = 'nightly' AND status = 'succeeded')
