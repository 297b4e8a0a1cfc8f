-- Who asks is looked up once in a statement, and not for each of a million rows that the owner counts.
-- Policies are for everybody (not for the server's role alone), so that they hold inside a view too,
-- which asks for its owner's rows. The subqueries are evaluated once in a statement, and turn into a
-- flag or a hash table that each row is tested against. The role is tested first: in a function that
-- runs with the owner's rights the rest is not evaluated, which ends the circle of networks and places.
DO $$
DECLARE
    located constant text := '((SELECT actor_sees_all()) OR unit_set_id IN (SELECT actor_unit_sets()))';
    -- To keep accounts and boundaries is no reason to learn where a victim was.
    incident_here constant text := located || ' AND (victims = 0 OR (SELECT actor_role()) <> ''administrator'')';
    figure_here constant text := '((SELECT actor_sees_all())'
        ' OR (edition, code) IN (SELECT own.edition, own.code FROM actor_provinces() AS own))';
    -- A network that is being written has no places yet: it is known by the time of its transaction.
    running constant text := '((SELECT actor_sees_all()) OR id IN (SELECT networks_here())'
        ' OR (updated_at = now() AND (SELECT actor_id()) IS NOT NULL AND NOT network_has_places(id)))';
    of_network constant text := 'network_id IN (SELECT id FROM network)';
    of_record constant text := 'CASE record_type'
        ' WHEN ''incident'' THEN EXISTS (SELECT FROM incident WHERE incident.id = record_id)'
        ' WHEN ''outreach_event'' THEN EXISTS (SELECT FROM outreach_event WHERE outreach_event.id = record_id)'
        ' WHEN ''network'' THEN EXISTS (SELECT FROM network WHERE network.id = record_id)'
        ' WHEN ''prevention_model'' THEN EXISTS (SELECT FROM prevention_model AS model WHERE model.id = record_id)'
        ' WHEN ''support_measure'' THEN EXISTS (SELECT FROM support_measure WHERE support_measure.id = record_id'
        ' AND ' || figure_here || ') END';
    police constant text := '(SELECT actor_role()) IN (''officer'', ''leader'')';
    planned constant text := '(SELECT actor_role()) IN (''officer'', ''leader'', ''planner'')';
    -- Planners neither read nor change what may hold a narrative.
    of_role constant text := '(' || police || ' OR ((SELECT actor_role()) = ''planner'''
        ' AND record_type IN (''outreach_event'', ''prevention_model'')))';
    imported constant text := planned || ' AND imported_by = (SELECT actor_name())';
    -- Whoever leads those who sent a file looks after it with them.
    looked_after constant text := imported || ' OR actor_leads(units)';
    of_batch constant text := 'import_batch_id IN (SELECT batch.id FROM import_batch AS batch WHERE '
        || looked_after || ')';
    own_token constant text := 'account_id = (SELECT actor_id())';
    rule record;
    verb text;
BEGIN
    FOR rule IN
        -- table, which rows are read, which rows are written, and by which statements.
        VALUES ('incident', incident_here, police || ' AND ' || located, '{INSERT,UPDATE}'::text[]),
            ('outreach_event', located, planned || ' AND ' || located, '{INSERT,UPDATE}'),
            ('prevention_model', located, planned || ' AND ' || located, '{INSERT,UPDATE}'),
            -- The server tells small figures to nobody but those responsible (geo/pipeline/support.py).
            ('support_measure', 'true', police || ' AND ' || figure_here, '{INSERT,UPDATE}'),
            ('network', running, police || ' AND ' || running, '{UPDATE}'),
            ('network_node', of_network, police || ' AND ' || of_network, '{INSERT,DELETE}'),
            ('network_leg', of_network, police || ' AND ' || of_network, '{INSERT,DELETE}'),
            ('record_history', of_role || ' AND ' || of_record, NULL, '{}'),
            ('record_move', of_record, NULL, '{}'),
            ('place_check', of_record, of_role || ' AND ' || of_record, '{INSERT,UPDATE}'),
            ('import_batch', '(SELECT actor_sees_all()) OR ' || looked_after, looked_after, '{UPDATE}'),
            ('rejected_row', of_batch, of_batch, '{INSERT,UPDATE,DELETE}'),
            -- Who asks is found by his token before anybody acts.
            ('token', '(SELECT actor_id()) IS NULL OR ' || own_token, own_token, '{INSERT,UPDATE}')
    LOOP
        EXECUTE format(
            'ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;'
            -- The owner sees all, unless it is a view of his that the server reads.
            'CREATE POLICY keeper ON %1$I TO CURRENT_USER USING ((SELECT current_user) <> ''bienmap_app'');'
            'CREATE POLICY reader ON %1$I FOR SELECT USING ((SELECT current_user) = %3$L AND (%2$s))',
            rule.column1, rule.column2, 'bienmap_app'
        );
        FOREACH verb IN ARRAY rule.column4
        LOOP
            EXECUTE format(
                CASE verb
                    WHEN 'INSERT' THEN 'CREATE POLICY writer_insert ON %I FOR INSERT WITH CHECK ((SELECT current_user) = ''bienmap_app'' AND (%s))'
                    WHEN 'UPDATE' THEN 'CREATE POLICY writer_update ON %I FOR UPDATE USING ((SELECT current_user) = ''bienmap_app'' AND (%s))'
                    ELSE 'CREATE POLICY writer_delete ON %I FOR DELETE USING ((SELECT current_user) = ''bienmap_app'' AND (%s))'
                END,
                rule.column1, rule.column3
            );
        END LOOP;
    END LOOP;
    -- Nobody sends a file in another's name.
    EXECUTE format('CREATE POLICY writer_insert ON import_batch FOR INSERT WITH CHECK ((SELECT current_user) = ''bienmap_app'' AND %s)', imported);
    -- A new network lies where its places will.
    EXECUTE format('CREATE POLICY writer_insert ON network FOR INSERT WITH CHECK ((SELECT current_user) = ''bienmap_app'' AND %s)', police);
END
$$;

-- What the server writes of a network has a place in the actor's units, whatever it had before.
CREATE FUNCTION network_node_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user = 'bienmap_app' AND NOT actor_sees_all() AND EXISTS (
        SELECT FROM fresh WHERE network_id NOT IN (SELECT networks_here())
    ) THEN
        RAISE EXCEPTION 'no place of the network lies in the units of the account'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER network_node_stays AFTER INSERT ON network_node REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION network_node_stays();
