-- The account of a session that has neither ended nor rested too long. When it was last seen is
-- written once a minute at most, so that a burst of requests does not wait for one row.
WITH found AS MATERIALIZED (
    SELECT token_hash, account_id, last_seen_at, id, confirmed_at, second_factor, opened_by
    FROM session
    WHERE token_hash = :token_hash
        AND revoked_at IS NULL
        AND expires_at > now()
        AND last_seen_at > now() - interval '2 hours'
), seen AS (
    UPDATE session SET last_seen_at = now()
    FROM found
    WHERE session.token_hash = found.token_hash
        AND found.last_seen_at < now() - interval '1 minute'
)
SELECT
    account.id,
    account.username,
    account.display_name,
    account.role,
    ARRAY['read', 'write'] AS scopes,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_array(edition, level, code) ORDER BY edition, level, code), '[]')
        FROM jurisdiction
        WHERE account_id = account.id
    ) AS jurisdictions,
    found.opened_by,
    found.id AS session_id,
    found.confirmed_at > now() - interval '5 minutes' AS recent,
    NOT found.second_factor AND (
        account.second_factor_required
        OR EXISTS (SELECT FROM second_factor_role WHERE second_factor_role.role = account.role)
    ) AND NOT EXISTS (
        SELECT FROM second_factor WHERE account_id = account.id AND confirmed_at IS NOT NULL
    ) AS must_enrol
FROM found
JOIN account ON account.id = found.account_id
WHERE account.active
