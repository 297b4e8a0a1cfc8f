-- What a period [from, to) has near the land border, by set of units (see the function).
SELECT unit_set_id, value
FROM counted_near_border(
    CAST(:measure AS text), CAST(:kinds AS text[]), CAST(:from AS date), CAST(:to AS date),
    CAST(:least AS float8[]), CAST(:most AS float8[]), CAST(:neighbours AS text[]), :is_displaced
)
