-- The role that the server connects as. Roles belong to the whole cluster: it may be there already.
-- On the private cluster it is made at the start; elsewhere here, if the owner may make roles.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bienmap_app') THEN
        BEGIN
            CREATE ROLE bienmap_app LOGIN;
        EXCEPTION
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the role bienmap_app is missing and % may not create it;'
                    ' run as a superuser: CREATE ROLE bienmap_app LOGIN PASSWORD ''...'';'
                    ' (docs/operating.md)', current_user
                    USING ERRCODE = 'object_not_in_prerequisite_state';
            WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of the cluster was faster
        END;
    END IF;
    IF current_user = 'bienmap_app' OR EXISTS (
        SELECT FROM pg_roles
        WHERE rolname = 'bienmap_app'
            AND (rolsuper OR rolbypassrls OR rolcreaterole
                OR pg_has_role('bienmap_app', current_user::text, 'MEMBER'))
    ) THEN
        RAISE EXCEPTION 'the role bienmap_app must not be the owner, a member of it, a superuser, nor'
            ' have CREATEROLE or BYPASSRLS (docs/operating.md)'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- Only a superuser may mark it; what it means is in docs/methods/row-security.md.
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
    END IF;
END
$$;
