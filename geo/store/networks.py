"""Writing networks: the case, its places, and the legs between them, as one whole."""

import pyarrow
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from geo.store.bulk import stage
from geo.store.database import query
from geo.store.locations import drop_staged, hold_boundaries, outside_rows
from geo.store.records import LoadOutcome, Origin, count_new, drop_unchanged, locate


def load_networks(
    connection: Connection,
    networks: pyarrow.Table,
    nodes: pyarrow.Table,
    legs: pyarrow.Table,
    origin: Origin,
    *,
    own: list[str] | None = None,
) -> LoadOutcome:
    """Add or change networks, each known by its source and external id.

    A changed network takes the nodes and legs of its new version in place of the old ones. Nodes
    abroad keep their point and lie in no unit; a node said to lie in Vietnam that does not is
    returned, and its whole network is left out.

    Args:
        networks: external_id, content_hash and further columns of the table network.
        nodes: row_number, network_external_id, sequence, lon, lat, country, role and further
            columns of network_node.
        legs: network_external_id, from_sequence, to_sequence, crossing.
        own: units of the sender as load_records has them; one place in them is enough.
    """
    hold_boundaries(connection)
    stage(connection, "network", networks, "staged_record")
    outcome = LoadOutcome(unchanged=drop_unchanged(connection, "network", origin.source))
    connection.execute(text("ALTER TABLE staged_record RENAME TO staged_network"))
    wanted = pyarrow.array(
        connection.scalars(text("SELECT external_id FROM staged_network")).all(), pyarrow.string()
    )
    nodes = nodes.filter(pc.is_in(nodes["network_external_id"], wanted))
    legs = legs.filter(pc.is_in(legs["network_external_id"], wanted))
    stage(connection, "network_node", nodes)
    stage(connection, "network_leg", legs, "staged_leg")
    locate(connection)
    abroad = pc.not_equal(nodes["country"], "VN")
    foreign = set(nodes.filter(abroad)["row_number"].to_pylist())
    outcome.outside = [row for row in outside_rows(connection) if row.row_number not in foreign]
    connection.execute(query("drop_networks_outside"))
    if own is not None:
        values = {"own": own, "source": origin.source}
        for row in connection.execute(query("drop_networks_elsewhere"), values):
            (outcome.taken if row.is_taken else outcome.elsewhere).append(row.row_number)
    outcome.added, outcome.changed = count_new(
        connection, "network", "staged_network", origin.source
    )
    _write(connection, networks.column_names, nodes.column_names, origin)
    drop_staged(connection)
    connection.execute(text("DROP TABLE staged_record, staged_network, staged_leg"))
    return outcome


def _write(
    connection: Connection, network_columns: list[str], node_columns: list[str], origin: Origin
) -> None:
    own = ", ".join(name for name in network_columns if name != "row_number")
    changes = ", ".join(
        f"{name} = excluded.{name}"
        for name in network_columns
        if name not in ("row_number", "external_id", "id")
    )
    if "notes" in network_columns:
        # PostgreSQL takes the row that was to be inserted for one read from the table, whose notes
        # the server may not read.
        sent = "SELECT staged.notes FROM staged_network AS staged"
        changes = changes.replace(
            "notes = excluded.notes",
            f"notes = ({sent} WHERE staged.external_id = network.external_id)",
        )
    if "updated_reason" not in network_columns:
        changes += ", updated_reason = NULL"
    values = {
        "source": origin.source,
        "actor": origin.actor,
        "batch": origin.batch,
        "is_demo": origin.is_demo,
    }
    connection.execute(
        text(
            f"INSERT INTO network ({own}, source, created_by, updated_by, import_batch_id, is_demo)"  # noqa: S608
            f" SELECT {own}, :source, :actor, :actor, :batch, :is_demo FROM staged_network"
            f" ON CONFLICT (source, external_id) DO UPDATE SET {changes},"
            " updated_by = excluded.updated_by, import_batch_id = excluded.import_batch_id,"
            " deleted_at = NULL, deleted_reason = NULL"
        ),
        values,
    )
    connection.execute(query("delete_network_nodes"), {"source": origin.source})
    apart = ("row_number", "lon", "lat", "network_external_id")
    kept = [name for name in node_columns if name not in apart]
    staged = ", ".join(f"staged.{name}" for name in ["point", *kept])
    connection.execute(
        text(
            f"INSERT INTO network_node (network_id, point, {', '.join(kept)}, unit_set_id,"  # noqa: S608
            f" assignment, location_flags) SELECT network.id, {staged}, located.unit_set_id,"
            " located.assignment, located.location_flags"
            " FROM staged_record AS staged JOIN located USING (row_number)"
            " JOIN network ON network.source = :source"
            " AND network.external_id = staged.network_external_id"
        ),
        {"source": origin.source},
    )
    connection.execute(query("insert_network_legs"), {"source": origin.source})
