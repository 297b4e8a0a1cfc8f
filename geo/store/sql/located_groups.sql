-- The located rows by what was found for them: many rows share few answers, so that a million of them
-- travel as some thousand lists of row numbers (4 bytes each, most significant first).
SELECT unit_set_id, assignment, location_flags,
    string_agg(int4send(row_number), '') AS row_numbers
FROM located
GROUP BY unit_set_id, assignment, location_flags
