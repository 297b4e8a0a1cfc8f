-- Units by edition, level and code, in the order asked for; those that are not loaded are left out.
SELECT unit.edition, unit.level, unit.code, unit.full_name
FROM unnest(CAST(:editions AS text[]), CAST(:levels AS text[]), CAST(:codes AS text[]))
    WITH ORDINALITY AS asked (edition, level, code, place)
JOIN unit_today AS unit USING (edition, level, code)
ORDER BY asked.place
