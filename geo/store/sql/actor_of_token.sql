-- The account of a personal access token that has not ended.
SELECT
    account.id,
    account.username,
    account.display_name,
    account.role,
    token.scopes,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_array(edition, level, code) ORDER BY edition, level, code), '[]')
        FROM jurisdiction
        WHERE account_id = account.id
    ) AS jurisdictions,
    'password' AS opened_by,
    NULL::uuid AS session_id,
    false AS recent,
    (
        account.second_factor_required
        OR EXISTS (SELECT FROM second_factor_role WHERE second_factor_role.role = account.role)
    ) AND NOT EXISTS (
        SELECT FROM second_factor WHERE account_id = account.id AND confirmed_at IS NOT NULL
    ) AS must_enrol
FROM token
JOIN account ON account.id = token.account_id
WHERE token.token_hash = :token_hash
    AND token.revoked_at IS NULL
    AND token.expires_at > now()
    AND account.active
