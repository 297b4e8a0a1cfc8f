-- location_combination as sql/unit_sets.sql reads it, from lists of codes.
CREATE TEMP TABLE location_combination ON COMMIT DROP AS
SELECT *
FROM unnest(
    CAST(:commune_2025 AS text[]), CAST(:province_2025 AS text[]), CAST(:commune_2024 AS text[]),
    CAST(:district_2024 AS text[]), CAST(:province_2024 AS text[])
) WITH ORDINALITY
AS listed (commune_2025, province_2025, commune_2024, district_2024, province_2024, number)
