-- A worker tells how far it is, as long as the job is its own; and hears whether to go on.
UPDATE job
SET progress = :progress, step = :step
FROM queue.procrastinate_jobs AS entry
WHERE job.id = :job AND entry.id = job.queue_id
    AND entry.status = 'doing' AND entry.worker_id = :worker
RETURNING entry.abort_requested
