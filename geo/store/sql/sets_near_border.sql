-- Records of a period [from, to) whose point lies in one of the bands along the land border, and by one
-- of the neighbours where any is named: how many, or their victims, by their set of units. The counts
-- kept by month know no point, so the records are looked at: where a grid cell lies wholly in the
-- bands for the cell's sake, and where it does not its points are measured.
WITH band AS (
    SELECT * FROM unnest(CAST(:least AS float8[]), CAST(:most AS float8[])) AS band (least_m, most_m)
),
record AS MATERIALIZED (
    SELECT unit_set_id, point, grid_cell(ST_X(point), ST_Y(point)) AS cell,
        CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE 1 END AS value
    FROM incident
    WHERE CAST(:measure AS text) <> 'outreach' AND point IS NOT NULL
        AND occurred_from >= CAST(:from AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < CAST(:to AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND is_countable(status, deleted_at)
        AND (cardinality(CAST(:kinds AS text[])) = 0 OR kind = ANY (:kinds))
    UNION ALL
    SELECT unit_set_id, point, grid_cell(ST_X(point), ST_Y(point)), 1
    FROM outreach_event
    WHERE CAST(:measure AS text) = 'outreach' AND point IS NOT NULL AND deleted_at IS NULL
        AND occurred_from >= CAST(:from AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < CAST(:to AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
),
near_cell AS MATERIALIZED (
    SELECT cell,
        EXISTS (
            SELECT FROM band
            WHERE border_cell.least_m >= band.least_m AND border_cell.most_m < band.most_m
        )
        AND (cardinality(CAST(:neighbours AS text[])) = 0 OR NOT EXISTS (
            SELECT FROM border_piece
            WHERE border_piece.id = ANY (border_cell.pieces) AND NOT neighbour = ANY (:neighbours)
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
    WHERE (cardinality(CAST(:neighbours AS text[])) = 0 OR near.neighbour = ANY (:neighbours))
        AND EXISTS (
            SELECT FROM band WHERE near.border_m >= band.least_m AND near.border_m < band.most_m
        )
)
SELECT unit_set_id, sum(value)::integer AS value FROM counted GROUP BY unit_set_id
