"""What follows from the land border and the units, made when one of them has changed."""

from sqlalchemy import Connection

from geo.boundaries.border_bands import border_bands
from geo.boundaries.border_distance import border_cells, border_pieces, unit_distances
from geo.places.seas import ARCHIPELAGOS
from geo.store import border as store
from geo.store.reference import border_lines


def derive_border(connection: Connection) -> bool:
    """Make pieces, cells, bands and the distances of units anew if they are not those of today.

    Needs the units of 2025, which say where the country and its provinces are. In Hoàng Sa and
    Trường Sa units get no distance: neither the land border nor a gate is anything to them.

    Returns:
        Whether anything was made.
    """
    fingerprint = store.border_fingerprint(connection)
    if store.is_current(connection, fingerprint):
        return False
    store.clear_derived(connection)
    lines, gates = border_lines(connection), store.border_gates(connection)
    units = store.unit_shapes(connection)
    provinces = units[(units["edition"] == "2025") & (units["level"] == "province")]
    if lines.empty or gates.empty or provinces.empty:
        return False
    pieces = border_pieces(lines, provinces)
    cells = border_cells(pieces, gates, store.country_cells(connection))
    store.write_pieces(connection, pieces, cells, gates["code"].tolist())
    store.write_bands(connection, border_bands(pieces, provinces))
    at_sea = [unit for waters in ARCHIPELAGOS for unit in waters.islands]
    keys = units.set_index(["edition", "level", "code"]).index
    units = units[~keys.isin(at_sea)]
    distances = unit_distances(units, pieces, gates)
    nearest = pieces.iloc[distances.pop("piece")][["neighbour", "section"]].reset_index(drop=True)
    keys = units[["edition", "level", "code"]].reset_index(drop=True)
    store.write_unit_distances(connection, keys.join(nearest).join(distances))
    store.mark_current(connection, fingerprint)
    return True
