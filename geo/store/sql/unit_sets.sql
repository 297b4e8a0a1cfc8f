-- location_set: the set of units of each location_combination. Sets not met before are written.
INSERT INTO unit_set (commune_2025, province_2025, commune_2024, district_2024, province_2024)
SELECT DISTINCT commune_2025, province_2025, commune_2024, district_2024, province_2024
FROM location_combination
ON CONFLICT DO NOTHING
--;
CREATE TEMP TABLE location_set ON COMMIT DROP AS
SELECT combination.number, unit_set.id AS unit_set_id
FROM location_combination AS combination
JOIN unit_set
    ON coalesce(unit_set.commune_2025, '') = coalesce(combination.commune_2025, '')
    AND coalesce(unit_set.province_2025, '') = coalesce(combination.province_2025, '')
    AND coalesce(unit_set.commune_2024, '') = coalesce(combination.commune_2024, '')
    AND coalesce(unit_set.district_2024, '') = coalesce(combination.district_2024, '')
    AND coalesce(unit_set.province_2024, '') = coalesce(combination.province_2024, '')
--;
ANALYZE location_set
