-- These provinces, and those of the other edition all of whose communes lie in one of them.
WITH own AS (
    SELECT edition, code
    FROM unnest(CAST(:editions AS text[]), CAST(:codes AS text[])) AS given (edition, code)
),
part AS (
    SELECT DISTINCT crosswalk.old_province_code AS before, new.parent_code AS now
    FROM crosswalk
    JOIN unit AS new
        ON new.edition = '2025' AND new.level = 'commune' AND new.code = crosswalk.new_code
)
SELECT edition, code FROM own
UNION
SELECT '2024', part.before
FROM part
GROUP BY part.before
HAVING count(*) = 1 AND min(part.now) IN (SELECT code FROM own WHERE edition = '2025')
UNION
SELECT '2025', part.now
FROM part
GROUP BY part.now
HAVING count(*) = 1 AND min(part.before) IN (SELECT code FROM own WHERE edition = '2024')
