-- What was written, by whom, in a chain: each link holds the hash of the one before, so that nothing
-- can be changed, taken out, put in or moved without a trace.
CREATE TABLE audit_entry (
    id BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_audit_entry PRIMARY KEY (id)
);
COMMENT ON COLUMN audit_entry.content IS 'JSON: at, actor, action, object, before, after; or a count and a digest of many rows';

CREATE TABLE audit_link (
    sequence BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_audit_link PRIMARY KEY (sequence),
    CONSTRAINT uq_audit_link_entry_id UNIQUE (entry_id),
    CONSTRAINT ck_audit_link_hash CHECK (length(hash) = 32),
    CONSTRAINT fk_audit_link_entry_id_audit_entry FOREIGN KEY (entry_id) REFERENCES audit_entry (id)
);
COMMENT ON COLUMN audit_link.hash IS 'SHA-256 of the hash before, the sequence (8 bytes, big-endian) and the content in UTF-8';

CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only ever added to' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Links are made as the transaction commits: writers wait for each other only then.
CREATE FUNCTION audit_link_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('bienmap.audit', 0));
    SELECT sequence, hash INTO last FROM audit_link ORDER BY sequence DESC LIMIT 1;
    INSERT INTO audit_link (sequence, entry_id, hash)
    VALUES (
        coalesce(last.sequence, 0) + 1,
        NEW.id,
        sha256(
            coalesce(last.hash, '')
            || int8send(coalesce(last.sequence, 0) + 1)
            || convert_to(NEW.content, 'UTF8')
        )
    );
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER audit_entry_link AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_link_follow();

-- One entry; the actor is whom the rows name, else the database's user.
CREATE FUNCTION audit_write(actor text, action text, object text, details jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO audit_entry (content)
    VALUES ((
        jsonb_build_object(
            'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'actor', coalesce(actor, session_user),
            'action', action,
            'object', object
        ) || details
    )::text)
$$;

-- After every statement on a table that counts: an entry for each row with what was before and after,
-- or for more than a hundred rows their number and a digest. The argument is the table's key.
CREATE FUNCTION audit_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    secret constant text[] := '{password_hash,token_hash}';
    changed constant text := CASE TG_OP
        WHEN 'INSERT' THEN '(SELECT NULL::text AS stale) AS nothing CROSS JOIN fresh'
        WHEN 'DELETE' THEN 'stale CROSS JOIN (SELECT NULL::text AS fresh) AS nothing'
        ELSE format('stale FULL JOIN fresh USING (%s)', TG_ARGV[0])
    END;
    many bigint;
    one record;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM audit_write(NULL, TG_OP, TG_TABLE_NAME, '{}');
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT count(*) FROM %s', CASE TG_OP WHEN 'DELETE' THEN 'stale' ELSE 'fresh' END)
        INTO many;
    IF many > 100 THEN
        -- Rows as the database writes them, each by its own hash: a million texts would not fit.
        EXECUTE format(
            'SELECT (SELECT to_jsonb(one) ->> ''updated_by'' FROM %1$s AS one LIMIT 1) AS actor,'
            ' encode(sha256(convert_to(string_agg(line, E''\n'' ORDER BY line COLLATE "C"), ''UTF8'')), ''hex'') AS digest'
            ' FROM (SELECT encode(sha256(convert_to(concat(stale::text, fresh::text), ''UTF8'')), ''hex'') AS line'
            ' FROM %2$s) AS hashed',
            CASE TG_OP WHEN 'DELETE' THEN 'stale' ELSE 'fresh' END, changed
        ) INTO one;
        PERFORM audit_write(one.actor, TG_OP, TG_TABLE_NAME,
            jsonb_build_object('rows', many, 'sha256', one.digest));
        RETURN NULL;
    END IF;
    FOR one IN EXECUTE
        'SELECT to_jsonb(stale) - $1 AS before, to_jsonb(fresh) - $1 AS after FROM ' || changed USING secret
    LOOP
        PERFORM audit_write(
            coalesce(one.after ->> 'updated_by', one.after ->> 'imported_by', one.after ->> 'checked_by'),
            TG_OP, TG_TABLE_NAME, jsonb_build_object('before', one.before, 'after', one.after)
        );
    END LOOP;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    followed record;
BEGIN
    FOR followed IN
        VALUES ('incident', 'id'), ('outreach_event', 'id'), ('network', 'id'),
            ('network_node', 'network_id, sequence'),
            ('network_leg', 'network_id, from_sequence, to_sequence'),
            ('import_batch', 'id'), ('account', 'id'),
            ('jurisdiction', 'account_id, edition, level, code'), ('token', 'id'),
            ('place_check', 'record_type, record_id, sequence'), ('boundary_layer', 'edition, level'), ('unit_amendment', 'edition, level, code, valid_from')
    LOOP
        EXECUTE format(
            'CREATE TRIGGER audit_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS fresh'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(%2$L);'
            'CREATE TRIGGER audit_update AFTER UPDATE ON %1$I'
            ' REFERENCING OLD TABLE AS stale NEW TABLE AS fresh'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(%2$L);'
            'CREATE TRIGGER audit_delete AFTER DELETE ON %1$I REFERENCING OLD TABLE AS stale'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow(%2$L);'
            'CREATE TRIGGER audit_truncate AFTER TRUNCATE ON %1$I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_follow()',
            followed.column1, followed.column2
        );
    END LOOP;
END
$$;
