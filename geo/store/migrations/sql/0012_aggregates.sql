-- Counts are for everybody, records are not: these functions read all records and give away sums.

-- Countable incidents and their victims by unit set, of the days [first, last) in Vietnam.
CREATE FUNCTION incidents_between(first date, last date, kinds text[])
RETURNS TABLE (unit_set_id integer, incidents integer, victims integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT incident.unit_set_id, count(*)::integer, sum(incident.victims)::integer
    FROM incident
    WHERE occurred_from >= first::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < last::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND is_countable(status, deleted_at)
        AND (cardinality(kinds) = 0 OR kind = ANY (kinds))
    GROUP BY incident.unit_set_id
$$;

-- Outreach events by unit set, of the days [first, last) in Vietnam.
CREATE FUNCTION outreach_between(first date, last date)
RETURNS TABLE (unit_set_id integer, events integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT outreach_event.unit_set_id, count(*)::integer
    FROM outreach_event
    WHERE deleted_at IS NULL
        AND occurred_from >= first::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < last::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    GROUP BY outreach_event.unit_set_id
$$;

-- When the first and the last countable incident began, the last one until now, and whether any
-- record is invented: what a page says of the store as a whole.
CREATE FUNCTION store_overview()
RETURNS TABLE (
    first timestamptz, last timestamptz, last_until_now timestamptz, has_demo boolean
)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = public, pg_temp AS $$
    SELECT
        (SELECT min(occurred_from) FROM incident WHERE is_countable(status, deleted_at)),
        (SELECT max(occurred_from) FROM incident WHERE is_countable(status, deleted_at)),
        (
            SELECT max(occurred_from) FROM incident
            WHERE is_countable(status, deleted_at) AND occurred_from <= now()
        ),
        EXISTS (SELECT FROM incident WHERE is_demo)
$$;

-- No boundaries are swapped until the transaction ends; to lock the table itself takes its owner.
CREATE FUNCTION boundaries_hold() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE boundary_layer IN SHARE MODE;
END
$$;

-- What follows from a record is written with the rights of the owner: the server itself can change
-- neither counts nor history.
ALTER FUNCTION incident_cell_follow() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION record_history_keep() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION network_history_keep() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION unit_set_follow() SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION audit_write(text, text, text, jsonb) FROM PUBLIC;
