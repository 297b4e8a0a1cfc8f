CREATE TABLE hotspot_run (
    id UUID DEFAULT uuid_v7() NOT NULL,
    method TEXT NOT NULL,
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    period_from DATE NOT NULL,
    period_to DATE NOT NULL,
    parameters JSONB NOT NULL,
    data_fingerprint TEXT NOT NULL,
    boundary_fingerprint TEXT NOT NULL,
    software_version TEXT NOT NULL,
    records_used INTEGER NOT NULL,
    records_left_out INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_hotspot_run PRIMARY KEY (id)
);
CREATE INDEX ix_hotspot_run_choice ON hotspot_run (edition, level, created_at);
COMMENT ON COLUMN hotspot_run."period_to" IS 'the day after the last one counted';

CREATE TABLE import_batch (
    id UUID DEFAULT uuid_v7() NOT NULL,
    record_type TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    imported_by TEXT,
    rows_read INTEGER DEFAULT 0 NOT NULL,
    rows_added INTEGER DEFAULT 0 NOT NULL,
    rows_changed INTEGER DEFAULT 0 NOT NULL,
    rows_unchanged INTEGER DEFAULT 0 NOT NULL,
    rows_rejected INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_import_batch PRIMARY KEY (id)
);
CREATE INDEX ix_import_batch_file_sha256 ON import_batch (file_sha256);

CREATE TABLE incident_cell (
    unit_set_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    month INTEGER NOT NULL,
    incidents INTEGER NOT NULL,
    victims INTEGER NOT NULL,
    CONSTRAINT pk_incident_cell PRIMARY KEY (unit_set_id, kind, month)
);
CREATE INDEX ix_incident_cell_month ON incident_cell (kind, month) INCLUDE (unit_set_id, incidents, victims);

CREATE TABLE record_history (
    record_type TEXT NOT NULL,
    record_id UUID NOT NULL,
    version INTEGER NOT NULL,
    content JSONB NOT NULL,
    replaced_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_record_history PRIMARY KEY (record_type, record_id, version)
);

