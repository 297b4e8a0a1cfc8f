-- Rows that lie in none of the sender's units do not go in.
DELETE FROM staged_record AS staged
USING located
JOIN unit_set ON unit_set.id = located.unit_set_id
WHERE located.row_number = staged.row_number
    AND NOT coalesce(
        ARRAY[
            'commune_2025 ' || unit_set.commune_2025, 'province_2025 ' || unit_set.province_2025,
            'commune_2024 ' || unit_set.commune_2024, 'district_2024 ' || unit_set.district_2024,
            'province_2024 ' || unit_set.province_2024
        ] && CAST(:own AS text[]), false
    )
RETURNING staged.row_number
