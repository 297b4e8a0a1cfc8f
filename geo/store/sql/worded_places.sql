-- Places with a point and words that name neither the commune in which the point lies nor one of
-- those that it was made of: of one record, of a batch, or of what was just given other units; of
-- all of them where none of these is asked for.
SELECT placed.record_type, placed.record_id, placed.sequence, placed.place_text,
    place_digest(placed.point, placed.precision, placed.accuracy_m, placed.place_text,
        placed.stated_edition, placed.stated_level, placed.stated_code, placed.unit_set_id
    ) AS place_digest,
    unit_set.commune_2025, unit_set.province_2025, unit_set.district_2024, unit_set.province_2024
FROM placed_record AS placed
JOIN unit_set ON unit_set.id = placed.unit_set_id
CROSS JOIN LATERAL (SELECT plain_name(placed.place_text) AS words OFFSET 0) AS plain
WHERE placed.point IS NOT NULL AND placed.place_text IS NOT NULL
    AND (CAST(:record AS uuid) IS NULL OR placed.record_id = :record)
    AND (CAST(:batch AS uuid) IS NULL OR placed.record_id IN (
        SELECT id FROM incident WHERE import_batch_id = :batch
        UNION ALL SELECT id FROM outreach_event WHERE import_batch_id = :batch
        UNION ALL SELECT id FROM prevention_model WHERE import_batch_id = :batch
        UNION ALL SELECT id FROM network WHERE import_batch_id = :batch
    ))
    AND (NOT CAST(:moved AS boolean) OR placed.record_id IN (
        SELECT record_id FROM record_move WHERE moved_at = now()
    ))
    AND NOT EXISTS (
        SELECT FROM (
            SELECT name FROM unit
            WHERE edition = '2025' AND level = 'commune' AND code = unit_set.commune_2025
            UNION ALL
            SELECT regexp_replace(old_name, '^(Xã|Phường|Thị trấn) ', '') FROM crosswalk
            WHERE new_code = unit_set.commune_2025
        ) AS own
        WHERE position(plain_name(own.name) IN plain.words) > 0
    )
