-- How many staged figures are new, differ from the one known, or say the same.
SELECT count(*) FILTER (WHERE known.code IS NULL) AS added,
    count(*) FILTER (WHERE (known.value, known.source, known.estimated)
        <> (staged.value, staged.source, staged.estimated)) AS changed,
    count(*) FILTER (WHERE (known.value, known.source, known.estimated)
        = (staged.value, staged.source, staged.estimated)) AS unchanged
FROM staged_population AS staged
LEFT JOIN population AS known USING (edition, level, code, year)
--;
-- A figure that shipped and is confirmed by a file is the file's from then on.
INSERT INTO population AS known (edition, level, code, year, value, source, estimated,
    import_batch_id, updated_at)
SELECT edition, level, code, year, value, source, estimated, :batch, clock_timestamp()
FROM staged_population
ON CONFLICT (edition, level, code, year) DO UPDATE
SET value = excluded.value, source = excluded.source, estimated = excluded.estimated,
    import_batch_id = excluded.import_batch_id, updated_at = excluded.updated_at
WHERE known.import_batch_id IS NULL
    OR (known.value, known.source, known.estimated)
        <> (excluded.value, excluded.source, excluded.estimated)
