-- Second factors, what a session tells its owner, and sign-in by a provider (OpenID Connect).
ALTER TABLE account ADD COLUMN second_factor_required BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE session
    ADD COLUMN id UUID DEFAULT uuid_v7() NOT NULL,
    ADD COLUMN confirmed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ADD COLUMN address TEXT DEFAULT '' NOT NULL,
    ADD COLUMN client TEXT DEFAULT '' NOT NULL,
    ADD COLUMN opened_by TEXT DEFAULT 'password' NOT NULL,
    ADD COLUMN second_factor BOOLEAN DEFAULT false NOT NULL,
    ADD CONSTRAINT uq_session_id UNIQUE (id),
    ADD CONSTRAINT ck_session_opened_by CHECK (opened_by IN ('password', 'provider'));
-- Whoever was signed in already is asked again before what needs a fresh sign-in.
UPDATE session SET confirmed_at = created_at;
COMMENT ON COLUMN session.confirmed_at IS 'when the person last proved who he is';
COMMENT ON COLUMN session.client IS 'what the browser calls itself';
COMMENT ON COLUMN session.second_factor IS 'whether the sign-in showed a second factor';

CREATE TABLE second_factor (
    account_id UUID NOT NULL,
    secret BYTEA,
    pending BYTEA,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    last_step BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_second_factor PRIMARY KEY (account_id),
    CONSTRAINT fk_second_factor_account_id_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT ck_second_factor_confirmed CHECK ((secret IS NULL) = (confirmed_at IS NULL))
);
COMMENT ON COLUMN second_factor.secret IS 'sealed with a key that is kept outside of the database';
COMMENT ON COLUMN second_factor.pending IS 'sealed; counts once a code of it was typed';
COMMENT ON COLUMN second_factor.last_step IS 'the 30 seconds of the newest code that was used: none is taken twice';

CREATE TABLE recovery_code (
    account_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recovery_code PRIMARY KEY (account_id, code_hash),
    CONSTRAINT fk_recovery_code_account_id_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
);
COMMENT ON COLUMN recovery_code.code_hash IS 'SHA-256 of the account and the code, which has 79 random bits';

CREATE TABLE second_factor_role (
    role TEXT NOT NULL,
    CONSTRAINT pk_second_factor_role PRIMARY KEY (role),
    CONSTRAINT ck_second_factor_role_role CHECK (role IN ('officer', 'planner', 'leader', 'administrator'))
);

CREATE TABLE provider_link (
    account_id UUID NOT NULL,
    issuer TEXT,
    subject TEXT,
    CONSTRAINT pk_provider_link PRIMARY KEY (account_id),
    CONSTRAINT uq_provider_link_issuer_subject UNIQUE (issuer, subject),
    CONSTRAINT fk_provider_link_account_id_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT ck_provider_link_bound CHECK ((issuer IS NULL) = (subject IS NULL))
);
COMMENT ON COLUMN provider_link.subject IS 'null until the first sign-in by the provider binds it';

CREATE TABLE provider_request (
    state_hash BYTEA NOT NULL,
    browser_hash BYTEA NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    back TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_provider_request PRIMARY KEY (state_hash)
);

-- Secrets stay out of the chain even sealed or hashed; a code that was used leaves only its time.
CREATE FUNCTION audit_follow_sign_in() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    secret constant text[] := '{secret,pending,last_step,code_hash}';
BEGIN
    PERFORM audit_write(NULL, TG_OP, TG_TABLE_NAME, jsonb_build_object(
        'before', CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - secret END,
        'after', CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - secret END
    ));
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE OF secret, confirmed_at ON second_factor
    FOR EACH ROW EXECUTE FUNCTION audit_follow_sign_in();
CREATE TRIGGER audit_row AFTER UPDATE ON recovery_code
    FOR EACH ROW EXECUTE FUNCTION audit_follow_sign_in();
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON second_factor_role
    FOR EACH ROW EXECUTE FUNCTION audit_follow_sign_in();
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON provider_link
    FOR EACH ROW EXECUTE FUNCTION audit_follow_sign_in();
