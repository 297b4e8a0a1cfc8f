CREATE TABLE border_gate (
    code TEXT NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    neighbour TEXT NOT NULL,
    estimated BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    point geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_border_gate PRIMARY KEY (code)
);

CREATE TABLE border_line (
    neighbour TEXT NOT NULL,
    source TEXT NOT NULL,
    geom geometry(MULTILINESTRING,4326) NOT NULL,
    CONSTRAINT pk_border_line PRIMARY KEY (neighbour)
);

CREATE TABLE boundary_edition (
    name TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_boundary_edition PRIMARY KEY (name)
);

CREATE TABLE country_outline (
    source TEXT NOT NULL,
    geom geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_country_outline PRIMARY KEY (source)
);

CREATE TABLE crosswalk (
    old_code TEXT NOT NULL,
    new_code TEXT NOT NULL,
    old_name TEXT NOT NULL,
    old_district_code TEXT NOT NULL,
    old_province_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    share_area DOUBLE PRECISION,
    source TEXT NOT NULL,
    CONSTRAINT pk_crosswalk PRIMARY KEY (old_code, new_code)
);
CREATE INDEX ix_crosswalk_new_code ON crosswalk (new_code);

CREATE TABLE unit_set (
    id SERIAL NOT NULL,
    commune_2025 TEXT,
    province_2025 TEXT,
    commune_2024 TEXT,
    district_2024 TEXT,
    province_2024 TEXT,
    CONSTRAINT pk_unit_set PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_unit_set ON unit_set (coalesce(commune_2025, ''), coalesce(province_2025, ''), coalesce(commune_2024, ''), coalesce(district_2024, ''), coalesce(province_2024, ''));

CREATE TABLE boundary_layer (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    source TEXT NOT NULL,
    licence TEXT NOT NULL,
    approximate BOOLEAN NOT NULL,
    edge_tolerance_m DOUBLE PRECISION NOT NULL,
    fingerprint TEXT NOT NULL,
    unit_count INTEGER NOT NULL,
    loaded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_boundary_layer PRIMARY KEY (edition, level),
    CONSTRAINT ck_boundary_layer_level CHECK (level IN ('province', 'district', 'commune')),
    CONSTRAINT fk_boundary_layer_edition_boundary_edition FOREIGN KEY(edition) REFERENCES boundary_edition (name)
);

CREATE TABLE population (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    year SMALLINT NOT NULL,
    value INTEGER NOT NULL,
    source TEXT NOT NULL,
    estimated BOOLEAN NOT NULL,
    CONSTRAINT pk_population PRIMARY KEY (edition, level, code, year),
    CONSTRAINT ck_population_value CHECK (value >= 0),
    CONSTRAINT fk_population_edition_boundary_edition FOREIGN KEY(edition) REFERENCES boundary_edition (name)
);

CREATE TABLE unit_amendment (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    valid_from DATE NOT NULL,
    full_name TEXT NOT NULL,
    unit_type TEXT NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_unit_amendment PRIMARY KEY (edition, level, code, valid_from),
    CONSTRAINT fk_unit_amendment_edition_boundary_edition FOREIGN KEY(edition) REFERENCES boundary_edition (name)
);

CREATE TABLE unit_cell (
    cell INTEGER NOT NULL,
    edition TEXT NOT NULL,
    code TEXT NOT NULL,
    level TEXT NOT NULL,
    inside BOOLEAN NOT NULL,
    CONSTRAINT pk_unit_cell PRIMARY KEY (cell, edition, code),
    CONSTRAINT fk_unit_cell_edition_boundary_edition FOREIGN KEY(edition) REFERENCES boundary_edition (name)
);

CREATE TABLE unit (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    full_name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit_type TEXT NOT NULL,
    parent_code TEXT,
    official_area_km2 DOUBLE PRECISION,
    area_km2 DOUBLE PRECISION NOT NULL,
    is_land_border BOOLEAN NOT NULL,
    neighbours TEXT[] DEFAULT '{}' NOT NULL,
    border_length_m DOUBLE PRECISION DEFAULT 0 NOT NULL,
    label_point geometry(POINT,4326) NOT NULL,
    geom geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_unit PRIMARY KEY (edition, level, code),
    CONSTRAINT fk_unit_edition_level_boundary_layer FOREIGN KEY(edition, level) REFERENCES boundary_layer (edition, level) ON DELETE CASCADE,
    CONSTRAINT ck_unit_code CHECK (code ~ '^[0-9]{2,5}$'),
    CONSTRAINT ck_unit_geom_valid CHECK (ST_IsValid(geom))
);
CREATE INDEX ix_unit_geom ON unit USING gist (geom);
CREATE INDEX ix_unit_parent ON unit (edition, level, parent_code);
COMMENT ON COLUMN unit."area_km2" IS 'of the geometry, on the ellipsoid';

CREATE TABLE unit_shape (
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    max_zoom SMALLINT NOT NULL,
    code TEXT NOT NULL,
    geom geometry(MULTIPOLYGON,3857) NOT NULL,
    CONSTRAINT pk_unit_shape PRIMARY KEY (edition, level, max_zoom, code),
    CONSTRAINT fk_unit_shape_edition_level_code_unit FOREIGN KEY(edition, level, code) REFERENCES unit (edition, level, code) ON DELETE CASCADE
);
CREATE INDEX ix_unit_shape_geom ON unit_shape USING gist (geom);
