"""From what somebody writes of a place to the places that it can mean."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from geo.errors import InputError
from geo.places.coordinates import Position, read_coordinates
from geo.store.places import places_of_points, provinces_of_name


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate: the position that was read, and what `places_of_points` knows of it."""

    position: Position
    surroundings: dict[str, Any]

    @property
    def is_inside(self) -> bool:
        """Whether it lies in Vietnam, or so near its edge that it counts as inside."""
        return bool(self.surroundings["assignment"] != "outside")


def find_places(connection: Connection, text: str, province: str | None = None) -> list[Place]:
    """The places that coordinates in a text can mean, the likeliest first.

    What the text says without any slip goes before what it might have meant, unless it lies outside
    the country and the other does not.

    Args:
        province: name or code of the province in which the place is said to lie; it decides the
            central meridian of VN-2000.

    Raises:
        InputError: the province is not known.
    """
    provinces = provinces_of_name(connection, province) if province else frozenset()
    if province and not provinces:
        raise InputError(
            "place.province",
            f"Không có tỉnh “{province[:60]}”. Hãy ghi tên tỉnh trước hoặc sau 01/7/2025.",
            f"There is no province “{province[:60]}”. Give its name of before or after July 2025.",
        )
    positions = read_coordinates(text, provinces)
    if not positions:
        return []
    found = places_of_points(connection, [(one.longitude, one.latitude) for one in positions])
    places = [Place(position, around) for position, around in zip(positions, found, strict=True)]
    # Stable: among equals the order of the reading stays.
    return sorted(places, key=lambda place: not place.is_inside)
