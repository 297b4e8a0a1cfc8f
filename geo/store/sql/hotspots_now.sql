-- What the newest standard runs say of units, and the newest decision on each: of those that are hot,
-- or on which something was decided. A run over boundaries that were replaced says nothing any more.
WITH run AS (
    SELECT DISTINCT ON (method, parameters -> 'border_only') hotspot_run.id, method,
        CAST(parameters ->> 'border_only' AS boolean) AS is_border
    FROM hotspot_run
    JOIN boundary_layer AS layer USING (edition, level)
    WHERE standard_at IS NOT NULL AND edition = :edition AND level = :level
        AND boundary_fingerprint = layer.fingerprint
        AND (NOT is_restricted OR CAST(:everywhere AS boolean) OR (SELECT actor_sees_all()))
    ORDER BY method, parameters -> 'border_only', standard_at DESC
),
heat AS (
    SELECT result.code,
        coalesce(max(result.class) FILTER (WHERE run.method = 'gi_star'), 0) AS hot_class,
        max(result.class) FILTER (WHERE run.method = 'gi_star' AND NOT run.is_border) AS class_country,
        max(result.class) FILTER (WHERE run.method = 'gi_star' AND run.is_border) AS class_border,
        -- The more urgent of country and border.
        coalesce((CAST(:categories AS smallint[]))[
            min(array_position(CAST(:categories AS smallint[]), result.class))
                FILTER (WHERE run.method = 'emerging')
        ], 0) AS category,
        coalesce(max(cluster.class), 0) AS cluster
    FROM run
    JOIN hotspot_result AS result ON result.run_id = run.id
    LEFT JOIN hotspot_cluster AS cluster ON cluster.run_id = run.id AND cluster.centre = result.code
    WHERE CAST(:code AS text) IS NULL OR result.code = :code
    GROUP BY result.code
),
newest AS (
    SELECT DISTINCT ON (code) *
    FROM hotspot_review
    WHERE edition = :edition AND level = :level AND (CAST(:code AS text) IS NULL OR code = :code)
    ORDER BY code, version DESC
),
standing AS (
    SELECT DISTINCT ON (code) code, decision, updated_at
    FROM hotspot_review
    WHERE edition = :edition AND level = :level AND stands
        AND (CAST(:code AS text) IS NULL OR code = :code)
    ORDER BY code, version DESC
)
SELECT unit.code, unit.full_name, unit.name_en, parent.full_name AS parent_name,
    unit.is_land_border, ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,
    people.value AS population,
    coalesce(heat.hot_class, 0) AS hot_class, heat.class_country, heat.class_border,
    coalesce(heat.category, 0) AS category, coalesce(heat.cluster, 0) AS cluster,
    (SELECT id FROM run WHERE method = 'gi_star' AND NOT is_border) AS run_id,
    newest.version, newest.decision, newest.priority, newest.due_on, newest.stands,
    newest.updated_by AS decided_by, newest.updated_at AS decided_at,
    newest.seen_class, newest.seen_category, newest.seen_cluster,
    standing.decision AS standing_decision, standing.updated_at AS standing_since
FROM unit_today AS unit
LEFT JOIN heat USING (code)
LEFT JOIN newest USING (code)
LEFT JOIN standing USING (code)
LEFT JOIN unit_today AS parent
    ON parent.edition = unit.edition AND parent.code = unit.parent_code
    AND parent.level = CASE WHEN unit.edition = '2024' AND unit.level = 'commune'
        THEN 'district' ELSE 'province' END
LEFT JOIN LATERAL (
    SELECT value FROM population
    WHERE population.edition = unit.edition AND population.level = unit.level
        AND population.code = unit.code
    ORDER BY year DESC LIMIT 1
) AS people ON true
WHERE unit.edition = :edition AND unit.level = :level
    AND (newest.version IS NOT NULL OR heat.hot_class >= 1 OR heat.category > 0 OR heat.cluster > 0
        OR CAST(:code AS text) = unit.code)
    AND (CAST(:everywhere AS boolean) OR (SELECT actor_sees_all())
        OR (unit.edition, unit.level, unit.code) IN (
            SELECT own.edition, own.level, own.code FROM actor_units() AS own
        ))
ORDER BY unit.code
