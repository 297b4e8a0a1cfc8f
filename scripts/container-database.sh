#!/bin/bash
# The database's container: lays the cluster out where there is none, then becomes the command.
# The private cluster of `make up` is laid out in the same way by cli/cluster.py.
set -euo pipefail
home=$(dirname "$PGDATA")
unfinished=$home/unfinished

# Only whoever runs the server comes in without a password; by network, our two roles into our
# database.
make_cluster() {
    initdb --pgdata="$unfinished" --username=postgres --auth=reject --no-instructions \
        --data-checksums --encoding=UTF8 --locale=C.UTF-8 --lc-collate=C
    echo "listen_addresses = '*'" >>"$unfinished/postgresql.conf"
    cat >"$unfinished/pg_hba.conf" <<'END_OF_FILE'
local all     postgres            peer map=server
host  bienmap bienmap,bienmap_app samenet scram-sha-256
END_OF_FILE
    echo "server \"$(id -un)\" postgres" >"$unfinished/pg_ident.conf"
}

# The product's role owns its database and is no superuser.
make_database() {
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --host "$home" --username postgres postgres <<'END_OF_FILE'
\getenv password BIENMAP_DATABASE_PASSWORD
\getenv application_password BIENMAP_APPLICATION_PASSWORD
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
END_OF_FILE
}

if [ ! -e "$PGDATA" ]; then
    : "${BIENMAP_DATABASE_PASSWORD:?}" "${BIENMAP_APPLICATION_PASSWORD:?}"
    # What was cut short is begun anew: only a finished cluster bears the name.
    rm -rf "$unfinished"
    make_cluster
    pg_ctl start --wait --silent --pgdata="$unfinished" \
        --options="-clisten_addresses='' -cunix_socket_directories='$home' -clog_min_error_statement=panic"
    make_database
    pg_ctl stop --wait --silent --pgdata="$unfinished" --mode=fast
    mv "$unfinished" "$PGDATA"
fi
# Needed once; what serves afterwards does not carry them about.
unset BIENMAP_DATABASE_PASSWORD BIENMAP_APPLICATION_PASSWORD
exec "$@"
