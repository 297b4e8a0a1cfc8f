-- Whoever waits for a job learns whether any worker lives; what else the queue holds stays hidden.
CREATE FUNCTION workers_heard_of(seconds double precision) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*)::integer FROM queue.procrastinate_workers
    WHERE last_heartbeat >= now() - make_interval(secs => seconds)
$$;
