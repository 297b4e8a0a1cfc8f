-- What the server's role may touch at all; which rows of it, the policies say. What is not named
-- here it cannot read: a new table needs a line of its own, and a test that knows it.
DO $$
BEGIN
    REVOKE CREATE ON SCHEMA public FROM PUBLIC, bienmap_app;
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO bienmap_app', current_database());
    GRANT USAGE ON SCHEMA public TO bienmap_app;

    -- Boundaries, code lists, counts and results: for everybody.
    GRANT SELECT ON border_band, border_cell, border_gate, border_line, border_piece,
        border_source, boundary_edition, boundary_layer, country_outline, crosswalk, place_name,
        population, unit, unit_amendment, unit_border, unit_cell, unit_set, unit_set_share, unit_shape,
        incident_cell, hotspot_result, hotspot_run, added_name,
        crosswalk_part, unit_today TO bienmap_app;
    GRANT INSERT ON hotspot_run, hotspot_result, unit_set, added_name TO bienmap_app;
    GRANT UPDATE ON added_name TO bienmap_app;  -- which it locks, too
    -- With the counts it tells what was released of them: it leaves the server in no answer.
    GRANT SELECT ON disclosure_secret TO bienmap_app;

    -- Records. Narratives are written here and read by incident_narrative.
    EXECUTE format('GRANT SELECT (%s) ON incident TO bienmap_app', (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
        FROM pg_attribute
        WHERE attrelid = 'incident'::regclass AND attnum > 0 AND NOT attisdropped
            AND attname <> 'narrative'
    ));
    GRANT INSERT, UPDATE ON incident TO bienmap_app;
    GRANT SELECT, INSERT, UPDATE ON outreach_event, prevention_model, support_measure, network,
        place_check, import_batch TO bienmap_app;
    GRANT SELECT, INSERT, DELETE ON network_node, network_leg TO bienmap_app;
    GRANT SELECT ON placed_record, record_history, record_move TO bienmap_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON rejected_row TO bienmap_app;

    -- Who asks. Roles and jurisdictions are changed by `bienmap accounts`, with the owner's rights.
    GRANT SELECT ON account, jurisdiction TO bienmap_app;
    GRANT UPDATE (password_hash, password_changed_at) ON account TO bienmap_app;
    GRANT SELECT, INSERT, DELETE, UPDATE (last_seen_at, revoked_at, confirmed_at, second_factor)
        ON session TO bienmap_app;
    GRANT SELECT ON second_factor_role TO bienmap_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON second_factor, recovery_code TO bienmap_app;
    GRANT SELECT, INSERT, DELETE ON provider_request TO bienmap_app;
    GRANT SELECT, UPDATE (issuer, subject) ON provider_link TO bienmap_app;
    GRANT SELECT, INSERT, UPDATE (revoked_at) ON token TO bienmap_app;
    GRANT SELECT, INSERT, DELETE, UPDATE (succeeded) ON sign_in_attempt TO bienmap_app;
    GRANT USAGE ON SEQUENCE unit_set_id_seq, rejected_row_id_seq, sign_in_attempt_id_seq TO bienmap_app;
END
$$;
