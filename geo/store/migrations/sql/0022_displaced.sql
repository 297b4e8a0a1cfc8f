-- Where an incident with victims is shown to who plans in its units and is not to know the place: at one
-- of a few spots drawn at random in its commune (docs/methods/row-security.md). A spot tells nothing of
-- the place but the commune, and the same record keeps the same one.
CREATE TABLE displacement_spot (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    points geometry(MULTIPOINT, 4326) NOT NULL,
    CONSTRAINT pk_displacement_spot PRIMARY KEY (code),
    CONSTRAINT ck_displacement_spot_level CHECK (edition = '2025' AND level = 'commune'),
    CONSTRAINT fk_displacement_spot_unit FOREIGN KEY (edition, level, code)
        REFERENCES unit (edition, level, code) ON DELETE CASCADE
);

-- The first eight digits of a keyed hash, as a number from 0 to 2^31 - 1.
CREATE FUNCTION keyed_number(key bytea, said bytea) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT ('x' || left(encode(sha256(key || said || key), 'hex'), 8))::bit(32)::integer & 2147483647
$$;

-- Spots lie within the commune, also one that is an edge long or narrower than the grid of coordinates:
-- its label's point stands in for those that do not. The same boundaries and the same key give the same
-- spots; GEOS takes 0 for a seed of the clock's.
CREATE FUNCTION displacement_spots(commune text, area geometry, label geometry) RETURNS geometry
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT ST_Collect(spot ORDER BY spot)
    FROM (
        SELECT CASE WHEN ST_Intersects(area, drawn.geom) THEN drawn.geom ELSE label END AS spot
        FROM ST_Dump(ST_GeneratePoints(area, 32, greatest(1, keyed_number(
            (SELECT secret FROM disclosure_secret), convert_to('spots ' || commune, 'UTF8')
        )))) AS drawn
    ) AS spots
$$;

CREATE FUNCTION unit_spots_draw() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO displacement_spot (edition, level, code, points)
    SELECT edition, level, code, ST_Multi(displacement_spots(code, geom, label_point))
    FROM fresh WHERE edition = '2025' AND level = 'commune';
    RETURN NULL;
END
$$;
CREATE TRIGGER unit_spots_draw AFTER INSERT ON unit REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION unit_spots_draw();
INSERT INTO displacement_spot (edition, level, code, points)
SELECT edition, level, code, ST_Multi(displacement_spots(code, geom, label_point))
FROM unit WHERE edition = '2025' AND level = 'commune';

-- Of the table itself who plans sees incidents without victims alone. What the view below shows of the
-- others is let through by a policy for the owner of the tables, as whom the view asks.
DO $$
DECLARE
    located constant text := '((SELECT actor_sees_all()) OR unit_set_id IN (SELECT actor_unit_sets()))';
BEGIN
    EXECUTE format(
        'ALTER POLICY reader ON incident USING ((SELECT current_user) = %L AND %s'
        ' AND (victims = 0 OR (SELECT actor_role()) IN (''officer'', ''leader'')))',
        'bienmap_app', located
    );
    EXECUTE format(
        'CREATE POLICY planner_in_view ON incident FOR SELECT TO CURRENT_USER'
        ' USING ((SELECT current_user) = %L AND (SELECT actor_role()) = ''planner'' AND %s)',
        'bienmap_app', located
    );
END
$$;

-- Incidents as they are shown: `location_shown` says whether the place is exact, displaced, or the commune
-- alone. Where it is not exact nothing is told that would narrow it down: no text, accuracy or remark.
CREATE VIEW shown_incident AS
SELECT id, kind, status, occurred_from, occurred_to, acts, means, purposes, channels, tactic, origin,
    destination, victims, victims_by, suspects, agency, network_id, source, external_id, content_hash,
    is_demo, import_batch_id, point, precision, accuracy_m, place_text, stated_edition, stated_level,
    stated_code, found_by, unit_set_id, assignment, location_flags, created_at, created_by, updated_at,
    updated_by, updated_reason, version, deleted_at, deleted_reason, 'exact' AS location_shown
FROM incident
WHERE victims = 0 OR (SELECT coalesce(actor_role() <> 'planner', true))
UNION ALL
SELECT incident.id, kind, status, occurred_from, occurred_to, acts, means, purposes, channels, tactic,
    origin, destination, victims, victims_by, suspects, agency, network_id, source, external_id, NULL,
    is_demo, import_batch_id, spot.point,
    CASE WHEN precision IN ('exact', 'village') THEN 'commune' ELSE precision END,
    NULL, NULL, NULL, NULL, NULL, found_by, unit_set_id, NULL, '{}', created_at, created_by, updated_at,
    updated_by, updated_reason, version, deleted_at, deleted_reason,
    CASE WHEN spot.point IS NULL THEN 'commune' ELSE 'displaced' END
FROM incident
JOIN unit_set ON unit_set.id = unit_set_id
LEFT JOIN displacement_spot ON displacement_spot.code = commune_2025 AND incident.point IS NOT NULL
CROSS JOIN LATERAL (
    SELECT ST_GeometryN(points, 1 + keyed_number(
        (SELECT secret FROM disclosure_secret), uuid_send(incident.id) || convert_to(commune_2025, 'UTF8')
    ) % ST_NumGeometries(points)) AS point
) AS spot
WHERE victims > 0 AND (SELECT actor_role()) = 'planner';

-- Places to be looked at again are exact ones.
CREATE OR REPLACE VIEW placed_record AS
SELECT 'incident' AS record_type, id AS record_id, 0::smallint AS sequence, external_id, kind,
    point, precision, accuracy_m, place_text, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags
FROM incident
WHERE deleted_at IS NULL AND (victims = 0 OR (SELECT coalesce(actor_role() <> 'planner', true)))
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
WHERE network.deleted_at IS NULL AND node.country = 'VN'
UNION ALL
SELECT 'prevention_model', id, 0::smallint, external_id, kind,
    point, precision, accuracy_m, place_text, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags
FROM prevention_model WHERE deleted_at IS NULL;

GRANT SELECT ON shown_incident TO bienmap_app;
