-- What is planned or done against a hotspot, with the outreach event that came of it.
SELECT action.id, action.kind, action.state, action.planned_on, action.note, action.version,
    action.responsible_level, action.responsible_code, unit.full_name AS responsible_name,
    action.outreach_event_id, event.external_id AS event_external_id,
    CAST(event.occurred_from AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) AS event_on,
    action.created_at, action.created_by, action.updated_at, action.updated_by
FROM hotspot_action AS action
LEFT JOIN unit_today AS unit
    ON unit.edition = '2025' AND unit.level = action.responsible_level
    AND unit.code = action.responsible_code
LEFT JOIN outreach_event AS event ON event.id = action.outreach_event_id AND event.deleted_at IS NULL
WHERE action.edition = :edition AND action.level = :level AND action.code = :code
    AND action.deleted_at IS NULL
ORDER BY action.planned_on DESC, action.id
