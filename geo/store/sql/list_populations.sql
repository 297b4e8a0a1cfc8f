-- Figures with the names of their units; the newest year first, of a year today's units first.
SELECT population.edition, population.level, population.code, unit.full_name, population.year,
    population.value, population.estimated, population.source, batch.file_name,
    batch.imported_at, count(*) OVER () AS total
FROM population
LEFT JOIN unit_today AS unit USING (edition, level, code)
LEFT JOIN import_batch AS batch ON batch.id = population.import_batch_id
WHERE (CAST(:level AS text) IS NULL OR population.level = :level)
    AND (CAST(:year AS integer) IS NULL OR population.year = :year)
ORDER BY population.year DESC, population.edition DESC, population.level, population.code
LIMIT :limit
