-- The records entered last in the actor's units, of all types.
WITH own AS (
    SELECT id FROM unit_set
    WHERE CAST(:own AS text[]) IS NULL
        OR ARRAY[
            'province_2025 ' || province_2025, 'commune_2025 ' || commune_2025,
            'province_2024 ' || province_2024, 'district_2024 ' || district_2024,
            'commune_2024 ' || commune_2024
        ] && CAST(:own AS text[])
),
latest AS (
    (SELECT 'incident' AS record_type, id, kind, NULL AS case_code, occurred_from, place_text,
        unit_set_id, version, created_at, created_by, updated_at, updated_by, deleted_at
    FROM incident WHERE unit_set_id IN (SELECT id FROM own) ORDER BY created_at DESC LIMIT :most)
    UNION ALL
    (SELECT 'outreach_event', id, kind, NULL, occurred_from, place_text,
        unit_set_id, version, created_at, created_by, updated_at, updated_by, deleted_at
    FROM outreach_event WHERE unit_set_id IN (SELECT id FROM own) ORDER BY created_at DESC LIMIT :most)
    UNION ALL
    (SELECT 'network', network.id, scope, case_code, dismantled_on::timestamptz, NULL,
        (SELECT min(unit_set_id) FROM network_node
            WHERE network_id = network.id AND unit_set_id IN (SELECT id FROM own)),
        version, created_at, created_by, updated_at, updated_by, deleted_at
    FROM network
    WHERE EXISTS (SELECT 1 FROM network_node
        WHERE network_id = network.id AND unit_set_id IN (SELECT id FROM own))
    ORDER BY created_at DESC LIMIT :most)
)
SELECT latest.record_type, latest.id, latest.kind, latest.case_code, latest.occurred_from,
    latest.place_text, latest.version, latest.created_at, latest.created_by, latest.updated_at,
    latest.updated_by, latest.deleted_at IS NOT NULL AS is_deleted,
    concat_ws(', ', commune.full_name, province.full_name) AS unit_name
FROM latest
JOIN unit_set ON unit_set.id = latest.unit_set_id
LEFT JOIN unit_today AS commune ON (commune.edition, commune.level, commune.code)
    = ('2025', 'commune', unit_set.commune_2025)
LEFT JOIN unit_today AS province ON (province.edition, province.level, province.code)
    = ('2025', 'province', unit_set.province_2025)
ORDER BY latest.created_at DESC, latest.id DESC
LIMIT :most
