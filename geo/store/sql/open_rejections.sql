-- Rows of a batch that wait to be mended, held until the transaction ends; of a network, which is
-- stored as a whole, all its rows.
SELECT rejected.row_number, rejected.external_id, rejected.content, rejected.problems
FROM rejected_row AS rejected
WHERE rejected.import_batch_id = :batch AND rejected.mended_at IS NULL
    AND (
        rejected.row_number = ANY (:numbers)
        OR (CAST(:with_network AS boolean) AND rejected.external_id IN (
            SELECT asked.external_id FROM rejected_row AS asked
            WHERE asked.import_batch_id = :batch AND asked.row_number = ANY (:numbers)
        ))
    )
ORDER BY rejected.row_number
FOR UPDATE
