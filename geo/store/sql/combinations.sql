-- What sql/locate.sql found, with the rows that share it: a million rows travel as some thousand
-- lists of row numbers (4 bytes each, most significant first).
SELECT commune_2025, province_2025, commune_2024, district_2024, province_2024, assignment,
    location_flags, row_numbers
FROM (
    SELECT combination AS number, string_agg(int4send(row_number), '') AS row_numbers
    FROM location_row GROUP BY combination
) AS shared
JOIN location_combination USING (number)
