-- The provinces of 2025, and in which of them some unit of a list lies: of either edition, or the
-- country, whose code is empty.
WITH own AS (
    SELECT * FROM unnest(
        CAST(:editions AS text[]), CAST(:levels AS text[]), CAST(:codes AS text[])
    ) AS own (edition, level, code)
),
reached AS (
    SELECT unit.parent_code AS province FROM own
    JOIN crosswalk ON own.edition = '2024' AND own.code = CASE own.level
        WHEN 'province' THEN crosswalk.old_province_code
        WHEN 'district' THEN crosswalk.old_district_code
        ELSE crosswalk.old_code END
    JOIN unit ON (unit.edition, unit.level, unit.code) = ('2025', 'commune', crosswalk.new_code)
    UNION
    SELECT coalesce(unit.parent_code, unit.code) FROM own
    JOIN unit ON own.edition = '2025'
        AND (unit.edition, unit.level, unit.code) = (own.edition, own.level, own.code)
)
SELECT today.code, today.full_name,
    EXISTS (SELECT FROM own WHERE own.level = 'country')
    OR today.code IN (SELECT province FROM reached) AS own
FROM unit_today AS today
WHERE (today.edition, today.level) = ('2025', 'province')
ORDER BY today.code
