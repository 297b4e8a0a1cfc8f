-- Codes of the 2024 edition's provinces that a name or a code of either edition means; one of 2025
-- through the crosswalk. Names meet without their tones. Today's edition goes first: codes and
-- names were given on to others in July 2025.
WITH asked AS (
    SELECT edition, code FROM unit
    WHERE level = 'province' AND (code = :name OR plain_name(name) = plain_name(:name)
        OR plain_name(full_name) = plain_name(:name))
)
SELECT DISTINCT old_province_code AS code
FROM crosswalk
JOIN unit AS commune
    ON commune.edition = '2025' AND commune.level = 'commune' AND commune.code = crosswalk.new_code
WHERE EXISTS (SELECT FROM asked WHERE edition = '2025' AND code = commune.parent_code)
UNION
SELECT code FROM asked
WHERE edition = '2024' AND NOT EXISTS (SELECT FROM asked WHERE edition = '2025')
