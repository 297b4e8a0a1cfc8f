CREATE TABLE account (
    id UUID DEFAULT uuid_v7() NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    agency TEXT,
    password_hash TEXT NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    password_changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT uq_account_username UNIQUE (username),
    -- Small ASCII letters only: two names that differ in case or in look-alikes cannot both exist.
    CONSTRAINT ck_account_username CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
    CONSTRAINT ck_account_role CHECK (role IN ('officer', 'planner', 'leader', 'administrator'))
);

CREATE TABLE jurisdiction (
    account_id UUID NOT NULL,
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    CONSTRAINT pk_jurisdiction PRIMARY KEY (account_id, edition, level, code),
    CONSTRAINT fk_jurisdiction_account_id_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT ck_jurisdiction_unit CHECK (
        (level = 'country' AND edition = '' AND code = '')
        OR (level IN ('province', 'commune') AND edition IN ('2024', '2025') AND code <> '')
        OR (level = 'district' AND edition = '2024' AND code <> '')
    )
);
COMMENT ON COLUMN jurisdiction.level IS 'country (edition and code are empty), province, district or commune';

CREATE TABLE session (
    token_hash BYTEA NOT NULL,
    account_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_session PRIMARY KEY (token_hash),
    CONSTRAINT fk_session_account_id_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
);
CREATE INDEX ix_session_account_id ON session (account_id);
COMMENT ON COLUMN session.token_hash IS 'SHA-256 of the token, which is kept nowhere';

CREATE TABLE token (
    id UUID DEFAULT uuid_v7() NOT NULL,
    account_id UUID NOT NULL,
    name TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    scopes TEXT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_token PRIMARY KEY (id),
    CONSTRAINT uq_token_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_token_account_id_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE,
    CONSTRAINT ck_token_scopes CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'write'])
);
CREATE INDEX ix_token_account_id ON token (account_id);
COMMENT ON COLUMN token.token_hash IS 'SHA-256 of the token, which is kept nowhere';

CREATE TABLE sign_in_attempt (
    id BIGSERIAL NOT NULL,
    username TEXT NOT NULL,
    address TEXT NOT NULL,
    attempted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    succeeded BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id)
);
CREATE INDEX ix_sign_in_attempt_guesses ON sign_in_attempt (username, address, attempted_at);
COMMENT ON COLUMN sign_in_attempt.username IS 'as typed, in small letters: there may be no such account';
