-- From what sql/locate.sql and sql/unit_sets.sql made: located (row_number, unit_set_id, assignment,
-- location_flags).
CREATE TEMP TABLE located ON COMMIT DROP AS
SELECT location_row.row_number, location_set.unit_set_id, combination.assignment,
    combination.location_flags
FROM location_row
JOIN location_combination AS combination ON combination.number = location_row.combination
JOIN location_set USING (number)
--;
ANALYZE located
