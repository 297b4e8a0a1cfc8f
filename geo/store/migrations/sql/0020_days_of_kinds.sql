-- The days at the ends of a period are read by kind: of few kinds few entries, and never the rows.
DROP INDEX ix_incident_occurred_from;
CREATE INDEX ix_incident_occurred_from ON incident (occurred_from);
CREATE INDEX ix_incident_kind_occurred_from ON incident (kind, occurred_from)
    INCLUDE (unit_set_id, victims, status, deleted_at);

-- All kinds that are asked for are named: the index begins with them.
CREATE OR REPLACE FUNCTION incidents_between(first date, last date, kinds text[])
RETURNS TABLE (unit_set_id integer, incidents integer, victims integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT incident.unit_set_id, count(*)::integer, sum(incident.victims)::integer
    FROM incident
    WHERE kind = ANY (kinds)
        AND occurred_from >= first::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < last::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND is_countable(status, deleted_at)
    GROUP BY incident.unit_set_id
$$;
