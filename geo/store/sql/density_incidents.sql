-- Incidents of a period as a density takes them, as the actor is shown them: those whose place is known
-- by their point, those known by their commune, or shown no nearer, by its code, the others by neither.
SELECT place.lon, place.lat, place.edition, place.code, count(*) AS incidents
FROM shown_incident AS incident
JOIN unit_set ON unit_set.id = incident.unit_set_id
CROSS JOIN LATERAL (
    SELECT precision IN ('exact', 'village') AND point IS NOT NULL AND NOT :by_commune AS exact,
        precision IN ('exact', 'village', 'commune') AS near
) AS known
CROSS JOIN LATERAL (
    SELECT CASE WHEN exact THEN ST_X(point) END, CASE WHEN exact THEN ST_Y(point) END,
        CASE WHEN near AND NOT exact THEN
            CASE WHEN commune_2025 IS NOT NULL THEN '2025' WHEN commune_2024 IS NOT NULL THEN '2024' END
        END,
        CASE WHEN near AND NOT exact THEN coalesce(commune_2025, commune_2024) END
) AS place (lon, lat, edition, code)
WHERE is_countable(incident.status, incident.deleted_at)
    AND incident.occurred_from >= timezone('Asia/Ho_Chi_Minh', CAST(:first AS timestamp))
    AND incident.occurred_from < timezone('Asia/Ho_Chi_Minh', CAST(:last AS timestamp))
    AND (cardinality(CAST(:kinds AS text[])) = 0 OR incident.kind = ANY (:kinds))
GROUP BY 1, 2, 3, 4
