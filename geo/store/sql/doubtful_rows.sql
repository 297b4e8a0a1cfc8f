-- Rows of a batch that went in although their place does not quite fit: the point lies outside every
-- unit and was given the nearest one, or in another unit than the input states. Of each kind how many
-- there are, and the first by the order in which they were written.
WITH record AS (
    SELECT id, 0 AS sequence, external_id, point, assignment, location_flags, unit_set_id,
        stated_edition, stated_level, stated_code
    FROM incident
    WHERE CAST(:record_type AS text) = 'incident' AND import_batch_id = :batch
    UNION ALL
    SELECT id, 0, external_id, point, assignment, location_flags, unit_set_id,
        stated_edition, stated_level, stated_code
    FROM outreach_event
    WHERE CAST(:record_type AS text) = 'outreach_event' AND import_batch_id = :batch
    UNION ALL
    SELECT id, 0, external_id, point, assignment, location_flags, unit_set_id,
        stated_edition, stated_level, stated_code
    FROM prevention_model
    WHERE CAST(:record_type AS text) = 'prevention_model' AND import_batch_id = :batch
    UNION ALL
    SELECT id, node.sequence, external_id, point, assignment, location_flags, unit_set_id,
        stated_edition, stated_level, stated_code
    FROM network
    JOIN network_node AS node ON node.network_id = network.id
    WHERE CAST(:record_type AS text) = 'network' AND import_batch_id = :batch
),
doubtful AS MATERIALIZED (
    SELECT *, assignment = 'nearest' AS is_across,
        'stated_unit_differs' = ANY (location_flags) AS differs
    FROM record
    WHERE assignment = 'nearest' OR location_flags <> '{}'
),
shown AS (
    SELECT 'point_across_edge' AS code, across.*
    FROM (SELECT * FROM doubtful WHERE is_across ORDER BY id, sequence LIMIT :most) AS across
    UNION ALL
    SELECT 'stated_unit_differs', differing.*
    FROM (SELECT * FROM doubtful WHERE differs ORDER BY id, sequence LIMIT :most) AS differing
)
SELECT shown.code, shown.external_id, shown.sequence,
    CASE shown.code
        WHEN 'point_across_edge' THEN (SELECT count(*) FROM doubtful WHERE is_across)
        ELSE (SELECT count(*) FROM doubtful WHERE differs)
    END AS rows_in_all,
    ST_Distance(unit.geom::geography, shown.point::geography) AS distance_m,
    shown.stated_edition, shown.stated_level, shown.stated_code,
    unit_set.commune_2025, unit_set.province_2025,
    unit_set.commune_2024, unit_set.district_2024, unit_set.province_2024
FROM shown
JOIN unit_set ON unit_set.id = shown.unit_set_id
LEFT JOIN unit
    ON unit.edition = '2025' AND unit.level = 'commune' AND unit.code = unit_set.commune_2025
ORDER BY shown.code, shown.id, shown.sequence
