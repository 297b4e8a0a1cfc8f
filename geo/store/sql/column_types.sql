-- The columns of a table and the names of their types.
SELECT attribute.attname, type.typname
FROM pg_attribute AS attribute
JOIN pg_type AS type ON type.oid = attribute.atttypid
WHERE attribute.attrelid = to_regclass(:target)
    AND attribute.attnum > 0 AND NOT attribute.attisdropped
