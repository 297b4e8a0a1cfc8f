-- Outreach events in a unit in the days [first, last) in Vietnam by kind, and of each kind the last day
-- on which one was held before `last`. Events are no secret: they are counted for everybody.
SELECT held.kind,
    coalesce(sum(held.events) FILTER (WHERE held.day >= CAST(:first AS date)), 0)::integer AS events,
    coalesce(sum(held.sessions) FILTER (WHERE held.day >= CAST(:first AS date)), 0)::integer AS sessions,
    coalesce(sum(held.participants) FILTER (WHERE held.day >= CAST(:first AS date)), 0)::integer
        AS participants,
    coalesce(sum(held.uncounted) FILTER (WHERE held.day >= CAST(:first AS date)), 0)::integer AS uncounted,
    max(held.day) AS last_day
FROM outreach_held(CAST(:first AS date), CAST(:last AS date)) AS held
JOIN unit_set ON unit_set.id = held.unit_set_id
WHERE CASE CAST(:column AS text)
    WHEN 'commune_2025' THEN unit_set.commune_2025
    WHEN 'province_2025' THEN unit_set.province_2025
    WHEN 'commune_2024' THEN unit_set.commune_2024
    WHEN 'district_2024' THEN unit_set.district_2024
    WHEN 'province_2024' THEN unit_set.province_2024
END = :code
GROUP BY held.kind
ORDER BY sessions DESC, held.kind
