-- Units of a level by filter, with the population of the latest year known.
SELECT unit.code, unit.name, unit.full_name, unit.name_en, unit.unit_type, unit.parent_code,
    parent.full_name AS parent_name, unit.official_area_km2, unit.area_km2, unit.is_land_border,
    unit.neighbours, unit.border_length_m,
    ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,
    ARRAY[ST_XMin(unit.geom), ST_YMin(unit.geom), ST_XMax(unit.geom), ST_YMax(unit.geom)] AS bounds,
    round(border.border_m)::integer AS border_m, border.neighbour AS nearest_neighbour,
    border.section AS border_section, border.gate, round(border.gate_m)::integer AS gate_m,
    people.value AS population, people.year AS population_year,
    people.source AS population_source, people.estimated AS population_estimated
FROM unit_today AS unit
LEFT JOIN unit_today AS parent
    ON parent.edition = unit.edition AND parent.code = unit.parent_code
    AND parent.level = CASE WHEN unit.edition = '2024' AND unit.level = 'commune'
        THEN 'district' ELSE 'province' END
LEFT JOIN unit_border AS border
    ON border.edition = unit.edition AND border.level = unit.level AND border.code = unit.code
LEFT JOIN LATERAL (
    SELECT value, year, source, estimated FROM population
    WHERE population.edition = unit.edition AND population.level = unit.level
        AND population.code = unit.code
    ORDER BY year DESC LIMIT 1
) AS people ON true
WHERE unit.edition = :edition AND unit.level = :level
    AND (CAST(:code AS text) IS NULL OR unit.code = :code)
    AND (CAST(:land_border AS boolean) IS NULL OR unit.is_land_border = :land_border)
    AND (CAST(:parent AS text) IS NULL OR unit.parent_code = :parent)
    AND (CAST(:neighbour AS text) IS NULL OR :neighbour = ANY (unit.neighbours))
    AND (CAST(:name AS text) IS NULL
        OR position(plain_name(:name) IN plain_name(unit.full_name)) > 0)
ORDER BY unit.code
