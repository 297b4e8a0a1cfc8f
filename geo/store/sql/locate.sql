-- The one rule that gives a record its units, for one row as for a million.
-- Reads staged_location (row_number, point, stated_edition, stated_level, stated_code);
-- makes location_row (row_number, combination) and location_combination (number, the finest unit of
-- each edition and those above, assignment, location_flags). Writes nothing but temporary tables.
--
-- 1. Where a grid cell lies properly inside one unit of an edition, this is the unit of all points
-- in it: many points share few cells.
CREATE TEMP TABLE location_cell ON COMMIT DROP AS
SELECT point.cell, new.code AS new_code, old.code AS old_code
FROM (SELECT DISTINCT grid_cell(ST_X(point), ST_Y(point)) AS cell FROM staged_location) AS point
LEFT JOIN unit_cell AS new ON new.cell = point.cell AND new.edition = '2025' AND new.inside
LEFT JOIN unit_cell AS old ON old.cell = point.cell AND old.edition = '2024' AND old.inside
WHERE new.cell IS NOT NULL OR old.cell IS NOT NULL
--;
ANALYZE location_cell
--;
-- All points without both are looked at one by one: in cells that several units meet, without a
-- point, or with a unit stated by the input.
CREATE TEMP TABLE location_other ON COMMIT DROP AS
SELECT staged.*, cell.new_code, cell.old_code
FROM (
    SELECT *, grid_cell(ST_X(point), ST_Y(point)) AS cell FROM staged_location
    OFFSET 0  -- or the cell would be computed anew in every join
) AS staged
LEFT JOIN location_cell AS cell USING (cell)
WHERE cell.new_code IS NULL OR cell.old_code IS NULL OR staged.stated_code IS NOT NULL
--;
ANALYZE location_other (cell, row_number)
--;
-- 2. Units that meet a cell are asked, in the editions still open. Sorted by unit, since PostGIS
-- keeps the polygon it has just indexed for the next row. A point on a shared edge goes to the unit
-- with the lower code.
CREATE TEMP TABLE location_tested ON COMMIT DROP AS
SELECT candidate.row_number,
    min(unit.code) FILTER (WHERE unit.edition = '2025') AS new_code,
    min(unit.code) FILTER (WHERE unit.edition = '2024') AS old_code
FROM (
    SELECT point.row_number, point.point, cell.edition, cell.level, cell.code
    FROM location_other AS point
    JOIN unit_cell AS cell USING (cell)
    WHERE NOT cell.inside  -- as none is in an edition still open
        AND CASE cell.edition WHEN '2025' THEN point.new_code ELSE point.old_code END IS NULL
    ORDER BY hashtext(cell.edition || cell.code)
) AS candidate
JOIN unit USING (edition, level, code)
WHERE ST_Intersects(unit.geom, candidate.point)
GROUP BY candidate.row_number
--;
ANALYZE location_tested (row_number)
--;
-- 3. The finest unit of each edition, or what the input stated; cells have no row number.
CREATE TEMP TABLE location_code ON COMMIT DROP AS
SELECT other.row_number, other.cell, other.point,
    coalesce(other.new_code, tested.new_code) AS new_code,
    coalesce(other.old_code, tested.old_code) AS old_code,
    CASE
        WHEN other.point IS NULL AND other.stated_code IS NULL THEN 'none'
        WHEN other.point IS NULL THEN 'stated'
        WHEN coalesce(other.new_code, tested.new_code) IS NOT NULL THEN 'inside'
        ELSE 'outside'
    END AS assignment,
    other.stated_edition, other.stated_level, other.stated_code
FROM location_other AS other
LEFT JOIN location_tested AS tested USING (row_number)
UNION ALL
SELECT NULL, cell, NULL, new_code, old_code, 'inside', NULL, NULL, NULL
FROM location_cell WHERE new_code IS NOT NULL AND old_code IS NOT NULL
--;
-- 4. A point just outside every unit goes to the nearest, within the tolerance of the layer. The
-- planar filter only lets the index choose candidates (one degree is more than 90 km everywhere in
-- Vietnam); the distance that decides is on the ellipsoid.
WITH layer AS (
    SELECT DISTINCT ON (edition) edition, level, edge_tolerance_m
    FROM boundary_layer ORDER BY edition, unit_count DESC
),
missed AS MATERIALIZED (
    SELECT code.row_number, code.point, layer.*
    FROM location_code AS code
    JOIN layer ON CASE layer.edition WHEN '2025' THEN code.new_code ELSE code.old_code END IS NULL
    WHERE code.point IS NOT NULL
),
found AS (
    SELECT missed.row_number,
        max(nearest.code) FILTER (WHERE missed.edition = '2025') AS new_code,
        max(nearest.code) FILTER (WHERE missed.edition = '2024') AS old_code
    FROM missed
    CROSS JOIN LATERAL (
        SELECT unit.code, ST_Distance(unit.geom::geography, missed.point::geography) AS distance_m
        FROM unit
        WHERE unit.edition = missed.edition AND unit.level = missed.level
            AND ST_DWithin(unit.geom, missed.point, missed.edge_tolerance_m / 90000)
        ORDER BY distance_m, unit.code
        LIMIT 1
    ) AS nearest
    WHERE nearest.distance_m <= missed.edge_tolerance_m
    GROUP BY missed.row_number
)
UPDATE location_code AS code
SET new_code = coalesce(code.new_code, found.new_code),
    old_code = coalesce(code.old_code, found.old_code),
    assignment = CASE WHEN found.new_code IS NULL THEN code.assignment ELSE 'nearest' END
