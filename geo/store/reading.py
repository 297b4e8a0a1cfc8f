"""Records out of the store as GeoJSON, a page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Select, text

from geo.boundaries.border_bands import chosen_bands
from geo.errors import NotFoundError
from geo.store.database import query
from geo.store.tables import (
    Base,
    BorderCell,
    Incident,
    Network,
    NetworkLeg,
    NetworkNode,
    OutreachEvent,
    PreventionModel,
    Unit,
    UnitSet,
)

Recorded = type[Incident] | type[OutreachEvent] | type[PreventionModel]
MODELS: dict[str, Recorded] = {
    "incident": Incident,
    "outreach_event": OutreachEvent,
    "prevention_model": PreventionModel,
}
# The view in which the database displaces the place of an incident for whom the exact one is not.
TABLES = Base.metadata.tables
SHOWN_INCIDENT = sa.table(
    "shown_incident",
    *(sa.column(one.key, one.type) for one in TABLES["incident"].c if one.key != "narrative"),
    sa.column("location_shown", sa.Text()),
)
SHOWN: dict[str, sa.FromClause] = {
    "incident": SHOWN_INCIDENT,
    "outreach_event": TABLES["outreach_event"],
    "prevention_model": TABLES["prevention_model"],
}
# Never in a list: what is restricted, and what only the store needs.
HIDDEN = {
    "point",
    "narrative",
    "content_hash",
    "unit_set_id",
    "import_batch_id",
    "deleted_at",
    "updated_reason",
}
NODE_HIDDEN = HIDDEN | {"network_id"}
# What is derived from a record's point when it is read.
BORDER_COLUMNS = ("neighbour", "border_section", "border_m", "gate", "gate_m", "measured_from")
UNIT_COLUMNS = ("commune_2025", "province_2025", "commune_2024", "district_2024", "province_2024")


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records; the period is [first, last), `box` west, south, east, north in degrees.

    `unit` is edition, level and code. `border_bands` are names of bands along the land border and
    `neighbours` ISO codes of the countries beyond it: of a point within 20 km of it, and no other
    record. `state` is that of clubs and models; `held_by` the club or model of outreach events.
    `after` is the id of the last record of the page before.
    """

    first: date | None = None
    last: date | None = None
    kinds: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None
    unit: tuple[str, str, str] | None = None
    land_border: bool | None = None
    border_bands: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    state: str | None = None
    held_by: UUID | None = None
    after: UUID | None = None
    limit: int = 1_000


def list_records(
    connection: Connection, record_type: str, wanted: RecordFilter
) -> list[dict[str, Any]]:
    """GeoJSON features of incidents, outreach events or models, by id, without deleted ones.

    A record without a point has a null geometry; its units are in the properties. Distances to the
    land border and the nearest gate are metres on the ellipsoid, null abroad. The properties
    of incidents say what `location_shown` is: exact, displaced (to a spot that tells no more than
    the commune; distances are those of the commune's nearest edge) or commune (no point).
    """
    page = _page(SHOWN[record_type], wanted)
    statement = _features(page, HIDDEN).order_by(page.c.id)
    return [_feature(row) for row in connection.execute(statement).mappings()]


def get_record(connection: Connection, record_type: str, identifier: UUID) -> dict[str, Any]:
    """One record as a GeoJSON feature, an incident with its narrative where it may be read.

    Raises:
        NotFoundError: there is none, or it was deleted.
    """
    shown = SHOWN[record_type].c
    statement = _features(SHOWN[record_type], HIDDEN).where(
        shown.id == identifier, shown.deleted_at.is_(None)
    )
    if record_type == "incident":
        narrative = sa.func.incident_narrative(shown.id).label("narrative")
        statement = statement.add_columns(narrative)
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise _unknown(identifier)
    return _feature(row)


def get_network(connection: Connection, identifier: UUID) -> dict[str, Any]:
    """One network as a feature without a geometry: its places are features too, in their order.

    Its notes come where they may be read, else null.

    Raises:
        NotFoundError: there is none, or it was deleted.
    """
    hidden = HIDDEN | {"notes"}
    own = [column for column in Network.__table__.columns if column.name not in hidden]
    case = connection.execute(
        sa.select(*own).where(Network.id == identifier, Network.deleted_at.is_(None))
    ).mappings()
    found = case.first()
    if found is None:
        raise _unknown(identifier)
    notes = connection.scalar(
        text("SELECT content ->> 'notes' FROM network_content(ARRAY[CAST(:id AS uuid)])"),
        {"id": identifier},
    )
    places = connection.execute(
        _features(TABLES["network_node"], NODE_HIDDEN)
        .where(NetworkNode.network_id == identifier)
        .order_by(NetworkNode.sequence)
    ).mappings()
    legs = connection.execute(
        sa.select(NetworkLeg.from_sequence, NetworkLeg.to_sequence, NetworkLeg.crossing)
        .where(NetworkLeg.network_id == identifier)
        .order_by(NetworkLeg.from_sequence, NetworkLeg.to_sequence)
    ).mappings()
    return {
        "type": "Feature",
        "id": str(identifier),
        "geometry": None,
        "properties": {name: value for name, value in found.items() if name != "id"}
        | {"notes": notes},
        "places": [_feature(place) for place in places],
        "legs": [dict(leg) for leg in legs],
    }


