-- Places with a point and words that name neither the commune in which the point lies nor one of
-- those that it was made of: of one record, of a batch, or of what was just given other units; of
-- all of them where none of these is asked for.
WITH placed AS MATERIALIZED (
    SELECT record_type, record_id, sequence, place_text, unit_set_id,
        plain_name(place_text) AS words,
        place_digest(point, precision, accuracy_m, place_text,
            stated_edition, stated_level, stated_code, unit_set_id
        ) AS place_digest
    FROM placed_record
    WHERE point IS NOT NULL AND place_text IS NOT NULL
        AND (CAST(:record AS uuid) IS NULL OR record_id = :record)
        AND (CAST(:batch AS uuid) IS NULL OR record_id IN (
            SELECT id FROM incident WHERE import_batch_id = :batch
            UNION ALL SELECT id FROM outreach_event WHERE import_batch_id = :batch
            UNION ALL SELECT id FROM prevention_model WHERE import_batch_id = :batch
            UNION ALL SELECT id FROM network WHERE import_batch_id = :batch
        ))
        AND (NOT CAST(:moved AS boolean) OR record_id IN (
            SELECT record_id FROM record_move WHERE moved_at = now()
        ))
),
-- Few sets of units stand behind many places: their names are made plain once.
own AS MATERIALIZED (
    SELECT unit_set.id, unit_set.commune_2025, unit_set.province_2025, unit_set.district_2024,
        unit_set.province_2024,
        ARRAY(
            SELECT plain_name(name) FROM unit
            WHERE edition = '2025' AND level = 'commune' AND code = unit_set.commune_2025
            UNION
            SELECT plain_name(regexp_replace(old_name, '^(Xã|Phường|Thị trấn) ', ''))
            FROM crosswalk WHERE new_code = unit_set.commune_2025
        ) AS names
    FROM unit_set
    WHERE unit_set.id IN (SELECT unit_set_id FROM placed)
)
SELECT placed.record_type, placed.record_id, placed.sequence, placed.place_text,
    placed.place_digest, own.commune_2025, own.province_2025, own.district_2024, own.province_2024
FROM placed
JOIN own ON own.id = placed.unit_set_id
WHERE NOT EXISTS (
    SELECT FROM unnest(own.names) AS one (name) WHERE position(one.name IN placed.words) > 0
)
ORDER BY placed.record_type, placed.record_id, placed.sequence
