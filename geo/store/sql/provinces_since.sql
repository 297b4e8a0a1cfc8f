-- In which province of 2025 each one of 2024 lies, all of it, and whether it is all of that one.
WITH part AS (
    SELECT DISTINCT crosswalk.old_province_code AS before, new.parent_code AS now
    FROM crosswalk
    JOIN unit AS new
        ON new.edition = '2025' AND new.level = 'commune' AND new.code = crosswalk.new_code
),
counted AS (
    SELECT before, now,
        count(*) OVER (PARTITION BY before) AS nows,
        count(*) OVER (PARTITION BY now) AS befores
    FROM part
)
SELECT before, now, befores = 1 AS is_whole FROM counted WHERE nows = 1
