-- Definitions of triggers of a table, by name.
SELECT pg_get_triggerdef(oid)
FROM pg_trigger
WHERE tgrelid = to_regclass(:target) AND tgname = ANY (:names) AND NOT tgisinternal
