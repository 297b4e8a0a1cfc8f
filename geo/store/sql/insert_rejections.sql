-- A row that was mended since stays mended when its file comes again.
INSERT INTO rejected_row (import_batch_id, row_number, external_id, content, problems)
SELECT staged.import_batch_id, staged.row_number, staged.external_id, staged.content,
    staged.problems
FROM staged_rejection AS staged
WHERE NOT EXISTS (
    SELECT FROM rejected_row AS known
    WHERE known.import_batch_id = staged.import_batch_id
        AND known.row_number = staged.row_number AND known.mended_at IS NOT NULL
)
ORDER BY staged.row_number
