-- A job that was cancelled got as far as it got.
CREATE OR REPLACE FUNCTION job_follow() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    found_state constant text := CASE NEW.status::text
        WHEN 'todo' THEN 'queued'
        WHEN 'doing' THEN 'running'
        WHEN 'succeeded' THEN 'done'
        -- A worker that died before it could heed a request to cancel leaves both.
        WHEN 'failed' THEN CASE WHEN NEW.abort_requested THEN 'cancelled' ELSE 'failed' END
        ELSE 'cancelled'
    END;
BEGIN
    UPDATE job
    SET state = found_state,
        attempts = NEW.attempts,
        progress = CASE WHEN found_state = 'done' THEN 1
            WHEN found_state IN ('queued', 'running') THEN 0 ELSE progress END,
        step = NULL,
        -- Why an earlier attempt failed is no reason any more.
        reason = CASE WHEN found_state IN ('queued', 'failed') THEN reason END,
        started_at = CASE found_state WHEN 'running' THEN now() ELSE started_at END,
        finished_at = CASE WHEN found_state NOT IN ('queued', 'running') THEN now() END
    WHERE queue_id = NEW.id;
    RETURN NULL;
END
$$;
