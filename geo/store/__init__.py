"""The PostGIS store: tables, engine, queries, migrations."""
