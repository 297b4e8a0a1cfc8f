-- Names and types that changed within an edition hold from their day on. Everything that shows a unit
-- reads it here; what is kept of it (geometry, codes, its name of July 2025) stays in `unit`.
ALTER TABLE unit_amendment ADD COLUMN name_en TEXT NOT NULL DEFAULT '';

CREATE VIEW unit_today AS
SELECT unit.edition, unit.level, unit.code, unit.name,
    coalesce(amended.full_name, unit.full_name) AS full_name,
    coalesce(nullif(amended.name_en, ''), unit.name_en) AS name_en,
    coalesce(amended.unit_type, unit.unit_type) AS unit_type,
    unit.parent_code, unit.official_area_km2, unit.area_km2, unit.is_land_border, unit.neighbours,
    unit.border_length_m, unit.label_point, unit.geom
FROM unit
LEFT JOIN LATERAL (
    SELECT full_name, name_en, unit_type
    FROM unit_amendment AS amendment
    WHERE (amendment.edition, amendment.level, amendment.code) = (unit.edition, unit.level, unit.code)
        AND valid_from <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    ORDER BY valid_from DESC
    LIMIT 1
) AS amended ON true;