def _unknown(identifier: UUID) -> NotFoundError:
    return NotFoundError(
        "record.unknown",
        f"Không có bản ghi {identifier}, hoặc đã bị xóa.",
        f"There is no record {identifier}, or it was deleted.",
    )


def list_networks(
    connection: Connection, wanted: RecordFilter
) -> tuple[list[dict[str, Any]], list[UUID]]:
    """GeoJSON features of networks, a point for each place and a line for each leg, and their ids.

    The period is that of the day on which they were dismantled: those without one are in no period.
    Kinds are their scopes. Box, unit and border are asked of their places, as they are drawn.
    """
    west, south, east, north = wanted.box or (None,) * 4
    edition, level, code = wanted.unit or (None,) * 3
    values = {
        "first": wanted.first,
        "last": wanted.last,
        "kinds": list(wanted.kinds),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "column": code and f"{level}_{edition}",
        "code": code,
        "land_border": wanted.land_border,
        "bands": list(wanted.border_bands),
        "neighbours": list(wanted.neighbours),
        "after": wanted.after,
        "limit": wanted.limit,
    }
    row = connection.execute(query("networks"), values).one()
    return row.features, row.networks or []


def _features(table: sa.FromClause, hidden: set[str]) -> Select[Any]:
    own = [column for column in table.c if column.name not in hidden]
    units = [getattr(UnitSet, name) for name in UNIT_COLUMNS]
    place = [
        sa.func.ST_X(table.c.point).label("longitude"),
        sa.func.ST_Y(table.c.point).label("latitude"),
    ]
    near = _border_near(table, sa.func.border_of)
    distances = [
        near.c.neighbour,
        near.c.border_section,
        sa.cast(sa.func.round(near.c.border_m), sa.Integer).label("border_m"),
        near.c.gate,
        sa.cast(sa.func.round(near.c.gate_m), sa.Integer).label("gate_m"),
        near.c.measured_from,
    ]
    return (
        sa.select(*own, *units, *place, *distances)
        .join(UnitSet, UnitSet.id == table.c.unit_set_id)
        .join(near, sa.true(), isouter=True)
    )


def _exact_point(table: sa.FromClause) -> sa.ColumnElement[Any]:
    """The point that distances may be told of; a displaced one has those of its commune's edge."""
    if "location_shown" not in table.c:
        return table.c.point
    return sa.case((table.c.location_shown == "exact", table.c.point))


def _border_near(table: sa.FromClause, rule: Any) -> sa.FromClause:
    """What a rule of the database says of a record's place and the border, to be joined on true."""
    near = rule(_exact_point(table), table.c.unit_set_id)
    return near.table_valued(*BORDER_COLUMNS).lateral("near")


def _page(table: sa.FromClause, wanted: RecordFilter) -> sa.Subquery:
    """The records of a page. What is derived of them is asked of these alone, and not of all that
    are in view; distances only where they choose the records.
    """
    left_out = HIDDEN - {"point", "unit_set_id"}
    statement = sa.select(*(column for column in table.c if column.name not in left_out)).join(
        UnitSet, UnitSet.id == table.c.unit_set_id
    )
    if wanted.border_bands or wanted.neighbours:
        statement = statement.join(
            _border_near(table, sa.func.border_within), sa.true(), isouter=True
        )
    return _filtered(statement, table, wanted).subquery("page")


