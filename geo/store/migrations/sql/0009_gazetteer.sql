-- What places are called beside the names that units bear themselves: other spellings, abbreviations
-- and former names of units, border gates, and protected areas that are taken for units. The code is
-- that of the unit which is meant, or in which it lies. Searched in memory: geo/places/gazetteer.py.
CREATE TABLE place_name (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    edition TEXT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    source TEXT NOT NULL,
    CONSTRAINT pk_place_name PRIMARY KEY (kind, name, edition, level, code),
    CONSTRAINT ck_place_name_kind CHECK (kind IN ('alternative', 'gate', 'protected_area')),
    CONSTRAINT fk_place_name_edition_boundary_edition
        FOREIGN KEY (edition) REFERENCES boundary_edition (name)
);
