-- A network one of whose places in Vietnam lies outside it is left out whole.
WITH bad AS (
    SELECT DISTINCT node.network_external_id
    FROM staged_record AS node
    JOIN located USING (row_number)
    WHERE node.country = 'VN' AND located.assignment = 'outside'
),
legs AS (
    DELETE FROM staged_leg USING bad
    WHERE staged_leg.network_external_id = bad.network_external_id
),
nodes AS (
    DELETE FROM staged_record USING bad
    WHERE staged_record.network_external_id = bad.network_external_id
)
DELETE FROM staged_network USING bad WHERE staged_network.external_id = bad.network_external_id
