-- What a file added stays written when it is sent again and adds nothing.
UPDATE import_batch
SET rows_read = :rows_read,
    rows_added = greatest(rows_added, :rows_added),
    rows_changed = greatest(rows_changed, :rows_changed),
    rows_unchanged = :rows_unchanged,
    rows_rejected = :rows_rejected,
    rows_doubtful = greatest(rows_doubtful, :rows_doubtful),
    notes = :notes,
    warnings = CASE WHEN :rows_doubtful < rows_doubtful THEN warnings ELSE :warnings END
WHERE id = :batch
