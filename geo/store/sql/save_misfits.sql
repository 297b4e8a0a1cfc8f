-- Places whose words name another unit; one that was found before is found anew.
INSERT INTO place_misfit (record_type, record_id, sequence, place_digest, edition, level, code)
VALUES (:record_type, :record_id, :sequence, :place_digest, :edition, :level, :code)
ON CONFLICT (record_type, record_id, sequence) DO UPDATE
SET place_digest = excluded.place_digest, edition = excluded.edition, level = excluded.level,
    code = excluded.code
