-- What bands and neighbours choose by is what border_of was before migration 0040, under another name:
-- the first 20 km. It stands already where migration 0040 held it for an afternoon.
CREATE OR REPLACE FUNCTION border_within(place geometry, known integer)
RETURNS TABLE (
    neighbour text, border_section text, border_m double precision,
    gate text, gate_m double precision, measured_from text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT near.*, 'point' FROM border_near(place) AS near WHERE place IS NOT NULL
    UNION ALL
    SELECT edge.neighbour, edge.section, edge.border_m, edge.gate, edge.gate_m, 'edge'
    FROM unit_set
    JOIN unit_border AS edge
        ON edge.edition = '2025' AND edge.level = 'commune' AND edge.code = unit_set.commune_2025
    WHERE place IS NULL AND unit_set.id = known AND edge.border_m < 20000
$$;

CREATE OR REPLACE FUNCTION border_of(place geometry, known integer)
RETURNS TABLE (
    neighbour text, border_section text, border_m double precision,
    gate text, gate_m double precision, measured_from text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT coalesce(near.neighbour, beyond.neighbour), coalesce(near.border_section, beyond.border_section),
        coalesce(near.border_m, beyond.border_m), coalesce(near.gate, beyond.gate),
        coalesce(near.gate_m, beyond.gate_m), coalesce(near.measured_from, beyond.measured_from)
    FROM unit_set
    LEFT JOIN LATERAL border_within(place, known) AS near ON true
    LEFT JOIN LATERAL (
        SELECT far.*, 'point' AS measured_from
        FROM border_beyond(place) AS far
        WHERE near.border_m IS NULL AND place IS NOT NULL AND unit_set.commune_2025 IS NOT NULL
        UNION ALL
        SELECT edge.neighbour, edge.section, edge.border_m, edge.gate, edge.gate_m, 'edge'
        FROM unit_border AS edge
        WHERE near.border_m IS NULL AND place IS NULL
            AND edge.edition = '2025' AND edge.level = 'commune' AND edge.code = unit_set.commune_2025
    ) AS beyond ON true
    WHERE unit_set.id = known AND coalesce(near.border_m, beyond.border_m) IS NOT NULL
$$;
