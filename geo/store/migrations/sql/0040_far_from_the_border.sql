-- Every record in the country has its distances: border_near stays the rule of the first 20 km, which
-- bands and neighbours are chosen by, and beyond it all of the border is measured to.
CREATE INDEX ix_border_piece_geography ON border_piece USING gist ((geom::geography));

-- The land border and the gate nearest to a position, however far, in metres on the ellipsoid. The index
-- orders pieces by distances on a sphere, which are off by half a percent at most: some are measured.
CREATE FUNCTION border_beyond(place geometry)
RETURNS TABLE (
    neighbour text, border_section text, border_m double precision,
    gate text, gate_m double precision
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT line.neighbour, line.section, line.distance_m, gate.code, gate.distance_m
    FROM (
        SELECT close.neighbour, close.section,
            ST_Distance(close.geom::geography, place::geography) AS distance_m
        FROM (
            SELECT piece.id, piece.neighbour, piece.section, piece.geom
            FROM border_piece AS piece
            ORDER BY piece.geom::geography <-> place::geography
            LIMIT 12
        ) AS close
        ORDER BY distance_m, close.id
        LIMIT 1
    ) AS line
    LEFT JOIN (
        SELECT border_gate.code,
            ST_Distance(border_gate.point::geography, place::geography) AS distance_m
        FROM border_gate
        ORDER BY distance_m, border_gate.code
        LIMIT 1
    ) AS gate ON true
$$;

CREATE OR REPLACE FUNCTION border_of(place geometry, known integer)
RETURNS TABLE (
    neighbour text, border_section text, border_m double precision,
    gate text, gate_m double precision, measured_from text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT coalesce(near.neighbour, beyond.neighbour), coalesce(near.border_section, beyond.border_section),
        coalesce(near.border_m, beyond.border_m), coalesce(near.gate, beyond.gate),
        coalesce(near.gate_m, beyond.gate_m), 'point'
    FROM unit_set
    LEFT JOIN LATERAL border_near(place) AS near ON true
    LEFT JOIN LATERAL (
        SELECT * FROM border_beyond(place)
        WHERE near.border_m IS NULL AND unit_set.commune_2025 IS NOT NULL
    ) AS beyond ON true
    WHERE place IS NOT NULL AND unit_set.id = known
        AND (near.border_m IS NOT NULL OR beyond.border_m IS NOT NULL)
    UNION ALL
    SELECT edge.neighbour, edge.section, edge.border_m, edge.gate, edge.gate_m, 'edge'
    FROM unit_set
    JOIN unit_border AS edge
        ON edge.edition = '2025' AND edge.level = 'commune' AND edge.code = unit_set.commune_2025
    WHERE place IS NULL AND unit_set.id = known
$$;
