#!/bin/bash
# Run once by the database's container: the product's role owns its database and is no superuser.
# The private cluster of `make up` is laid out in the same way by cli/cluster.py.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set password="$BIENMAP_DATABASE_PASSWORD" \
    --set application_password="$BIENMAP_APPLICATION_PASSWORD" <<'END'
CREATE ROLE bienmap LOGIN PASSWORD :'password';
-- The server connects as this one: it owns nothing, and sees what the person who asks may see.
CREATE ROLE bienmap_app LOGIN PASSWORD :'application_password';
CREATE DATABASE bienmap OWNER bienmap TEMPLATE template0 ENCODING 'UTF8';
\connect bienmap
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE EXTENSION btree_gist;
-- So that the index of points serves under row-level security: docs/methods/row-security.md.
ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
END