CREATE TABLE support_measure (
    id SERIAL NOT NULL,
    programme TEXT NOT NULL,
    measure TEXT NOT NULL,
    breakdown TEXT DEFAULT 'total' NOT NULL,
    edition TEXT DEFAULT '' NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    period_from DATE NOT NULL,
    period_to DATE NOT NULL,
    value INTEGER NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_support_measure PRIMARY KEY (id),
    CONSTRAINT uq_support_measure_programme_measure_breakdown_edition__1fd2 UNIQUE (programme, measure, breakdown, edition, code, period_from)
);
COMMENT ON COLUMN support_measure."code" IS ''''' is the country';

CREATE TABLE hotspot_result (
    run_id UUID NOT NULL,
    code TEXT NOT NULL,
    incidents INTEGER NOT NULL,
    population INTEGER,
    value DOUBLE PRECISION,
    expected DOUBLE PRECISION,
    neighbour_mean DOUBLE PRECISION,
    neighbours SMALLINT NOT NULL,
    z DOUBLE PRECISION,
    p DOUBLE PRECISION,
    q DOUBLE PRECISION,
    class SMALLINT,
    CONSTRAINT pk_hotspot_result PRIMARY KEY (run_id, code),
    CONSTRAINT fk_hotspot_result_run_id_hotspot_run FOREIGN KEY(run_id) REFERENCES hotspot_run (id) ON DELETE CASCADE
);

CREATE TABLE network (
    case_code TEXT NOT NULL,
    scope TEXT NOT NULL,
    status TEXT DEFAULT 'dismantled' NOT NULL,
    dismantled_on DATE,
    lead_agency TEXT,
    joint_agencies TEXT[] DEFAULT '{}' NOT NULL,
    arrested INTEGER,
    rescued INTEGER,
    notes TEXT,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    import_batch_id UUID,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_network PRIMARY KEY (id),
    CONSTRAINT uq_network_source_external_id UNIQUE (source, external_id),
    CONSTRAINT fk_network_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id)
);

CREATE TABLE outreach_event (
    kind TEXT NOT NULL,
    occurred_from TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_to TIMESTAMP WITH TIME ZONE NOT NULL,
    topics TEXT[] DEFAULT '{}' NOT NULL,
    audiences TEXT[] DEFAULT '{}' NOT NULL,
    attendance INTEGER,
    sessions INTEGER DEFAULT 1 NOT NULL,
    organiser TEXT,
    hours DOUBLE PRECISION,
    materials INTEGER,
    prevention_model TEXT,
    notes TEXT,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    import_batch_id UUID,
    point geometry(POINT,4326),
    precision TEXT NOT NULL,
    accuracy_m DOUBLE PRECISION,
    place_text TEXT,
    stated_edition TEXT,
    stated_level TEXT,
    stated_code TEXT,
    found_by TEXT DEFAULT 'import' NOT NULL,
    unit_set_id INTEGER NOT NULL,
    assignment TEXT NOT NULL,
    location_flags TEXT[] DEFAULT '{}' NOT NULL,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_outreach_event PRIMARY KEY (id),
    CONSTRAINT uq_outreach_event_source_external_id UNIQUE (source, external_id),
    CONSTRAINT ck_outreach_event_point CHECK (point IS NULL OR (ST_X(point) BETWEEN -180 AND 180 AND ST_Y(point) BETWEEN -90 AND 90)),
    CONSTRAINT ck_outreach_event_period CHECK (occurred_to >= occurred_from AND occurred_from >= '1975-01-01'),
    CONSTRAINT fk_outreach_event_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id),
    CONSTRAINT fk_outreach_event_unit_set_id_unit_set FOREIGN KEY(unit_set_id) REFERENCES unit_set (id)
);
CREATE INDEX ix_outreach_event_occurred_from ON outreach_event (occurred_from);
CREATE INDEX ix_outreach_event_point ON outreach_event USING gist (point);
CREATE INDEX ix_outreach_event_unit_set_id ON outreach_event (unit_set_id);
COMMENT ON COLUMN outreach_event."assignment" IS 'inside, nearest (just off the edge), stated (by unit only), outside, none';

CREATE TABLE rejected_row (
    id BIGSERIAL NOT NULL,
    import_batch_id UUID NOT NULL,
    row_number INTEGER NOT NULL,
    external_id TEXT,
    content JSONB NOT NULL,
    problems JSONB NOT NULL,
    mended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_rejected_row PRIMARY KEY (id),
    CONSTRAINT fk_rejected_row_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id)
);
CREATE INDEX ix_rejected_row_batch ON rejected_row (import_batch_id, row_number);

CREATE TABLE incident (
    kind TEXT NOT NULL,
    status TEXT DEFAULT 'received' NOT NULL,
    occurred_from TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_to TIMESTAMP WITH TIME ZONE NOT NULL,
    acts TEXT[] DEFAULT '{}' NOT NULL,
    means TEXT[] DEFAULT '{}' NOT NULL,
    purposes TEXT[] DEFAULT '{}' NOT NULL,
    channels TEXT[] DEFAULT '{}' NOT NULL,
    tactic TEXT,
    origin TEXT,
    destination TEXT,
    victims INTEGER DEFAULT 0 NOT NULL,
    victims_by JSONB DEFAULT '{}' NOT NULL,
    suspects INTEGER DEFAULT 0 NOT NULL,
    agency TEXT,
    narrative TEXT,
    network_id UUID,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    import_batch_id UUID,
    point geometry(POINT,4326),
    precision TEXT NOT NULL,
    accuracy_m DOUBLE PRECISION,
    place_text TEXT,
    stated_edition TEXT,
    stated_level TEXT,
    stated_code TEXT,
    found_by TEXT DEFAULT 'import' NOT NULL,
    unit_set_id INTEGER NOT NULL,
    assignment TEXT NOT NULL,
    location_flags TEXT[] DEFAULT '{}' NOT NULL,
    id UUID DEFAULT uuid_v7() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by TEXT,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_by TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    deleted_reason TEXT,
    CONSTRAINT pk_incident PRIMARY KEY (id),
    CONSTRAINT uq_incident_source_external_id UNIQUE (source, external_id),
    CONSTRAINT ck_incident_point CHECK (point IS NULL OR (ST_X(point) BETWEEN -180 AND 180 AND ST_Y(point) BETWEEN -90 AND 90)),
    CONSTRAINT ck_incident_period CHECK (occurred_to >= occurred_from AND occurred_from >= '1975-01-01'),
    CONSTRAINT ck_incident_counts CHECK (victims >= 0 AND suspects >= 0),
    CONSTRAINT fk_incident_network_id_network FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_incident_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id),
    CONSTRAINT fk_incident_unit_set_id_unit_set FOREIGN KEY(unit_set_id) REFERENCES unit_set (id)
);
CREATE INDEX ix_incident_occurred_from ON incident (occurred_from, kind, unit_set_id);
CREATE INDEX ix_incident_point ON incident USING gist (point);
CREATE INDEX ix_incident_unit_set_id ON incident (unit_set_id);
COMMENT ON COLUMN incident."assignment" IS 'inside, nearest (just off the edge), stated (by unit only), outside, none';

CREATE TABLE network_node (
    network_id UUID NOT NULL,
    sequence SMALLINT NOT NULL,
    role TEXT NOT NULL,
    country TEXT DEFAULT 'VN' NOT NULL,
    point geometry(POINT,4326),
    precision TEXT NOT NULL,
    accuracy_m DOUBLE PRECISION,
    place_text TEXT,
    stated_edition TEXT,
    stated_level TEXT,
    stated_code TEXT,
    found_by TEXT DEFAULT 'import' NOT NULL,
    unit_set_id INTEGER NOT NULL,
    assignment TEXT NOT NULL,
    location_flags TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_network_node PRIMARY KEY (network_id, sequence),
    CONSTRAINT ck_network_node_point CHECK (point IS NULL OR (ST_X(point) BETWEEN -180 AND 180 AND ST_Y(point) BETWEEN -90 AND 90)),
    CONSTRAINT fk_network_node_network_id_network FOREIGN KEY(network_id) REFERENCES network (id) ON DELETE CASCADE,
    CONSTRAINT fk_network_node_unit_set_id_unit_set FOREIGN KEY(unit_set_id) REFERENCES unit_set (id)
);
CREATE INDEX ix_network_node_point ON network_node USING gist (point);
CREATE INDEX ix_network_node_unit_set_id ON network_node (unit_set_id);
COMMENT ON COLUMN network_node."assignment" IS 'inside, nearest (just off the edge), stated (by unit only), outside, none';

CREATE TABLE network_leg (
    network_id UUID NOT NULL,
    from_sequence SMALLINT NOT NULL,
    to_sequence SMALLINT NOT NULL,
    crossing TEXT,
    CONSTRAINT pk_network_leg PRIMARY KEY (network_id, from_sequence, to_sequence),
    CONSTRAINT fk_network_leg_network_id_from_sequence_network_node FOREIGN KEY(network_id, from_sequence) REFERENCES network_node (network_id, sequence) ON DELETE CASCADE,
    CONSTRAINT fk_network_leg_network_id_to_sequence_network_node FOREIGN KEY(network_id, to_sequence) REFERENCES network_node (network_id, sequence) ON DELETE CASCADE,
    CONSTRAINT ck_network_leg_ends CHECK (from_sequence <> to_sequence)
);
