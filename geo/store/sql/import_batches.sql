-- Batches of files that somebody sent himself, and for a leader those of people all of whose units
-- are his: the same units, or units of the same edition within them. The newest first.
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
    AND (
        batch.imported_by = :username
        OR (CAST(:leads AS boolean) AND batch.units <> '{}' AND NOT EXISTS (
            SELECT FROM unnest(batch.units) AS held (name)
            WHERE CAST(:own AS text[]) IS NOT NULL AND held.name <> ALL (:own)
                AND NOT EXISTS (
                    SELECT FROM unit AS child
                    JOIN unit AS parent
                        ON parent.edition = child.edition AND parent.code = child.parent_code
                    LEFT JOIN unit AS top
                        ON top.edition = parent.edition AND top.code = parent.parent_code
                    WHERE child.level || '_' || child.edition || ' ' || child.code = held.name
                        AND (
                            parent.level || '_' || parent.edition || ' ' || parent.code = ANY (:own)
                            OR top.level || '_' || top.edition || ' ' || top.code = ANY (:own)
                        )
                )
        ))
    )
ORDER BY batch.id DESC
LIMIT :limit
