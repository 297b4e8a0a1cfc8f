"""Where networks were dismantled, and when: those that the actor may see."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from geo.errors import NotFoundError
from geo.store.database import query


@dataclass(frozen=True, slots=True)
class NetworkPlaces:
    """A network by the units of its places; `unplaced` of them, in Vietnam, lie in no such unit."""

    case_code: str
    dismantled_on: date | None
    codes: list[str]
    unplaced: int


def network_places(connection: Connection, network: UUID, column: str) -> NetworkPlaces:
    """The units of a network.

    Args:
        column: of unit_set, which names edition and level.

    Raises:
        NotFoundError: there is no such network, or the actor may not see it.
    """
    row = connection.execute(
        query("network_places"), {"network": network, "column": column}
    ).one_or_none()
    if row is None:
        raise NotFoundError(
            "record.unknown",
            f"Không có đường dây {network}, hoặc tài khoản này không được xem.",
            f"There is no network {network}, or this account may not see it.",
        )
    return NetworkPlaces(*row)


def units_of_networks(
    connection: Connection, but: UUID, column: str, period: tuple[date, date]
) -> set[str]:
    """The units of all networks dismantled in a period [first, last), but one."""
    first, last = period
    values = {"network": but, "column": column, "from": first, "to": last}
    return set(connection.scalars(query("units_of_networks"), values))
