-- What a unit was before the reform of 2025, or became by it: the loaded units of the other edition that
-- share a commune of before with it. A commune of today is set beside districts, a province beside
-- provinces. Each comes with its class in the newest standard run over its boundaries.
WITH part AS (
    SELECT crosswalk.new_code, crosswalk.old_district_code, crosswalk.old_province_code,
        new.parent_code AS new_province_code
    FROM crosswalk
    JOIN unit AS new ON (new.edition, new.level, new.code) = ('2025', 'commune', crosswalk.new_code)
),
linked AS (
    SELECT DISTINCT link.other_edition AS edition, link.other_level AS level, link.other_code AS code
    FROM part
    CROSS JOIN LATERAL (VALUES
        ('2025', 'commune', new_code, '2024', 'district', old_district_code),
        ('2025', 'province', new_province_code, '2024', 'province', old_province_code),
        ('2024', 'district', old_district_code, '2025', 'commune', new_code),
        ('2024', 'province', old_province_code, '2025', 'province', new_province_code)
    ) AS link (edition, level, code, other_edition, other_level, other_code)
    WHERE link.edition = :edition AND link.level = :level AND link.code = :code
)
SELECT unit.edition, unit.level, unit.code, unit.full_name, unit.name_en,
    parent.full_name AS parent_name, newest.class
FROM linked
JOIN unit_today AS unit USING (edition, level, code)
LEFT JOIN unit_today AS parent
    ON parent.edition = unit.edition AND parent.code = unit.parent_code AND parent.level = 'province'
LEFT JOIN LATERAL (
    SELECT result.class
    FROM hotspot_run AS run
    JOIN boundary_layer AS layer
        ON (layer.edition, layer.level, layer.fingerprint)
            = (run.edition, run.level, run.boundary_fingerprint)
    JOIN hotspot_result AS result ON result.run_id = run.id AND result.code = unit.code
    WHERE run.edition = unit.edition AND run.level = unit.level AND run.standard_at IS NOT NULL
        AND run.method = 'gi_star' AND run.parameters @> '{"border_only": false}'
        AND (NOT run.is_restricted OR CAST(:also_restricted AS boolean))
    ORDER BY run.standard_at DESC
    LIMIT 1
) AS newest ON true
ORDER BY unit.name, unit.code
