-- What follows from the land border, its gates and the units; all of it is made anew when one of
-- them changes, and border_source says from which it was made.
CREATE TABLE border_source (
    fingerprint TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_border_source PRIMARY KEY (fingerprint)
);

CREATE TABLE border_piece (
    id INTEGER NOT NULL,
    neighbour TEXT NOT NULL,
    section TEXT NOT NULL,
    geom geometry(LINESTRING,4326) NOT NULL,
    CONSTRAINT pk_border_piece PRIMARY KEY (id)
);
COMMENT ON COLUMN border_piece.section IS 'neighbour and province of 2025: LAO-40';

CREATE TABLE border_cell (
    cell INTEGER NOT NULL,
    least_m DOUBLE PRECISION NOT NULL,
    most_m DOUBLE PRECISION NOT NULL,
    pieces INTEGER[] NOT NULL,
    gates TEXT[] NOT NULL,
    CONSTRAINT pk_border_cell PRIMARY KEY (cell)
);
COMMENT ON COLUMN border_cell.pieces IS 'those that may be the nearest of a point in the cell';

CREATE TABLE border_band (
    band TEXT NOT NULL,
    neighbour TEXT NOT NULL,
    geom geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_border_band PRIMARY KEY (band, neighbour)
);

CREATE TABLE unit_border (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    neighbour TEXT NOT NULL,
    section TEXT NOT NULL,
    border_m DOUBLE PRECISION NOT NULL,
    gate TEXT NOT NULL,
    gate_m DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_unit_border PRIMARY KEY (edition, level, code),
    CONSTRAINT fk_unit_border_edition_level_code_unit FOREIGN KEY (edition, level, code)
        REFERENCES unit (edition, level, code) ON DELETE CASCADE
);

-- The one rule for how far a position lies from the land border and the nearest gate, in metres on
-- the ellipsoid; no row where the border is 20 km away or more. The cell names the few pieces of
-- the border that can be the nearest, so that the answer is that of measuring to all of it.
CREATE FUNCTION border_near(place geometry)
RETURNS TABLE (
    neighbour text, border_section text, border_m double precision,
    gate text, gate_m double precision
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT line.neighbour, line.section, line.distance_m, gate.code, gate.distance_m
    FROM border_cell AS cell
    CROSS JOIN LATERAL (
        SELECT piece.neighbour, piece.section,
            ST_Distance(piece.geom::geography, place::geography) AS distance_m
        FROM border_piece AS piece
        WHERE piece.id = ANY (cell.pieces)
        ORDER BY distance_m, piece.id
        LIMIT 1
    ) AS line
    LEFT JOIN LATERAL (
        SELECT border_gate.code,
            ST_Distance(border_gate.point::geography, place::geography) AS distance_m
        FROM border_gate
        WHERE border_gate.code = ANY (cell.gates)
        ORDER BY distance_m, border_gate.code
        LIMIT 1
    ) AS gate ON true
    WHERE cell.cell = grid_cell(ST_X(place), ST_Y(place)) AND line.distance_m < 20000
$$;

-- Records that a swap of boundaries gave other units, with the units before and after.
CREATE TABLE record_move (
    id BIGSERIAL NOT NULL,
    record_type TEXT NOT NULL,
    record_id UUID NOT NULL,
    sequence SMALLINT NOT NULL,
    from_set INTEGER NOT NULL,
    to_set INTEGER NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_record_move PRIMARY KEY (id),
    CONSTRAINT fk_record_move_from_set_unit_set FOREIGN KEY (from_set) REFERENCES unit_set (id),
    CONSTRAINT fk_record_move_to_set_unit_set FOREIGN KEY (to_set) REFERENCES unit_set (id)
);
CREATE INDEX ix_record_move_record ON record_move (record_type, record_id, sequence, moved_at);
COMMENT ON COLUMN record_move.sequence IS 'of the place in a network; 0 for other records';

-- Who looked at a record's place and found it right. It holds while the place stays as it was.
CREATE TABLE place_check (
    record_type TEXT NOT NULL,
    record_id UUID NOT NULL,
    sequence SMALLINT NOT NULL,
    place_digest TEXT NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    checked_by TEXT NOT NULL,
    CONSTRAINT pk_place_check PRIMARY KEY (record_type, record_id, sequence)
);

-- Whether a place is known so coarsely that it should be looked at again: by district or wider, or
-- by a point that may be more than 5 km off.
CREATE FUNCTION is_coarse(place_precision text, accuracy_m double precision) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT place_precision IN ('legacy_district', 'province', 'country')
        OR coalesce(accuracy_m > 5000, false)
$$;

CREATE FUNCTION place_digest(
    point geometry, place_precision text, accuracy_m double precision, place_text text,
    stated_edition text, stated_level text, stated_code text, unit_set_id integer
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(jsonb_build_array(ST_AsHEXEWKB(point), place_precision, accuracy_m, place_text,
        stated_edition, stated_level, stated_code, unit_set_id)::text)
$$;

CREATE INDEX ix_incident_doubtful_place ON incident (id)
    WHERE location_flags <> '{}' OR is_coarse(precision, accuracy_m);
CREATE INDEX ix_outreach_event_doubtful_place ON outreach_event (id)
    WHERE location_flags <> '{}' OR is_coarse(precision, accuracy_m);

-- Every place of every record that was not deleted, as a place to be looked at.
CREATE VIEW placed_record AS
SELECT 'incident' AS record_type, id AS record_id, 0::smallint AS sequence, external_id, kind,
    point, precision, accuracy_m, place_text, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags
FROM incident WHERE deleted_at IS NULL
UNION ALL
SELECT 'outreach_event', id, 0::smallint, external_id, kind,
    point, precision, accuracy_m, place_text, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags
FROM outreach_event WHERE deleted_at IS NULL
UNION ALL
SELECT 'network', node.network_id, node.sequence, network.external_id, node.role,
    node.point, node.precision, node.accuracy_m, node.place_text, node.stated_edition,
    node.stated_level, node.stated_code, node.unit_set_id, node.assignment, node.location_flags
FROM network_node AS node
JOIN network ON network.id = node.network_id
WHERE network.deleted_at IS NULL AND node.country = 'VN';
