-- The decisions on a unit that may be seen, the newest first.
SELECT review.version, review.decision, review.reason, review.priority, review.due_on,
    review.responsible_level, review.responsible_code, unit.full_name AS responsible_name,
    review.run_id, review.seen_class, review.seen_category, review.seen_cluster,
    review.stands, review.seconds,
    review.updated_at AS decided_at, review.updated_by AS decided_by, review.id
FROM hotspot_review AS review
LEFT JOIN unit_today AS unit
    ON unit.edition = '2025' AND unit.level = review.responsible_level
    AND unit.code = review.responsible_code
WHERE review.edition = :edition AND review.level = :level AND review.code = :code
ORDER BY review.version DESC
