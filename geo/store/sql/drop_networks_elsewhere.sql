-- A network none of whose places lies in the sender's units is left out whole, and so is one that
-- would change a network of that kind. Answers with one row for each, and whether it is that.
WITH staged_place AS (
    SELECT node.network_external_id, node.row_number,
        coalesce(
            ARRAY[
            'commune_2025 ' || unit_set.commune_2025, 'province_2025 ' || unit_set.province_2025,
            'commune_2024 ' || unit_set.commune_2024, 'district_2024 ' || unit_set.district_2024,
            'province_2024 ' || unit_set.province_2024
        ] && CAST(:own AS text[]), false
        ) AS is_own
    FROM staged_record AS node
    JOIN located USING (row_number)
    JOIN unit_set ON unit_set.id = located.unit_set_id
),
stored_place AS (
    SELECT network.external_id,
        coalesce(
            ARRAY[
            'commune_2025 ' || unit_set.commune_2025, 'province_2025 ' || unit_set.province_2025,
            'commune_2024 ' || unit_set.commune_2024, 'district_2024 ' || unit_set.district_2024,
            'province_2024 ' || unit_set.province_2024
        ] && CAST(:own AS text[]), false
        ) AS is_own
    FROM staged_network AS staged
    JOIN network ON network.source = :source AND network.external_id = staged.external_id
    JOIN network_node AS node ON node.network_id = network.id
    JOIN unit_set ON unit_set.id = node.unit_set_id
),
bad AS (
    SELECT network_external_id AS external_id, min(row_number) AS row_number, false AS is_taken
    FROM staged_place GROUP BY network_external_id HAVING NOT bool_or(is_own)
    UNION ALL
    SELECT stored.external_id, min(staged_place.row_number), true
    FROM (
        SELECT external_id FROM stored_place GROUP BY external_id HAVING NOT bool_or(is_own)
    ) AS stored
    JOIN staged_place ON staged_place.network_external_id = stored.external_id
    GROUP BY stored.external_id
),
legs AS (
    DELETE FROM staged_leg USING bad WHERE staged_leg.network_external_id = bad.external_id
),
nodes AS (
    DELETE FROM staged_record USING bad WHERE staged_record.network_external_id = bad.external_id
),
networks AS (
    DELETE FROM staged_network USING bad WHERE staged_network.external_id = bad.external_id
)
SELECT row_number, bool_and(is_taken) AS is_taken FROM bad GROUP BY row_number
