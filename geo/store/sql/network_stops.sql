-- Networks by the day on which they were dismantled and by scope, each with its places and legs: a
-- row for each network. A place has the code of its unit in the column of unit_set asked for, and what
-- is near it of the border; one known by a commune of the border alone has the commune's section.
SELECT network.id, network.case_code, (
    SELECT jsonb_agg(jsonb_build_object('sequence', node.sequence, 'role', node.role,
        'country', node.country, 'unit', to_jsonb(unit_set) ->> :column,
        'lon', ST_X(node.point), 'lat', ST_Y(node.point),
        'neighbour', coalesce(near.neighbour, along.neighbour),
        'section', coalesce(near.border_section, along.section),
        'gate', near.gate, 'gate_m', near.gate_m) ORDER BY node.sequence)
    FROM network_node AS node
    JOIN unit_set ON unit_set.id = node.unit_set_id
    LEFT JOIN border_near(node.point) AS near ON true
    LEFT JOIN unit_border AS along
        ON along.edition = '2025' AND along.level = 'commune' AND along.border_m = 0
        AND along.code = unit_set.commune_2025 AND node.point IS NULL
    WHERE node.network_id = network.id
) AS stops, (
    SELECT jsonb_agg(jsonb_build_object('start', leg.from_sequence, 'end', leg.to_sequence,
        'crossing', leg.crossing) ORDER BY leg.from_sequence, leg.to_sequence)
    FROM network_leg AS leg
    WHERE leg.network_id = network.id
) AS moves
FROM network
WHERE network.deleted_at IS NULL
    AND (CAST(:first AS date) IS NULL OR network.dismantled_on >= :first)
    AND (CAST(:last AS date) IS NULL OR network.dismantled_on < :last)
    AND (cardinality(CAST(:scopes AS text[])) = 0 OR network.scope = ANY (:scopes))
ORDER BY network.id
