-- What became of a row that was sent again: mended, or rejected anew as it is now.
UPDATE rejected_row
SET content = :content, problems = :problems, external_id = :external_id,
    mended_at = CASE WHEN :is_mended THEN now() END
WHERE import_batch_id = :batch AND row_number = :row_number AND mended_at IS NULL
