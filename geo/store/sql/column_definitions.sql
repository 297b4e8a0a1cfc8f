-- The columns of a table and their types, as a definition of a table writes them.
SELECT attribute.attname, format_type(attribute.atttypid, attribute.atttypmod) AS definition
FROM pg_attribute AS attribute
WHERE attribute.attrelid = to_regclass(:target)
    AND attribute.attnum > 0 AND NOT attribute.attisdropped
