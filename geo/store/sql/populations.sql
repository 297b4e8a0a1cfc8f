-- The figure of the year nearest to the one asked for; of two equally near, the later.
SELECT DISTINCT ON (code) code, value
FROM population
WHERE edition = :edition AND level = :level
ORDER BY code, abs(year - :year), year DESC
