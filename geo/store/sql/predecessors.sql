-- Communes of 2024 of which communes of 2025 took something, those of which they took most first.
SELECT new_code, old_code AS code, old_name AS full_name, old_district_code AS district,
    share_area AS share
FROM crosswalk
WHERE new_code = ANY (:codes)
ORDER BY new_code, share_area DESC NULLS LAST, old_code
