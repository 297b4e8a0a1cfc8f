-- One network with the codes of the units that its places in Vietnam lie in, of the column of unit_set
-- asked for; of places that lie in none there are `unplaced`.
SELECT network.case_code, network.dismantled_on,
    coalesce(array_agg(DISTINCT place.code) FILTER (WHERE place.code IS NOT NULL), '{}') AS codes,
    count(*) FILTER (WHERE place.is_home AND place.code IS NULL) AS unplaced
FROM network
LEFT JOIN (
    SELECT node.network_id, node.country = 'VN' AS is_home,
        CASE WHEN node.country = 'VN' THEN to_jsonb(unit_set) ->> :column END AS code
    FROM network_node AS node
    JOIN unit_set ON unit_set.id = node.unit_set_id
) AS place ON place.network_id = network.id
WHERE network.id = :network AND network.deleted_at IS NULL
GROUP BY network.id, network.case_code, network.dismantled_on
