"""Giving located records their units, always by the one rule of sql/locate.sql."""

from sqlalchemy import Connection, text

from geo.store.database import statements

LOCATED_TABLES = {
    "incident": "id::text",
    "outreach_event": "id::text",
    "network_node": "network_id::text || '/' || sequence",
}
TEMPORARY = (
    "staged_location",
    "location_cell",
    "location_other",
    "location_candidate",
    "location_tested",
    "location_code",
    "location_stated",
    "location_combination",
    "location_answer",
    "located",
)


def locate_staged(connection: Connection) -> None:
    """Run the rule over the temporary table staged_location; the result is the table located.

    Both vanish with the transaction; call `drop_staged` to locate again within it.
    """
    connection.execute(text("SET LOCAL work_mem = '256MB'"))
    connection.execute(text("ANALYZE staged_location"))
    for statement in statements("locate"):
        connection.execute(statement)


def drop_staged(connection: Connection) -> None:
    """Clear the way for another run in the same transaction."""
    connection.execute(text(f"DROP TABLE IF EXISTS {', '.join(TEMPORARY)}"))


def reassign_records(connection: Connection) -> dict[str, int]:
    """Derive the units of all records again, as after a boundary swap.

    Returns:
        How many records of each table changed their units.
    """
    moved = {}
    for table, key in LOCATED_TABLES.items():
        drop_staged(connection)
        connection.execute(
            text(
                "CREATE TEMP TABLE staged_location ON COMMIT DROP AS"  # noqa: S608  own names only
                f" SELECT (row_number() OVER ())::integer AS row_number, {key} AS key, point,"
                f" stated_edition, stated_level, stated_code FROM {table}"
            )
        )
        locate_staged(connection)
        moved[table] = connection.execute(
            text(
                f"UPDATE {table} AS record"  # noqa: S608  own names only
                " SET unit_set_id = located.unit_set_id, assignment = located.assignment,"
                " location_flags = located.location_flags"
                " FROM staged_location AS staged JOIN located USING (row_number)"
                f" WHERE staged.key = {key} AND (record.unit_set_id, record.assignment)"
                " IS DISTINCT FROM (located.unit_set_id, located.assignment)"
            )
        ).rowcount
    drop_staged(connection)
    return moved
