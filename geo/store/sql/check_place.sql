-- Says who found a place right, provided that it is still the one that was seen.
INSERT INTO place_check (record_type, record_id, sequence, place_digest, checked_by)
SELECT record_type, record_id, sequence, :place_digest, :checked_by
FROM placed_record
WHERE record_type = :record_type AND record_id = :record_id AND sequence = :sequence
    AND place_digest(point, precision, accuracy_m, place_text, stated_edition, stated_level,
        stated_code, unit_set_id) = :place_digest
ON CONFLICT (record_type, record_id, sequence) DO UPDATE
    SET place_digest = excluded.place_digest, checked_by = excluded.checked_by, checked_at = now()
RETURNING checked_at
