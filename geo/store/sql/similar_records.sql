-- Incidents or outreach events of the actor's units that may be the one about to be entered: near in
-- time, of a related kind, and near in place (metres on the ellipsoid), or in the same commune where
-- either has no point.
WITH record AS (
    SELECT id, external_id, kind, status, occurred_from, occurred_to, place_text, victims,
        NULL::integer AS attendance, agency, version, unit_set_id, point, accuracy_m
    FROM incident
    WHERE CAST(:record_type AS text) = 'incident' AND deleted_at IS NULL
    UNION ALL
    SELECT id, external_id, kind, NULL, occurred_from, occurred_to, place_text, NULL,
        attendance, organiser, version, unit_set_id, point, accuracy_m
    FROM outreach_event
    WHERE CAST(:record_type AS text) = 'outreach_event' AND deleted_at IS NULL
),
asked AS (
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
SELECT record.id, record.external_id, record.kind, record.status,
    record.occurred_from, record.occurred_to, record.place_text, record.victims,
    record.attendance, record.agency, record.version, commune.full_name AS commune_name,
    round(ST_Distance(record.point::geography, asked.point::geography)) AS distance_m
FROM asked CROSS JOIN home CROSS JOIN record
JOIN unit_set ON unit_set.id = record.unit_set_id
LEFT JOIN unit_today AS commune ON (commune.edition, commune.level, commune.code)
    = ('2025', 'commune', unit_set.commune_2025)
WHERE record.id IS DISTINCT FROM CAST(:except AS uuid)
    AND record.kind = ANY (:kinds)
    AND record.occurred_from <= CAST(:last AS timestamptz) + make_interval(days => :days)
    AND record.occurred_from >= CAST(:first AS timestamptz) - make_interval(days => :days)
    AND CASE
        WHEN record.point IS NULL OR asked.point IS NULL
            THEN unit_set.commune_2025 = home.commune
        ELSE ST_DWithin(record.point::geography, asked.point::geography,
            :metres + least(coalesce(record.accuracy_m, 0), :most_accuracy_m))
    END
    AND (
        CAST(:own AS text[]) IS NULL
        OR ARRAY[
            'province_2025 ' || unit_set.province_2025, 'commune_2025 ' || unit_set.commune_2025,
            'province_2024 ' || unit_set.province_2024, 'district_2024 ' || unit_set.district_2024,
            'commune_2024 ' || unit_set.commune_2024
        ] && CAST(:own AS text[])
    )
ORDER BY coalesce(ST_Distance(record.point::geography, asked.point::geography), :metres)
    / CAST(:metres AS float8)
    + abs(extract(epoch FROM record.occurred_from - CAST(:first AS timestamptz))) / 86400.0 / :days
    + CASE WHEN record.kind = :kind THEN 0 ELSE 0.5 END,
    record.id
LIMIT :most
