-- Who was shown which records. The server's role adds such entries, for the account that it acts for and
-- in no other name; it writes no entries of any other kind.
CREATE FUNCTION audit_reading(record_type text, identifiers uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT audit_write(actor_name(), 'READ', record_type, jsonb_build_object('ids', to_jsonb(identifiers)))
$$;
REVOKE EXECUTE ON FUNCTION audit_reading(text, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_reading(text, uuid[]) TO bienmap_app;
