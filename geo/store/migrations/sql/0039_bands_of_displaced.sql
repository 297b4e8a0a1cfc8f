-- Who plans is shown incidents with victims at a displaced spot, and could have learned from counts by band
-- how far from the border they were: for him they count where those without a point do, in the band of
-- their commune's nearest edge. Otherwise as in 0035.
DROP FUNCTION counted_near_border(text, text[], date, date, float8[], float8[], text[]);
CREATE FUNCTION counted_near_border(
    measure text, kinds text[], first date, last date,
    from_m float8[], to_m float8[], neighbours text[], is_displaced boolean
)
RETURNS TABLE (unit_set_id integer, value integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH band AS (
        SELECT * FROM unnest(from_m, to_m) AS band (least_m, most_m)
    ),
    record AS MATERIALIZED (
        SELECT unit_set_id, told.point, grid_cell(ST_X(told.point), ST_Y(told.point)) AS cell,
            CASE measure WHEN 'victims' THEN victims ELSE 1 END AS value
        FROM incident
        CROSS JOIN LATERAL (
            SELECT CASE WHEN victims = 0 OR NOT is_displaced THEN incident.point END AS point
        ) AS told
        WHERE measure <> 'outreach'
            AND occurred_from >= first::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
            AND occurred_from < last::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
            AND is_countable(status, deleted_at)
            AND (cardinality(kinds) = 0 OR kind = ANY (kinds))
        UNION ALL
        SELECT unit_set_id, point, grid_cell(ST_X(point), ST_Y(point)), 1
        FROM outreach_event
        WHERE measure = 'outreach' AND deleted_at IS NULL
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
        UNION ALL
        SELECT record.unit_set_id, value
        FROM record
        JOIN unit_set ON unit_set.id = record.unit_set_id
        JOIN unit_border AS edge
            ON edge.edition = '2025' AND edge.level = 'commune' AND edge.code = commune_2025
        WHERE point IS NULL
            AND (cardinality(neighbours) = 0 OR edge.neighbour = ANY (neighbours))
            AND EXISTS (
                SELECT FROM band WHERE edge.border_m >= band.least_m AND edge.border_m < band.most_m
            )
    )
    SELECT unit_set_id, sum(value)::integer AS value FROM counted GROUP BY unit_set_id
$$;
