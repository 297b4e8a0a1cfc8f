-- The nodes of networks about to get those of a new version; their legs go with them.
DELETE FROM network_node AS node
USING network, staged_network AS staged
WHERE node.network_id = network.id
    AND network.source = :source AND network.external_id = staged.external_id
