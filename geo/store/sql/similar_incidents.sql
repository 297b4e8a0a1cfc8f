-- Incidents of the actor's units that may be the one about to be entered: near in time, of a related
-- kind, and near in place (metres on the ellipsoid), or in the same commune where either has no point.
WITH asked AS (
    SELECT ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326) AS point
),
home AS (
    SELECT coalesce(
        CAST(:commune AS text),
        (SELECT code FROM unit, asked
            WHERE edition = '2025' AND level = 'commune'
                AND ST_Intersects(geom, asked.point) ORDER BY code LIMIT 1)
    ) AS commune
)
SELECT incident.id, incident.external_id, incident.kind, incident.status,
    incident.occurred_from, incident.occurred_to, incident.place_text, incident.victims,
    incident.agency, incident.version, commune.full_name AS commune_name,
    round(ST_Distance(incident.point::geography, asked.point::geography)) AS distance_m
FROM asked CROSS JOIN home CROSS JOIN incident
JOIN unit_set ON unit_set.id = incident.unit_set_id
LEFT JOIN unit_today AS commune ON (commune.edition, commune.level, commune.code)
    = ('2025', 'commune', unit_set.commune_2025)
WHERE incident.deleted_at IS NULL
    AND incident.id IS DISTINCT FROM CAST(:except AS uuid)
    AND incident.kind = ANY (:kinds)
    AND incident.occurred_from <= CAST(:last AS timestamptz) + make_interval(days => :days)
    AND incident.occurred_from >= CAST(:first AS timestamptz) - make_interval(days => :days)
    AND CASE
        WHEN incident.point IS NULL OR asked.point IS NULL
            THEN unit_set.commune_2025 = home.commune
        ELSE ST_DWithin(incident.point::geography, asked.point::geography,
            :metres + least(coalesce(incident.accuracy_m, 0), :most_accuracy_m))
    END
    AND (
        CAST(:own AS text[]) IS NULL
        OR ARRAY[
            'province_2025 ' || unit_set.province_2025, 'commune_2025 ' || unit_set.commune_2025,
            'province_2024 ' || unit_set.province_2024, 'district_2024 ' || unit_set.district_2024,
            'commune_2024 ' || unit_set.commune_2024
        ] && CAST(:own AS text[])
    )
ORDER BY coalesce(ST_Distance(incident.point::geography, asked.point::geography), :metres)
    / CAST(:metres AS float8)
    + abs(extract(epoch FROM incident.occurred_from - CAST(:first AS timestamptz))) / 86400.0 / :days
    + CASE WHEN incident.kind = :kind THEN 0 ELSE 0.5 END,
    incident.id
LIMIT :most
