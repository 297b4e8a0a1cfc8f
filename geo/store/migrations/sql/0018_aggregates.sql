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

-- Countable incidents, their victims or outreach events by unit set, of the days [first, last) in
-- Vietnam, whose point lies in one of the bands [from_m, to_m) along the land border, and by one of
-- the neighbours where any is named. The counts kept by month know no point, so the records are looked
-- at: where a grid cell lies wholly in the bands for the cell's sake, and where it does not its points
-- are measured.
CREATE FUNCTION counted_near_border(
    measure text, kinds text[], first date, last date,
    from_m float8[], to_m float8[], neighbours text[]
)
RETURNS TABLE (unit_set_id integer, value integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH band AS (
        SELECT * FROM unnest(from_m, to_m) AS band (least_m, most_m)
    ),
    record AS MATERIALIZED (
        SELECT unit_set_id, point, grid_cell(ST_X(point), ST_Y(point)) AS cell,
            CASE measure WHEN 'victims' THEN victims ELSE 1 END AS value
        FROM incident
        WHERE measure <> 'outreach' AND point IS NOT NULL
            AND occurred_from >= first::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
            AND occurred_from < last::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
            AND is_countable(status, deleted_at)
            AND (cardinality(kinds) = 0 OR kind = ANY (kinds))
        UNION ALL
        SELECT unit_set_id, point, grid_cell(ST_X(point), ST_Y(point)), 1
        FROM outreach_event
        WHERE measure = 'outreach' AND point IS NOT NULL AND deleted_at IS NULL
            AND occurred_from >= first::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
            AND occurred_from < last::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    ),
    near_cell AS MATERIALIZED (
        SELECT cell,
            EXISTS (
                SELECT FROM band
                WHERE border_cell.least_m >= band.least_m AND border_cell.most_m < band.most_m
            )
            AND (cardinality(neighbours) = 0 OR NOT EXISTS (
                SELECT FROM border_piece
                WHERE border_piece.id = ANY (border_cell.pieces) AND NOT neighbour = ANY (neighbours)
            )) AS is_whole
        FROM (SELECT DISTINCT cell FROM record) AS met
        JOIN border_cell USING (cell)
        WHERE EXISTS (
            SELECT FROM band
            WHERE border_cell.least_m < band.most_m AND border_cell.most_m >= band.least_m
        )
    ),
    counted AS (
        SELECT unit_set_id, value FROM record JOIN near_cell USING (cell) WHERE is_whole
        UNION ALL
        SELECT unit_set_id, value
        FROM (
            SELECT record.* FROM record JOIN near_cell USING (cell) WHERE NOT is_whole
            OFFSET 0  -- or points would be measured before they are ruled out
        ) AS record
        CROSS JOIN LATERAL border_near(record.point) AS near
        WHERE (cardinality(neighbours) = 0 OR near.neighbour = ANY (neighbours))
            AND EXISTS (
                SELECT FROM band WHERE near.border_m >= band.least_m AND near.border_m < band.most_m
            )
    )
    SELECT unit_set_id, sum(value)::integer AS value FROM counted GROUP BY unit_set_id
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