FROM found
WHERE found.row_number = code.row_number
--;
ANALYZE location_code (row_number, cell, new_code, old_code, assignment)
--;
-- 5. A record known only by a unit lies in whatever all parts of that unit agree on, through the
-- crosswalk; where the unit was split, the finer units stay unassigned.
CREATE TEMP TABLE location_stated ON COMMIT DROP AS
WITH pair AS (
    SELECT new_code AS commune_2025, new.parent_code AS province_2025, old_code AS commune_2024,
        old_district_code AS district_2024, old_province_code AS province_2024
    FROM crosswalk
    JOIN unit AS new ON new.edition = '2025' AND new.level = 'commune' AND new.code = new_code
),
-- A row for each name that a pair goes by: equal names can be hashed, a choice among them cannot.
named AS (
    SELECT pair.*, name.*
    FROM pair
    CROSS JOIN LATERAL (
        VALUES
            ('2025', 'commune', commune_2025),
            ('2025', 'province', province_2025),
            ('2024', 'commune', commune_2024),
            ('2024', 'district', district_2024),
            ('2024', 'province', province_2024)
    ) AS name (stated_edition, stated_level, stated_code)
),
stated AS (
    SELECT DISTINCT stated_edition, stated_level, stated_code
    FROM location_code WHERE assignment = 'stated'
)
SELECT stated_edition, stated_level, stated_code,
    CASE WHEN min(commune_2025) = max(commune_2025) THEN min(commune_2025) END AS commune_2025,
    CASE WHEN min(province_2025) = max(province_2025) THEN min(province_2025) END AS province_2025,
    CASE WHEN min(commune_2024) = max(commune_2024) THEN min(commune_2024) END AS commune_2024,
    CASE WHEN min(district_2024) = max(district_2024) THEN min(district_2024) END AS district_2024,
    CASE WHEN min(province_2024) = max(province_2024) THEN min(province_2024) END AS province_2024
FROM stated
JOIN named USING (stated_edition, stated_level, stated_code)
GROUP BY stated_edition, stated_level, stated_code
--;
-- 6. Rows share few combinations; the coarser levels, and whether the input disagrees, are found
-- once for each of them.
CREATE TEMP TABLE location_combination ON COMMIT DROP AS
SELECT found.*, (row_number() OVER ())::integer AS number,
    CASE
        WHEN stated_code IS NULL OR assignment IN ('stated', 'outside')
            OR stated_code IS NOT DISTINCT FROM CASE stated_edition || stated_level
                WHEN '2025commune' THEN commune_2025
                WHEN '2025province' THEN province_2025
                -- Where communes of 2024 have no shapes, that of today must be a part of the stated.
                WHEN '2024commune' THEN coalesce(commune_2024, CASE
                    WHEN commune_2025 IS NULL OR EXISTS (
                        SELECT FROM crosswalk WHERE old_code = stated_code AND new_code = commune_2025
                    )
                    THEN stated_code
                END)
                WHEN '2024district' THEN district_2024
                WHEN '2024province' THEN province_2024
            END
        THEN '{}'::text[]
        ELSE ARRAY['stated_unit_differs']
    END AS location_flags
FROM (
    SELECT code.*,
        coalesce(new.code, stated.commune_2025) AS commune_2025,
        coalesce(new.parent_code, stated.province_2025) AS province_2025,
        coalesce(old_commune.code, stated.commune_2024) AS commune_2024,
        coalesce(old_district.code, stated.district_2024) AS district_2024,
        coalesce(old_district.parent_code, stated.province_2024) AS province_2024
    FROM (
        SELECT DISTINCT new_code, old_code, assignment, stated_edition, stated_level, stated_code
        FROM location_code
    ) AS code
    LEFT JOIN unit AS new
        ON new.edition = '2025' AND new.level = 'commune' AND new.code = code.new_code
    LEFT JOIN unit AS old_commune
        ON old_commune.edition = '2024' AND old_commune.level = 'commune'
        AND old_commune.code = code.old_code
    LEFT JOIN unit AS old_district
        ON old_district.edition = '2024' AND old_district.level = 'district'
        AND old_district.code = coalesce(old_commune.parent_code, code.old_code)
    LEFT JOIN location_stated AS stated
        ON code.assignment = 'stated'
        AND stated.stated_edition = code.stated_edition
        AND stated.stated_level = code.stated_level
        AND stated.stated_code = code.stated_code
) AS found
--;
CREATE TEMP TABLE location_answer ON COMMIT DROP AS
SELECT code.row_number, code.cell, combination.number AS combination
FROM location_code AS code
JOIN location_combination AS combination
    ON coalesce(combination.new_code, '') = coalesce(code.new_code, '')
    AND coalesce(combination.old_code, '') = coalesce(code.old_code, '')
    AND combination.assignment = code.assignment
    AND coalesce(combination.stated_edition || combination.stated_level || combination.stated_code, '')
        = coalesce(code.stated_edition || code.stated_level || code.stated_code, '')
--;
ANALYZE location_answer
--;
CREATE TEMP TABLE location_row ON COMMIT DROP AS
SELECT row_number, combination FROM location_answer WHERE row_number IS NOT NULL
UNION ALL
SELECT staged.row_number, answer.combination
FROM staged_location AS staged
JOIN location_answer AS answer
    ON answer.row_number IS NULL AND answer.cell = grid_cell(ST_X(staged.point), ST_Y(staged.point))
WHERE staged.stated_code IS NULL
--;
ANALYZE location_row
