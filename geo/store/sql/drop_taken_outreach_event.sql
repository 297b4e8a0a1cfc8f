-- Nor do rows that would change a record in none of the sender's units.
DELETE FROM staged_record AS staged
USING outreach_event AS known
JOIN unit_set ON unit_set.id = known.unit_set_id
WHERE known.source = :source AND known.external_id = staged.external_id
    AND NOT coalesce(
        ARRAY[
            'commune_2025 ' || unit_set.commune_2025, 'province_2025 ' || unit_set.province_2025,
            'commune_2024 ' || unit_set.commune_2024, 'district_2024 ' || unit_set.district_2024,
            'province_2024 ' || unit_set.province_2024
        ] && CAST(:own AS text[]), false
    )
RETURNING staged.row_number
