-- What is asked of workers. The queue itself is procrastinate's, in a schema that the server's role
-- cannot enter: who may enter a row here enters it in the queue, and who may mark a row to be
-- cancelled cancels it there, by triggers; what becomes of it there is told here.
CREATE TABLE job (
    id UUID NOT NULL DEFAULT uuid_v7(),
    kind TEXT NOT NULL,
    question JSONB NOT NULL DEFAULT '{}',
    digest TEXT NOT NULL,
    asked_by UUID,
    asked_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    state TEXT NOT NULL DEFAULT 'queued',
    attempts INTEGER NOT NULL DEFAULT 0,
    progress DOUBLE PRECISION NOT NULL DEFAULT 0,
    step JSONB,
    reason JSONB,
    runs UUID[] NOT NULL DEFAULT '{}',
    cancel_requested BOOLEAN NOT NULL DEFAULT false,
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    queue_id BIGINT,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT uq_job_queue_id UNIQUE (queue_id),
    CONSTRAINT fk_job_asked_by_account FOREIGN KEY (asked_by) REFERENCES account (id),
    CONSTRAINT ck_job_kind CHECK (kind IN ('hotspot_run', 'standard_runs')),
    CONSTRAINT ck_job_state CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT ck_job_progress CHECK (progress BETWEEN 0 AND 1)
);
COMMENT ON COLUMN job.digest IS 'of the question and who asked it: asked again meanwhile, it is the same job';
COMMENT ON COLUMN job.asked_by IS 'null for the machine''s own commands and the nightly runs';
COMMENT ON COLUMN job.queue_id IS 'of queue.procrastinate_jobs';
CREATE UNIQUE INDEX uq_job_digest ON job (digest) WHERE state IN ('queued', 'running');
CREATE INDEX ix_job_asked_at ON job (asked_at);

-- The library's functions name its tables without their schema.
DO $$
DECLARE
    known regprocedure;
BEGIN
    FOR known IN SELECT oid FROM pg_proc WHERE pronamespace = 'queue'::regnamespace
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = queue, pg_temp', known);
    END LOOP;
END
$$;

-- The same question of two people is not computed twice at once: its lock lets the second begin when
-- the first has ended, and find the run. What a person waits for goes before what the night brings.
CREATE FUNCTION job_enter() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE job
    SET queue_id = (queue.procrastinate_defer_jobs_v1(ARRAY[ROW(
        'bienmap',
        'answer',
        CASE NEW.kind WHEN 'hotspot_run' THEN 1 ELSE 0 END,
        md5(NEW.kind || NEW.question::text),
        NULL,
        jsonb_build_object('job', NEW.id),
        NULL
    )::queue.procrastinate_job_to_defer_v1]))[1]
    WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER job_enters AFTER INSERT ON job FOR EACH ROW EXECUTE FUNCTION job_enter();

CREATE FUNCTION job_cancel() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM queue.procrastinate_cancel_job_v1(NEW.queue_id, true, false);
    RETURN NULL;
END
$$;
CREATE TRIGGER job_cancels AFTER UPDATE OF cancel_requested ON job
FOR EACH ROW WHEN (NEW.cancel_requested AND NOT OLD.cancel_requested)
EXECUTE FUNCTION job_cancel();

CREATE FUNCTION job_follow() RETURNS trigger
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
        progress = CASE found_state WHEN 'done' THEN 1 WHEN 'failed' THEN progress ELSE 0 END,
        step = NULL,
        -- Why an earlier attempt failed is no reason any more.
        reason = CASE WHEN found_state IN ('queued', 'failed') THEN reason END,
        started_at = CASE found_state WHEN 'running' THEN now() ELSE started_at END,
        finished_at = CASE WHEN found_state NOT IN ('queued', 'running') THEN now() END
    WHERE queue_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER job_follows AFTER UPDATE OF status ON queue.procrastinate_jobs
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
EXECUTE FUNCTION job_follow();

-- One's own, and for who plans, leads or administers the whole country all.
DO $$
DECLARE
    server constant text := '(SELECT current_user) = ''bienmap_app'' AND ';
    mine constant text := '(asked_by = (SELECT actor_id()) AND (SELECT actor_role()) IS NOT NULL)';
    seen constant text := '(' || mine || ' OR ((SELECT actor_sees_all()) AND (SELECT actor_role()) <> ''officer''))';
BEGIN
    ALTER TABLE job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY keeper ON job TO CURRENT_USER USING ((SELECT current_user) <> 'bienmap_app');
    EXECUTE format('CREATE POLICY reader ON job FOR SELECT USING (%s)', server || seen);
    EXECUTE format('CREATE POLICY writer_insert ON job FOR INSERT WITH CHECK (%s)',
        server || mine || ' AND kind = ''hotspot_run''');
    EXECUTE format('CREATE POLICY writer_update ON job FOR UPDATE USING (%s)', server || seen);
END
$$;
GRANT SELECT, INSERT (kind, question, digest, asked_by), UPDATE (cancel_requested) ON job TO bienmap_app;
