-- A page of networks as GeoJSON, by id: places are points with a role, legs are lines from one place to
-- the next. Places known only by a unit stand at its label point and say so by their precision. A
-- network comes whole where one of its places is within the box and the unit asked for; it is on the
-- land border where one of its places is in a commune there, and in a band along it where one of its
-- places is. A place known only by a commune is as far as the commune's nearest edge.
WITH place AS (
    SELECT node.network_id, node.sequence, node.role, node.country, node.precision,
        node.place_text, node.unit_set_id AS told_set, node.point AS own_point,
        coalesce(node.point, commune.label_point, province.label_point) AS point,
        CAST(:column AS text) IS NULL OR to_jsonb(unit_set) ->> :column = :code AS in_unit,
        coalesce(commune.is_land_border, false) AS on_border
    FROM network_node AS node
    JOIN unit_set ON unit_set.id = node.unit_set_id
    LEFT JOIN unit AS commune
        ON commune.edition = '2025' AND commune.level = 'commune'
        AND commune.code = unit_set.commune_2025
    LEFT JOIN unit AS province
        ON province.edition = '2025' AND province.level = 'province'
        AND province.code = unit_set.province_2025
),
matching AS (
    SELECT network_id, bool_or(on_border) AS on_border
    FROM place
    WHERE (cardinality(CAST(:bands AS text[])) = 0 AND cardinality(CAST(:neighbours AS text[])) = 0)
        OR network_id IN (
            SELECT place.network_id
            FROM place
            CROSS JOIN border_within(place.own_point, place.told_set) AS near
            WHERE (cardinality(CAST(:neighbours AS text[])) = 0 OR neighbour = ANY (:neighbours))
                AND (cardinality(CAST(:bands AS text[])) = 0 OR EXISTS (
                    SELECT FROM unnest(CAST(:bands AS text[])) AS band
                    WHERE border_m >= split_part(band, '-', 1)::integer * 1000
                        AND border_m < split_part(band, '-', 2)::integer * 1000))
        )
    GROUP BY network_id
    HAVING bool_or(in_unit AND (
        CAST(:west AS float8) IS NULL
        OR point && ST_MakeEnvelope(:west, :south, :east, :north, 4326)))
),
page AS (
    SELECT id, jsonb_build_object('network_id', id, 'case_code', case_code, 'scope', scope,
        'status', status, 'dismantled_on', dismantled_on, 'lead_agency', lead_agency,
        'arrested', arrested, 'rescued', rescued, 'is_demo', is_demo) AS properties
    FROM network
    JOIN matching ON matching.network_id = network.id
    WHERE deleted_at IS NULL
        AND (CAST(:first AS date) IS NULL OR dismantled_on >= :first)
        AND (CAST(:last AS date) IS NULL OR dismantled_on < :last)
        AND (cardinality(CAST(:kinds AS text[])) = 0 OR scope = ANY (:kinds))
        AND (CAST(:land_border AS boolean) IS NULL OR on_border = :land_border)
        AND (CAST(:after AS uuid) IS NULL OR id > :after)
    ORDER BY id
    LIMIT :limit
),
case_of AS (
    SELECT page.id, page.properties || jsonb_build_object('notes', told.content -> 'notes') AS properties
    FROM page
    LEFT JOIN network_content((SELECT array_agg(id) FROM page)) AS told ON told.id = page.id
),
feature AS (
    SELECT place.network_id, 0 AS kind, place.sequence,
        case_of.properties || jsonb_build_object('feature', 'node', 'sequence', place.sequence,
            'role', place.role, 'country', place.country, 'precision', place.precision,
            'place_text', place.place_text, 'neighbour', near.neighbour,
            'border_section', near.border_section, 'border_m', round(near.border_m)::integer,
            'gate', near.gate, 'gate_m', round(near.gate_m)::integer,
            'measured_from', near.measured_from) AS properties,
        place.point AS geom
    FROM place
    JOIN case_of ON case_of.id = place.network_id
    LEFT JOIN border_of(place.own_point, place.told_set) AS near ON true
    WHERE place.point IS NOT NULL
    UNION ALL
    SELECT leg.network_id, 1, leg.from_sequence,
        case_of.properties || jsonb_build_object('feature', 'leg', 'crossing', leg.crossing,
            'from_role', origin.role, 'to_role', target.role),
        ST_MakeLine(origin.point, target.point)
    FROM network_leg AS leg
    JOIN case_of ON case_of.id = leg.network_id
    JOIN place AS origin
        ON origin.network_id = leg.network_id AND origin.sequence = leg.from_sequence
    JOIN place AS target
        ON target.network_id = leg.network_id AND target.sequence = leg.to_sequence
    WHERE origin.point IS NOT NULL AND target.point IS NOT NULL
)
SELECT coalesce(jsonb_agg(
    jsonb_build_object('type', 'Feature', 'properties', properties,
        'geometry', ST_AsGeoJSON(geom, 5)::jsonb)
    ORDER BY network_id, kind, sequence), '[]') AS features,
    (SELECT array_agg(id ORDER BY id) FROM case_of) AS networks
FROM feature
