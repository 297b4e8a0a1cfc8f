-- Outreach events in a unit on or after a day, the first ones first; of one id, or all.
SELECT event.id, event.external_id, event.kind, event.attendance,
    CAST(event.occurred_from AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) AS held_on
FROM outreach_event AS event
JOIN unit_set ON unit_set.id = event.unit_set_id
WHERE event.deleted_at IS NULL
    AND CASE CAST(:column AS text)
        WHEN 'commune_2025' THEN unit_set.commune_2025
        WHEN 'province_2025' THEN unit_set.province_2025
        WHEN 'commune_2024' THEN unit_set.commune_2024
        WHEN 'district_2024' THEN unit_set.district_2024
        WHEN 'province_2024' THEN unit_set.province_2024
    END = :code
    AND (CAST(:id AS uuid) IS NULL OR event.id = :id)
    AND (CAST(:since AS date) IS NULL
        OR event.occurred_to >= CAST(:since AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
ORDER BY event.occurred_from, event.id
LIMIT 50
