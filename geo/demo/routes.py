"""Routes of synthetic networks: from where people are recruited to where they are exploited."""

from dataclasses import dataclass

import geopandas
import numpy as np
import shapely

from geo.demo.draws import Floats
from geo.demo.places import WGS84, Places, draw_villages, scatter
from geo.demo.profiles import SECTIONS
from geo.records.code_lists import code_list

INLAND = SECTIONS.index("inland")
# City centres abroad where exploitation ends: country, name, longitude and latitude.
DESTINATIONS = {
    "KHM": (
        ("KH", "Sihanoukville", 103.5235, 10.6268), ("KH", "Bavet", 106.0800, 11.0850),
        ("KH", "Phnôm Pênh", 104.9282, 11.5564), ("KH", "Poipet", 102.5635, 13.6573),
    ),
    "LAO": (
        ("LA", "Boten", 101.6810, 21.1850), ("LA", "Tonpheung", 100.0920, 20.3550),
        ("LA", "Savannakhet", 104.7526, 16.5566), ("MM", "Myawaddy", 98.5089, 16.6892),
    ),
    "CHN": (
        ("CN", "Nam Ninh", 108.3200, 22.8240), ("CN", "Côn Minh", 102.7180, 25.0380),
        ("CN", "Quảng Châu", 113.2644, 23.1291), ("CN", "Bằng Tường", 106.7530, 22.1050),
    ),
}  # fmt: skip
COUNTRY = {"KHM": "KH", "LAO": "LA", "CHN": "CN"}
CROSSINGS = ("trail", "opening", "river", "sub_gate", "main_gate", "intl_gate")
CROSSING_SHARE = (0.34, 0.22, 0.12, 0.12, 0.06, 0.14)
# Steps from a gate towards the destination, until a point lies in no Vietnamese commune.
FIRST_STEP_M, STEP_M = 4_000.0, 2_000.0


# From and to as numbers of stops from 1, and how the border is crossed, if it is.
Leg = tuple[int, int, str | None]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of a route; degrees, EPSG:4326."""

    role: str
    country: str
    place_text: str
    lon: float
    lat: float
    precision: str
    accuracy_m: float
    found_by: str

    def columns(self) -> dict[str, object]:
        """The columns of a node; the unit is left to the point."""
        return {
            "role": self.role,
            "country": self.country,
            "lon": self.lon,
            "lat": self.lat,
            "precision": self.precision,
            "accuracy_m": self.accuracy_m,
            "place_text": self.place_text,
            "found_by": self.found_by,
        }


@dataclass(frozen=True, slots=True)
class Route:
    """The stops and the legs between them; `exit_code` is the commune it leaves the country by."""

    scope: str
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    exit_code: str | None


class Routes:
    """Draws routes through the communes and gates of an edition."""

    def __init__(
        self, rng: np.random.Generator, places: Places, gates: geopandas.GeoDataFrame
    ) -> None:
        self._rng = rng
        self._places = places
        self._gates = gates
        self._tree = shapely.STRtree(places.shapes)
        self._recruiting = np.where(places.section == INLAND, places.risk, 0)
        self._towns = np.where(places.section == INLAND, places.population**1.5, 0)

    def abroad(self, progress: float) -> Route:
        """Across the border; the later in the period (0 to 1), the more often to Cambodia."""
        neighbour = self._neighbour(progress)
        commune, gate = self._exit(neighbour)
        recruited = [self._inside("recruit", self._recruiting) for _ in range(self._count())]
        gathered = [self._inside("gather", self._towns)] if self._rng.random() < 0.5 else []
        leave = self._stop("exit", commune)
        country, name, lon, lat = DESTINATIONS[neighbour][self._rng.integers(0, 4)]
        end = Stop("dest", country, name, lon, lat, "commune", 5_000.0, "place")
        across = self._reception(gate, end)
        stops = (*recruited, *gathered, leave, across, end)
        hub, out = len(recruited) + 1, len(stops) - 2
        crossing = str(self._rng.choice(CROSSINGS, p=CROSSING_SHARE))
        legs: list[Leg] = [(start, hub, None) for start in range(1, hub)]
        legs += [(hub, out, None)] if gathered else []
        legs += [(out, out + 1, crossing), (out + 1, out + 2, None)]
        return Route("trans", stops, tuple(legs), str(self._places.code[commune]))

    def inland(self) -> Route:
        """From recruitment communes by way of a transit place to a town of another province."""
        recruited = [self._inside("recruit", self._recruiting) for _ in range(self._count())]
        stops = (
            *recruited,
            self._inside("transit", self._towns),
            self._inside("dest", self._towns),
        )
        hub = len(recruited) + 1
        legs = [(start, hub, None) for start in range(1, hub)]
        return Route("inter", stops, (*legs, (hub, hub + 1, None)), None)

    def _count(self) -> int:
        return int(self._rng.integers(1, 4))

    def _neighbour(self, progress: float) -> str:
        present = [name for name in COUNTRY if (self._gates["neighbour"] == name).any()]
        wish = {"KHM": 0.3 + 0.35 * progress, "LAO": 0.25, "CHN": 0.45 - 0.35 * progress}
        share = np.array([wish[name] for name in present])
        return str(self._rng.choice(present, p=share / share.sum()))

    def _exit(self, neighbour: str) -> tuple[int, int]:
        """A border commune near a gate to the neighbour, and that gate."""
        places = self._places
        towards = (self._gates["neighbour"].to_numpy() == neighbour)[places.gate]
        weight = np.where(places.on_border & towards, np.exp(-places.gate_km / 10), 0)
        commune = self._drawn(weight)
        return commune, int(places.gate[commune])

    def _drawn(self, weight: Floats) -> int:
        return int(self._rng.choice(len(weight), p=weight / weight.sum()))

    def _inside(self, role: str, weight: Floats) -> Stop:
        return self._stop(role, self._drawn(weight))

    def _stop(self, role: str, commune: int) -> Stop:
        """A place somewhere in a Vietnamese commune (an index into the places)."""
        row = np.array([commune])
        village = draw_villages(self._rng, self._places, row)
        x, y = scatter(self._rng, self._places, row, village)
        name = str(self._places.name[commune])
        return Stop(role, "VN", name, float(x[0]), float(y[0]), "village", 1_000.0, "map")

    def _reception(self, gate: int, end: Stop) -> Stop:
        """The first place abroad on the way from the gate to where the route ends."""
        point = self._gates.geometry.iloc[gate]
        way, _, metres = WGS84.inv(point.x, point.y, end.lon, end.lat)
        lon, lat = end.lon, end.lat
        for distance in np.arange(FIRST_STEP_M, metres, STEP_M):
            lon, lat, _ = WGS84.fwd(point.x, point.y, way, distance)
            if len(self._tree.query(shapely.Point(lon, lat), predicate="intersects")) == 0:
                break
        name = self._gates["name_vi"].iloc[gate]
        country = COUNTRY[self._gates["neighbour"].iloc[gate]]
        return Stop(
            role="receive",
            country=country,
            place_text=f"Đối diện {name} ({code_list('destination')[country].label_vi})",
            lon=round(float(lon), 6),
            lat=round(float(lat), 6),
            precision="village",
            accuracy_m=3_000.0,
            found_by="map",
        )
