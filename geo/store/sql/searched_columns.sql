-- The columns of a table by which its indexes search or choose rows, and those that they hold
-- beside. Others are seldom asked for; their statistics can wait for the server's own rounds.
SELECT quote_ident(attname)
FROM pg_attribute AS attribute
WHERE attrelid = to_regclass(:target) AND attnum > 0 AND EXISTS (
    SELECT FROM pg_index
    WHERE indrelid = attrelid AND (attnum = ANY (indkey) OR EXISTS (
        SELECT FROM pg_depend
        WHERE classid = CAST('pg_class' AS regclass) AND objid = indexrelid
            AND refobjid = attrelid AND refobjsubid = attnum
    ))
)
