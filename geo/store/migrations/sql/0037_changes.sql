-- Open maps are told that something of a kind was stored: the table's name and nothing else, so that
-- whoever listens learns no record. What a transaction tells more than once is sent once.
CREATE FUNCTION change_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('bienmap_changes', TG_TABLE_NAME);
    RETURN NULL;
END
$$;

DO $$
DECLARE told text;
BEGIN
    FOREACH told IN ARRAY ARRAY['incident', 'outreach_event', 'network', 'prevention_model', 'hotspot_review']
    LOOP
        EXECUTE format(
            'CREATE TRIGGER change_told AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION change_tell()', told);
    END LOOP;
END
$$;

-- What a reader has computed for himself is nobody else's news.
CREATE TRIGGER change_told AFTER INSERT OR UPDATE OF standard_at ON hotspot_run
    FOR EACH ROW WHEN (NEW.standard_at IS NOT NULL) EXECUTE FUNCTION change_tell();
