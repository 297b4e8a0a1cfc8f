-- Primary key, unique and foreign key constraints of a table, in the order to make them again.
SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE conrelid = to_regclass(:target) AND contype IN ('p', 'u', 'f')
ORDER BY position(contype IN 'puf'), conname
