-- What was guessed before at an account and from an address. `is_known`: the account has signed in
-- from there. `last_here` and `last_there` are the times of the guesses that must grow older than
-- the period before there may be another: the most_here-th wrong one at the account from the address,
-- the most_there-th from the address at any name. `wrong` and `last_wrong` are since the last right
-- one or the last new password: from all addresses, or from a known one those from there alone.
WITH mine AS MATERIALIZED (
    SELECT attempted_at, succeeded, address = :address AS is_here
    FROM sign_in_attempt
    WHERE username = :username
),
standing AS (
    SELECT
        coalesce(bool_or(succeeded AND is_here), false) AS is_known,
        coalesce(
            greatest(
                max(attempted_at) FILTER (WHERE succeeded),
                (SELECT password_changed_at FROM account WHERE username = :username)
            ),
            '-infinity'
        ) AS since
    FROM mine
)
SELECT
    now() AS now,
    is_known,
    (
        SELECT attempted_at
        FROM mine
        WHERE is_here AND NOT succeeded AND attempted_at > now() - CAST(:period AS interval)
        ORDER BY attempted_at DESC
        OFFSET :most_here - 1
        LIMIT 1
    ) AS last_here,
    (
        SELECT attempted_at
        FROM sign_in_attempt
        WHERE address = :address AND NOT succeeded AND attempted_at > now() - CAST(:period AS interval)
        ORDER BY attempted_at DESC
        OFFSET :most_there - 1
        LIMIT 1
    ) AS last_there,
    (
        SELECT count(*)
        FROM mine
        WHERE NOT succeeded AND attempted_at > since AND (is_here OR NOT is_known)
    ) AS wrong,
    (
        SELECT max(attempted_at)
        FROM mine
        WHERE NOT succeeded AND attempted_at > since AND (is_here OR NOT is_known)
    ) AS last_wrong
FROM standing;
