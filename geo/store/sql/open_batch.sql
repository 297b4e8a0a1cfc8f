WITH known AS (
    SELECT id FROM import_batch
    WHERE record_type = :record_type AND source = :source AND file_sha256 = :file_sha256
        AND imported_by IS NOT DISTINCT FROM CAST(:actor AS text)
),
fresh AS (
    INSERT INTO import_batch (record_type, file_name, file_sha256, source, imported_by, units)
    SELECT :record_type, :file_name, :file_sha256, :source, :actor, :units
    WHERE NOT EXISTS (SELECT FROM known)
    RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM fresh