def _filtered(statement: Select[Any], table: sa.FromClause, wanted: RecordFilter) -> Select[Any]:
    conditions: list[sa.ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    conditions += _in_period(table, wanted)
    if wanted.state and "state" in table.c:
        conditions.append(table.c.state == wanted.state)
    if wanted.held_by and "prevention_model_id" in table.c:
        conditions.append(table.c.prevention_model_id == wanted.held_by)
    if wanted.kinds:
        conditions.append(table.c.kind.in_(wanted.kinds))
    if wanted.box:
        conditions += _in_box(table, sa.func.ST_MakeEnvelope(*wanted.box, 4326))
    if wanted.unit:
        edition, level, code = wanted.unit
        conditions.append(getattr(UnitSet, f"{level}_{edition}") == code)
    if wanted.land_border is not None:
        border = sa.select(Unit.code).where(
            Unit.edition == "2025", Unit.level == "commune", Unit.is_land_border
        )
        inside = UnitSet.commune_2025.in_(border)
        conditions.append(inside if wanted.land_border else ~inside)
    conditions += _near_border(table, wanted)
    if wanted.after:
        conditions.append(table.c.id > wanted.after)
    return statement.where(*conditions).order_by(table.c.id).limit(wanted.limit)


def _in_box(table: sa.FromClause, box: sa.ColumnElement[Any]) -> list[sa.ColumnElement[bool]]:
    """Points in it. Of a displaced one, which no index knows, the commune must touch the box."""
    inside = table.c.point.op("&&")(box)
    if "location_shown" not in table.c:
        return [inside]
    touching = (
        sa.select(UnitSet.id)
        .join(Unit, Unit.code == UnitSet.commune_2025)
        .where(Unit.edition == "2025", Unit.level == "commune", Unit.geom.op("&&")(box))
        .correlate(None)
        .scalar_subquery()
    )
    # Where a point is displaced nothing is told of how it was assigned: the database knows by that
    # which half of the view is meant, before it works out where the point is shown.
    is_exact = table.c.assignment.is_not(None)
    near = table.c.unit_set_id == sa.func.any(sa.func.array(touching))
    return [inside, sa.or_(is_exact, near)]


def _in_period(table: sa.FromClause, wanted: RecordFilter) -> list[sa.ColumnElement[bool]]:
    """What began within it; clubs and models that existed on any day of it."""
    conditions: list[sa.ColumnElement[bool]] = []
    if "started_on" in table.c:
        if wanted.first:
            conditions.append(sa.func.coalesce(table.c.ended_on, wanted.first) >= wanted.first)
        if wanted.last:
            conditions.append(sa.func.coalesce(table.c.started_on < wanted.last, sa.true()))
        return conditions
    if wanted.first:
        conditions.append(table.c.occurred_from >= _midnight(wanted.first))
    if wanted.last:
        conditions.append(table.c.occurred_from < _midnight(wanted.last))
    return conditions


def _near_border(table: sa.FromClause, wanted: RecordFilter) -> list[sa.ColumnElement[bool]]:
    """Bands and neighbours; the grid rules out most points before any distance is measured."""
    if not wanted.border_bands and not wanted.neighbours:
        return []
    bands = chosen_bands(wanted.border_bands)
    distance: sa.ColumnElement[float] = sa.literal_column("near.border_m", sa.Double())
    within = [sa.and_(distance >= band.least_m, distance < band.most_m) for band in bands]
    maybe = [
        sa.and_(BorderCell.least_m < band.most_m, BorderCell.most_m >= band.least_m)
        for band in bands
    ]
    point = _exact_point(table)
    cell = sa.func.grid_cell(sa.func.ST_X(point), sa.func.ST_Y(point))
    cells = sa.select(BorderCell.cell).where(sa.or_(*maybe))
    conditions = [sa.or_(*within), sa.or_(point.is_(None), cell.in_(cells))]
    if wanted.neighbours:
        neighbour = sa.literal_column("near.neighbour", sa.Text())
        conditions.append(neighbour.in_(wanted.neighbours))
    return conditions


def _midnight(day: date) -> sa.ColumnElement[Any]:
    """The first moment of a day in Vietnam."""
    return sa.func.timezone("Asia/Ho_Chi_Minh", sa.cast(day.isoformat(), sa.DateTime()))


def _feature(row: Any) -> dict[str, Any]:
    # Names of a page's columns are of a kind of text that JSON does not take.
    properties = {str(name): value for name, value in row.items()}
    place = [properties.pop("longitude"), properties.pop("latitude")]
    geometry = None if place[0] is None else {"type": "Point", "coordinates": place}
    # A place of a network has no id of its own.
    identifier = {"id": str(properties.pop("id"))} if "id" in properties else {}
    return {"type": "Feature", **identifier, "geometry": geometry, "properties": properties}


def soft_delete(
    connection: Connection, record_type: str, identifier: UUID, reason: str, actor: str | None
) -> None:
    """Mark a record as deleted, with the reason; its versions stay.

    Raises:
        NotFoundError: there is none, or it is deleted already.
    """
    deleted = connection.execute(
        text(
            f"UPDATE {record_type} SET deleted_at = now(), deleted_reason = :reason,"  # noqa: S608
            " updated_by = :actor WHERE id = :id AND deleted_at IS NULL"
        ),
        {"id": identifier, "reason": reason, "actor": actor},
    )
    if not deleted.rowcount:
        raise _unknown(identifier)
