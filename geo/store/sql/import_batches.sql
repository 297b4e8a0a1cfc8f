-- Batches of files that the actor sent, and for a leader those of people all of whose units are his.
-- The newest first.
SELECT batch.id, batch.record_type, batch.file_name, batch.imported_at, batch.imported_by,
    batch.source, batch.rows_read, batch.rows_added, batch.rows_changed, batch.rows_unchanged,
    batch.rows_rejected, batch.rows_doubtful, batch.notes, batch.warnings,
    (
        SELECT count(*) FROM rejected_row AS rejected
        WHERE rejected.import_batch_id = batch.id AND rejected.mended_at IS NULL
    ) AS rows_open
FROM import_batch AS batch
WHERE (CAST(:identifier AS uuid) IS NULL OR batch.id = :identifier)
    AND (CAST(:after AS uuid) IS NULL OR batch.id < :after)
    AND (batch.imported_by = actor_name() OR actor_leads(batch.units))
ORDER BY batch.id DESC
LIMIT :limit
