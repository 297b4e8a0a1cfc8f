-- Staged names that were located (sql/locate.sql) into added_name. Of one kind a name stands once in
-- the units it lies in: there again just so it changes nothing, with another point it is changed.
CREATE TEMP TABLE staged_name ON COMMIT DROP AS
SELECT staged.*, located.unit_set_id, located.assignment, located.location_flags, known.id AS known,
    -- Geometries are compared as bytes: = compares boxes.
    (ST_AsEWKB(known.point), known.stated_edition, known.stated_level, known.stated_code,
        known.name)
    IS NOT DISTINCT FROM (ST_AsEWKB(staged.point), staged.stated_edition, staged.stated_level,
        staged.stated_code, staged.name) AS is_same
FROM (
    SELECT DISTINCT ON (kind, name_key, unit_set_id) staged.*
    FROM staged_location AS staged
    JOIN located USING (row_number)
    WHERE located.assignment <> 'outside'
    ORDER BY kind, name_key, unit_set_id, row_number
) AS staged
JOIN located USING (row_number)
LEFT JOIN added_name AS known
    ON known.name_key = staged.name_key AND known.kind = staged.kind
    AND known.unit_set_id = located.unit_set_id AND known.deleted_at IS NULL
--;
-- Rows that name again what a row before them puts somewhere else.
SELECT staged.row_number, first.row_number AS first
FROM staged_location AS staged
JOIN located USING (row_number)
JOIN staged_name AS first
    ON (first.kind, first.name_key, first.unit_set_id)
        = (staged.kind, staged.name_key, located.unit_set_id)
WHERE first.row_number <> staged.row_number
    AND ST_AsEWKB(first.point) IS DISTINCT FROM ST_AsEWKB(staged.point)
ORDER BY staged.row_number
--;
UPDATE added_name AS known
SET point = staged.point, name = staged.name, source = :source, assignment = staged.assignment,
    stated_edition = staged.stated_edition, stated_level = staged.stated_level,
    stated_code = staged.stated_code, location_flags = staged.location_flags,
    version = version + 1, updated_at = clock_timestamp(), updated_by = :actor
FROM staged_name AS staged
WHERE known.id = staged.known AND NOT staged.is_same
--;
INSERT INTO added_name (kind, name, name_key, source, point, stated_edition, stated_level,
    stated_code, unit_set_id, assignment, location_flags, created_by, updated_by, updated_at)
SELECT kind, name, name_key, :source, point, stated_edition, stated_level, stated_code,
    unit_set_id, assignment, location_flags, :actor, :actor, clock_timestamp()
FROM staged_name AS staged
WHERE known IS NULL
RETURNING id
