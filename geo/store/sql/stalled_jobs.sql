-- Jobs whose worker has not been heard of for long, held so that of two workers one takes a job back.
SELECT entry.id, entry.args ->> 'job' AS job, entry.attempts + 1 AS attempts
FROM queue.procrastinate_jobs AS entry
LEFT JOIN queue.procrastinate_workers AS worker ON worker.id = entry.worker_id
WHERE entry.status = 'doing'
    AND entry.worker_id IS DISTINCT FROM CAST(:own AS bigint)
    AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :timeout))
FOR UPDATE OF entry SKIP LOCKED
