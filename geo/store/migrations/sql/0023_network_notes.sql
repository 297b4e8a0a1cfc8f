-- What networks hold now, notes and all, as their histories show the versions before: for officers and
-- leaders with one of their places, and for the owner of the tables; of others no row. Notes are free
-- text as narratives are, and their column may be read by the owner alone.
CREATE FUNCTION network_content(identifiers uuid[]) RETURNS TABLE (id uuid, version integer, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT network.id, network.version, to_jsonb(network)
    FROM network
    WHERE network.id = ANY (identifiers)
        AND (session_user <> 'bienmap_app' OR (
            (SELECT actor_role()) IN ('officer', 'leader')
            AND ((SELECT actor_sees_all()) OR network.id IN (SELECT networks_here()))
        ))
$$;

DO $$
BEGIN
    REVOKE SELECT ON network FROM bienmap_app;
    EXECUTE format('GRANT SELECT (%s) ON network TO bienmap_app', (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
        FROM pg_attribute
        WHERE attrelid = 'network'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'notes'
    ));
END
$$;
