-- Countable incidents of a unit, of the days [first, last) in Vietnam, by channel of recruitment: one that
-- has several counts in each, '' stands for none stated, and null for all. Of what the actor may see.
SELECT channel.code AS channel, count(DISTINCT incident.id)::integer AS incidents
FROM shown_incident AS incident
JOIN unit_set ON unit_set.id = incident.unit_set_id
CROSS JOIN LATERAL unnest(
    CASE incident.channels WHEN '{}' THEN ARRAY['', NULL] ELSE incident.channels || CAST(NULL AS text) END
) AS channel (code)
WHERE is_countable(incident.status, incident.deleted_at)
    AND incident.occurred_from >= CAST(:first AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    AND incident.occurred_from < CAST(:last AS date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    AND CASE CAST(:column AS text)
        WHEN 'commune_2025' THEN unit_set.commune_2025
        WHEN 'province_2025' THEN unit_set.province_2025
        WHEN 'commune_2024' THEN unit_set.commune_2024
        WHEN 'district_2024' THEN unit_set.district_2024
        WHEN 'province_2024' THEN unit_set.province_2024
    END = :code
GROUP BY channel.code
ORDER BY incidents DESC, channel.code
