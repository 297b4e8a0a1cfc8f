-- Who acts: the transaction names an account (`bienmap.actor`), and what this account may see and do
-- is looked up here, never sent along. In PL/pgSQL, which keeps the plans of a session: to plan anew took
-- longer than a tile. Temporary tables come last in the search path, so that none
-- can stand in for a table of ours.
CREATE FUNCTION actor_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('bienmap.actor', true), '')::uuid
$$;

CREATE FUNCTION actor_name() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT account.username FROM account WHERE id = actor_id() AND active);
END
$$;

CREATE FUNCTION actor_role() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT account.role FROM account WHERE id = actor_id() AND active);
END
$$;

-- Whether every record may be seen, wherever it lies.
CREATE FUNCTION actor_sees_all() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM account
        WHERE id = actor_id() AND active
            AND (role = 'administrator' OR EXISTS (
                SELECT FROM jurisdiction WHERE account_id = account.id AND level = 'country'
            ))
    );
END
$$;

-- The sets of units that lie in the actor's units, so that a row is tested by one number.
CREATE INDEX ix_unit_set_commune_2025 ON unit_set (commune_2025);
CREATE INDEX ix_unit_set_province_2025 ON unit_set (province_2025);
CREATE INDEX ix_unit_set_commune_2024 ON unit_set (commune_2024);
CREATE INDEX ix_unit_set_district_2024 ON unit_set (district_2024);
CREATE INDEX ix_unit_set_province_2024 ON unit_set (province_2024);

CREATE FUNCTION actor_unit_sets() RETURNS SETOF integer
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 500 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH own AS MATERIALIZED (
        SELECT jurisdiction.level || '_' || edition AS target, jurisdiction.code
        FROM jurisdiction
        JOIN account ON account.id = jurisdiction.account_id
        WHERE account.id = actor_id() AND account.active
    )
    SELECT unit_set.id FROM own JOIN unit_set ON commune_2025 = own.code WHERE target = 'commune_2025'
    UNION ALL
    SELECT unit_set.id FROM own JOIN unit_set ON province_2025 = own.code WHERE target = 'province_2025'
    UNION ALL
    SELECT unit_set.id FROM own JOIN unit_set ON commune_2024 = own.code WHERE target = 'commune_2024'
    UNION ALL
    SELECT unit_set.id FROM own JOIN unit_set ON district_2024 = own.code WHERE target = 'district_2024'
    UNION ALL
    SELECT unit_set.id FROM own JOIN unit_set ON province_2024 = own.code WHERE target = 'province_2024';
END
$$;

-- The provinces of both editions that lie wholly in the actor's units, whose figures he may write.
CREATE FUNCTION actor_provinces() RETURNS TABLE (edition text, code text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5 SET search_path = public, pg_temp AS $$
    WITH own AS (
        SELECT jurisdiction.edition, jurisdiction.code
        FROM jurisdiction
        JOIN account ON account.id = jurisdiction.account_id
        WHERE account.id = actor_id() AND account.active AND jurisdiction.level = 'province'
    ),
    part AS (
        SELECT DISTINCT crosswalk.old_province_code AS before, new.parent_code AS now
        FROM crosswalk
        JOIN unit AS new
            ON new.edition = '2025' AND new.level = 'commune' AND new.code = crosswalk.new_code
    )
    SELECT own.edition, own.code FROM own
    UNION
    SELECT '2024', part.before
    FROM part
    GROUP BY part.before
    HAVING count(*) = 1 AND min(part.now) IN (SELECT own.code FROM own WHERE own.edition = '2025')
    UNION
    SELECT '2025', part.now
    FROM part
    GROUP BY part.now
    HAVING count(*) = 1 AND min(part.before) IN (SELECT own.code FROM own WHERE own.edition = '2024')
$$;

-- Networks with a place in the actor's units. Places are visible with their network and a network by
-- its places: only somebody who sees all places can break this circle.
CREATE FUNCTION networks_here() RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 100 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT network_id FROM network_node WHERE unit_set_id IN (SELECT actor_unit_sets())
$$;

CREATE FUNCTION network_has_places(network uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM network_node WHERE network_id = network)
$$;

-- What an incident holds now, narrative and all, as its history shows the versions before: for officers
-- and leaders in their own units, and for the owner of the tables; else no row. The column of narratives
-- may be read by the owner alone.
CREATE FUNCTION incident_content(identifier uuid) RETURNS TABLE (version integer, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT incident.version, to_jsonb(incident)
    FROM incident
    WHERE id = identifier
        AND (session_user <> 'bienmap_app' OR (
            (SELECT actor_role()) IN ('officer', 'leader')
            AND ((SELECT actor_sees_all()) OR unit_set_id IN (SELECT actor_unit_sets()))
        ))
$$;

-- Its narrative; null for whom it is not.
CREATE FUNCTION incident_narrative(identifier uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT content ->> 'narrative' FROM incident_content(identifier)
$$;

-- Whether a leader is responsible for all of these units, each written as "level_edition code": they are
-- his, or lie in his.
CREATE FUNCTION actor_leads(units text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN actor_role() = 'leader' AND units <> '{}' AND (actor_sees_all() OR NOT EXISTS (
        SELECT FROM unnest(units) AS held (name)
        WHERE NOT EXISTS (
            SELECT FROM jurisdiction AS own
            LEFT JOIN unit AS child
                ON child.level || '_' || child.edition || ' ' || child.code = held.name
                AND child.edition = own.edition
            LEFT JOIN unit AS parent
                ON parent.edition = child.edition AND parent.code = child.parent_code
            WHERE own.account_id = actor_id() AND (
                own.level || '_' || own.edition || ' ' || own.code = held.name
                OR (own.level, own.code) IN ((parent.level, parent.code))
                OR EXISTS (
                    SELECT FROM unit AS top
                    WHERE (top.edition, top.code, top.level) = (own.edition, own.code, own.level)
                        AND top.code = parent.parent_code
                )
            )
        )
    ));
END
$$;
