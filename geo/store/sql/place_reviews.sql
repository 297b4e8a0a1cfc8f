-- A page of the places to be looked at again, by record, each with every reason: `differs` (text
-- and point name different units), `coarse` (see is_coarse), `moved` (a swap of boundaries gave it
-- other units, which it still has). A check holds while the place is as it was.
WITH listed AS (
    SELECT record_type, record_id, sequence FROM placed_record
    WHERE location_flags <> '{}' OR is_coarse(precision, accuracy_m)
    UNION
    SELECT record_type, record_id, sequence FROM record_move
),
place AS (
    SELECT placed.*, moved.moved_at, moved.from_set,
        place_digest(placed.point, placed.precision, placed.accuracy_m, placed.place_text,
            placed.stated_edition, placed.stated_level, placed.stated_code, placed.unit_set_id
        ) AS digest,
        array_remove(ARRAY[
            CASE WHEN 'stated_unit_differs' = ANY (placed.location_flags) THEN 'differs' END,
            CASE WHEN is_coarse(placed.precision, placed.accuracy_m) THEN 'coarse' END,
            CASE WHEN moved.moved_at IS NOT NULL THEN 'moved' END
        ], NULL) AS reasons
    FROM listed
    JOIN placed_record AS placed USING (record_type, record_id, sequence)
    LEFT JOIN LATERAL (
        SELECT moved_at, from_set, to_set FROM record_move
        WHERE record_move.record_type = listed.record_type
            AND record_move.record_id = listed.record_id
            AND record_move.sequence = listed.sequence
        ORDER BY moved_at DESC, id DESC
        LIMIT 1
    ) AS moved ON moved.to_set = placed.unit_set_id
    WHERE CAST(:after_type AS text) IS NULL
        OR (record_type, record_id, sequence) > (:after_type, CAST(:after_id AS uuid), :after_sequence)
)
SELECT place.record_type, place.record_id, place.sequence, place.external_id, place.kind,
    place.reasons, place.place_text, place.precision, place.accuracy_m,
    place.stated_edition, place.stated_level, place.stated_code, stated.full_name AS stated_name,
    unit_set.commune_2025, unit_set.province_2025, unit_set.commune_2024, unit_set.district_2024,
    unit_set.province_2024, concat_ws(', ', commune.full_name, province.full_name) AS unit_name,
    CASE WHEN place.moved_at IS NOT NULL
        THEN concat_ws(', ', commune_before.full_name, province_before.full_name)
    END AS moved_from,
    place.moved_at, check_of.checked_at, check_of.checked_by, place.digest AS place_digest,
    ST_X(place.point) AS longitude, ST_Y(place.point) AS latitude,
    ST_X(near.point) AS near_longitude, ST_Y(near.point) AS near_latitude
FROM place
JOIN unit_set ON unit_set.id = place.unit_set_id
LEFT JOIN unit_set AS before ON before.id = place.from_set
LEFT JOIN unit_today AS commune
    ON (commune.edition, commune.level, commune.code) = ('2025', 'commune', unit_set.commune_2025)
LEFT JOIN unit_today AS province
    ON (province.edition, province.level, province.code) = ('2025', 'province', unit_set.province_2025)
LEFT JOIN unit_today AS commune_before
    ON (commune_before.edition, commune_before.level, commune_before.code)
        = ('2025', 'commune', before.commune_2025)
LEFT JOIN unit_today AS province_before
    ON (province_before.edition, province_before.level, province_before.code)
        = ('2025', 'province', before.province_2025)
LEFT JOIN unit_today AS stated
    ON (stated.edition, stated.level, stated.code)
        = (place.stated_edition, place.stated_level, place.stated_code)
CROSS JOIN LATERAL (
    SELECT coalesce(place.point, commune.label_point, stated.label_point, province.label_point)
        AS point
) AS near
LEFT JOIN place_check AS check_of
    ON check_of.record_type = place.record_type AND check_of.record_id = place.record_id
    AND check_of.sequence = place.sequence AND check_of.place_digest = place.digest
WHERE cardinality(place.reasons) > 0
    AND (cardinality(CAST(:reasons AS text[])) = 0 OR place.reasons && :reasons)
    AND (cardinality(CAST(:record_types AS text[])) = 0 OR place.record_type = ANY (:record_types))
    AND (CAST(:column AS text) IS NULL OR to_jsonb(unit_set) ->> :column = :code)
    AND (check_of.checked_at IS NOT NULL) = :checked
    AND (CAST(:own AS text[]) IS NULL OR EXISTS (
        SELECT FROM unnest(CAST(:own AS text[])) AS own
        WHERE to_jsonb(unit_set) ->> split_part(own, ' ', 1) = split_part(own, ' ', 2)
    ))
ORDER BY place.record_type, place.record_id, place.sequence
LIMIT :limit
