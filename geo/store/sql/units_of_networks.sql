-- Units in which other networks had a place that were dismantled in a period [from, to).
SELECT DISTINCT to_jsonb(unit_set) ->> :column AS code
FROM network
JOIN network_node AS node ON node.network_id = network.id AND node.country = 'VN'
JOIN unit_set ON unit_set.id = node.unit_set_id
WHERE network.id <> :network AND network.deleted_at IS NULL
    AND network.dismantled_on >= :from AND network.dismantled_on < :to
    AND to_jsonb(unit_set) ->> :column IS NOT NULL
