-- Provinces named as pilots of reintegration, each in the boundaries of its edition; who names it,
-- when, and in which province of 2025 it lies. Figures of its pilot that are not published are for
-- those responsible: that a province has one is told of published figures alone.
WITH figure AS (
    SELECT edition, code, min(period_from) AS first, max(period_to) AS last,
        (array_agg(citation ORDER BY period_from DESC))[1] AS citation
    FROM support_measure
    WHERE programme = 'reintegration_pilot' AND measure = 'provinces' AND published
        AND value > 0 AND code <> '' AND deleted_at IS NULL
    GROUP BY edition, code
),
since AS (
    SELECT DISTINCT crosswalk.old_province_code AS before, new.parent_code AS now
    FROM crosswalk
    JOIN unit AS new
        ON new.edition = '2025' AND new.level = 'commune' AND new.code = crosswalk.new_code
)
SELECT jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(
    jsonb_build_object('type', 'Feature',
        'properties', jsonb_build_object(
            'edition', figure.edition, 'code', figure.code, 'name', unit.full_name,
            'name_en', unit.name_en,
            'now', (
                SELECT string_agg(DISTINCT today.full_name, ', ') FROM since
                JOIN unit AS today ON today.edition = '2025' AND today.level = 'province'
                    AND today.code = since.now
                WHERE figure.edition = '2024' AND since.before = figure.code
            ),
            'lon', ST_X(unit.label_point), 'lat', ST_Y(unit.label_point),
            'year_from', extract(year FROM figure.first)::integer,
            'year_to', extract(year FROM figure.last)::integer,
            'citation', figure.citation),
        'geometry', ST_AsGeoJSON(ST_Transform(shape.geom, 4326), 4)::jsonb)
    ORDER BY figure.edition, figure.code), '[]'))
FROM figure
JOIN unit ON unit.edition = figure.edition AND unit.level = 'province' AND unit.code = figure.code
JOIN LATERAL (
    SELECT geom FROM unit_shape
    WHERE unit_shape.edition = unit.edition AND unit_shape.level = unit.level
        AND unit_shape.code = unit.code
    ORDER BY max_zoom DESC LIMIT 1
) AS shape ON true
