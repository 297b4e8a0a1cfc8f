SET LOCAL lock_timeout = '10s';

-- Outreach events that began before the day `until` in Vietnam, summed by unit set, kind, audiences
-- and day; those of before the day `since` are summed whatever their day, and have the last of these.
-- `uncounted` are events of which nobody wrote down how many people came.
CREATE FUNCTION outreach_held(since date, until date)
RETURNS TABLE (
    unit_set_id integer, kind text, audiences text[], day date,
    events integer, sessions integer, participants bigint, uncounted integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH held AS (
        SELECT outreach_event.unit_set_id, outreach_event.kind, outreach_event.audiences, attendance,
            outreach_event.sessions, (occurred_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
        FROM outreach_event
        WHERE deleted_at IS NULL
            AND occurred_from < until::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    )
    SELECT held.unit_set_id, held.kind, held.audiences, max(held.day), count(*)::integer,
        sum(held.sessions)::integer, coalesce(sum(attendance), 0), (count(*) - count(attendance))::integer
    FROM held
    GROUP BY held.unit_set_id, held.kind, held.audiences, greatest(held.day, since - 1)
$$;
