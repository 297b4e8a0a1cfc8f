-- A page of the places to be looked at again, by record, each with every reason: `differs` (text
-- and point name different units), `coarse` (see is_coarse), `moved` (a swap of boundaries gave it
-- other units, which it still has). A check holds while the place is as it was.
WITH listed AS (
    SELECT record_type, record_id, sequence FROM placed_record
    WHERE location_flags <> '{}' OR is_coarse(precision, accuracy_m)
    UNION
    SELECT record_type, record_id, sequence FROM record_move
    UNION
    SELECT record_type, record_id, sequence FROM place_misfit
),
placed AS (
    SELECT placed_record.*,
        place_digest(point, precision, accuracy_m, place_text,
            stated_edition, stated_level, stated_code, unit_set_id
        ) AS digest
    FROM listed
    JOIN placed_record USING (record_type, record_id, sequence)
    WHERE CAST(:after_type AS text) IS NULL
        OR (record_type, record_id, sequence) > (:after_type, CAST(:after_id AS uuid), :after_sequence)
),
place AS (
    SELECT placed.*, moved.moved_at, moved.edition AS moved_edition, moved.level AS moved_level,
        moved.code_before, moved.code_now,
        misfit.edition AS worded_edition, misfit.level AS worded_level, misfit.code AS worded_code,
        array_remove(ARRAY[
            CASE
                WHEN 'stated_unit_differs' = ANY (placed.location_flags) OR misfit.code IS NOT NULL
                THEN 'differs'
            END,
            CASE WHEN is_coarse(placed.precision, placed.accuracy_m) THEN 'coarse' END,
            CASE WHEN moved.moved_at IS NOT NULL THEN 'moved' END
        ], NULL) AS reasons
    FROM placed
    LEFT JOIN place_misfit AS misfit
        ON (misfit.record_type, misfit.record_id, misfit.sequence, misfit.place_digest)
            = (placed.record_type, placed.record_id, placed.sequence, placed.digest)
    -- Swaps that follow each other are one move: from the units before the first of them. Of what
    -- differs the finest level of the newest edition is told; a level that was not known before is
    -- no move.
    LEFT JOIN LATERAL (
        SELECT first.last_at AS moved_at, differing.*
        FROM (
            SELECT from_set, moved_at, id,
                from_set IS DISTINCT FROM lag(to_set) OVER (ORDER BY moved_at, id) AS begins,
                first_value(to_set) OVER (ORDER BY moved_at DESC, id DESC) AS last_set,
                first_value(moved_at) OVER (ORDER BY moved_at DESC, id DESC) AS last_at
            FROM record_move AS move
            WHERE (move.record_type, move.record_id, move.sequence)
                = (placed.record_type, placed.record_id, placed.sequence)
        ) AS first
        JOIN unit_set AS before ON before.id = first.from_set
        JOIN unit_set AS now ON now.id = placed.unit_set_id
        CROSS JOIN LATERAL (
            SELECT edition, level, code_before, code_now
            FROM (VALUES
                (1, '2025', 'commune', before.commune_2025, now.commune_2025),
                (2, '2025', 'province', before.province_2025, now.province_2025),
                (3, '2024', 'commune', before.commune_2024, now.commune_2024),
                (4, '2024', 'district', before.district_2024, now.district_2024),
                (5, '2024', 'province', before.province_2024, now.province_2024)
            ) AS pair (place, edition, level, code_before, code_now)
            WHERE code_before IS NOT NULL AND code_now IS DISTINCT FROM code_before
            ORDER BY place
            LIMIT 1
        ) AS differing
        WHERE first.begins AND first.last_set = placed.unit_set_id
        ORDER BY first.moved_at DESC, first.id DESC
        LIMIT 1
    ) AS moved ON true
)
SELECT place.record_type, place.record_id, place.sequence, place.external_id, place.kind,
    place.reasons, place.place_text, place.precision, place.accuracy_m,
    place.stated_edition, place.stated_level, place.stated_code, stated.full_name AS stated_name,
    unit_set.commune_2025, unit_set.province_2025, unit_set.commune_2024, unit_set.district_2024,
    unit_set.province_2024, concat_ws(', ', commune.full_name, province.full_name) AS unit_name,
    worded.full_name AS worded_name,
    unit_path(place.moved_edition, place.moved_level, place.code_before) AS moved_from,
    unit_path(place.moved_edition, place.moved_level, place.code_now) AS moved_to,
    place.moved_at, check_of.checked_at, check_of.checked_by, place.digest AS place_digest,
    ST_X(place.point) AS longitude, ST_Y(place.point) AS latitude,
    ST_X(near.point) AS near_longitude, ST_Y(near.point) AS near_latitude
FROM place
JOIN unit_set ON unit_set.id = place.unit_set_id
LEFT JOIN unit_today AS commune
    ON (commune.edition, commune.level, commune.code) = ('2025', 'commune', unit_set.commune_2025)
LEFT JOIN unit_today AS province
    ON (province.edition, province.level, province.code) = ('2025', 'province', unit_set.province_2025)
LEFT JOIN unit_today AS worded
    ON (worded.edition, worded.level, worded.code)
        = (place.worded_edition, place.worded_level, place.worded_code)
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
