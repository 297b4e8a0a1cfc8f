"""Clusters of incidents planted on purpose, so that hotspot methods can be put to the test."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import geopandas
import numpy as np

from geo.demo import calendar
from geo.demo.calendar import FIRST_DAY, LAST_DAY
from geo.demo.draws import Floats, Indices
from geo.demo.places import Places, distance_m


@dataclass(frozen=True, slots=True)
class Plan:
    """A cluster before it meets an edition: known by its centre, whatever the boundaries."""

    key: str
    title_vi: str
    title_en: str
    centre: str
    first_day: date
    last_day: date
    relative_risk: float
    at_border: bool


@dataclass(frozen=True, slots=True)
class PlantedCluster:
    """A cluster as it lies in an edition: the centre's commune, which leads, and those around it.

    In its period every member has `relative_risk` times the incidents per inhabitant that all
    members have before and after it.
    """

    key: str
    title_vi: str
    title_en: str
    centre: str
    members: tuple[str, ...]
    first_day: date
    last_day: date
    relative_risk: float
    at_border: bool

    def as_json(self) -> dict[str, Any]:
        """Values that JSON can hold; days as ISO 8601."""
        return asdict(self) | {
            "members": list(self.members),
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
        }


# Centres are communes of the 2025 edition with a border gate, and one inland.
PLANS = (
    Plan(
        "moc-bai", "Vùng cửa khẩu Mộc Bài", "Around the Mộc Bài gate",
        "25681", date(2024, 7, 1), LAST_DAY, 6.0, True,
    ),
    Plan(
        "ta-lung", "Vùng cửa khẩu Tà Lùng", "Around the Tà Lùng gate",
        "01648", FIRST_DAY, date(2024, 12, 31), 6.0, True,
    ),
    Plan(
        "nam-can", "Vùng cửa khẩu Nậm Cắn", "Around the Nậm Cắn gate",
        "16837", date(2023, 7, 1), LAST_DAY, 7.0, True,
    ),
    Plan(
        "tinh-bien", "Vùng cửa khẩu Tịnh Biên", "Around the Tịnh Biên gate",
        "30520", date(2025, 1, 1), LAST_DAY, 6.0, True,
    ),
    Plan(
        "le-thanh", "Vùng cửa khẩu Lệ Thanh (mới)", "Around the Lệ Thanh gate (new)",
        "23872", date(2025, 9, 1), LAST_DAY, 8.0, True,
    ),
    Plan(
        "tan-phu", "Vùng tuyển mộ nội địa Tân Phú (Nghệ An)", "Inland recruitment, Tân Phú",
        "17272", date(2024, 4, 1), LAST_DAY, 8.0, False,
    ),
)  # fmt: skip

# What the relative risk multiplies, at the border and inland: one rate for all members, in the
# measure of `Places.risk`, so that a cluster is as wide as it is meant to be and not one commune
# with quiet neighbours.
RATE_WITHOUT = {True: 20.0, False: 16.0}
MEMBERS = 14


def planted_clusters(units: geopandas.GeoDataFrame) -> tuple[PlantedCluster, ...]:
    """The clusters as they lie in the given communes (code, geometry); absent centres are left out.

    A cluster grows from its centre: of the communes that touch it, the one nearest to the centre
    joins, until it has MEMBERS.
    """
    codes = units["code"].to_numpy()
    middle = units.geometry.representative_point()
    x, y = middle.x.to_numpy(), middle.y.to_numpy()
    planted = []
    for plan in PLANS:
        rows = np.flatnonzero(codes == plan.centre)
        if len(rows):
            centre = int(rows[0])
            away = distance_m(x, y, np.full(len(x), x[centre]), np.full(len(y), y[centre]))
            members = tuple(str(codes[row]) for row in _grown(units, centre, away))
            planted.append(PlantedCluster(members=members, **asdict(plan)))
    return tuple(planted)


def _grown(units: geopandas.GeoDataFrame, centre: int, away: Floats) -> list[int]:
    members, touching = [centre], {centre}
    while True:
        shape = units.geometry.iloc[members[-1]]
        touching.update(map(int, units.sindex.query(shape, predicate="intersects")))
        outside = touching.difference(members)
        if len(members) == MEMBERS or not outside:
            return members
        members.append(min(outside, key=lambda row: (away[row], row)))


@dataclass(frozen=True, slots=True)
class Draw:
    """Where and when incidents happen: indices of communes, and day numbers, both sorted by day."""

    commune: Indices
    day: Indices


def draw_where_and_when(
    rng: np.random.Generator, places: Places, clusters: tuple[PlantedCluster, ...], size: int
) -> Draw:
    """Commune and day of each incident: the background, and what clusters add to it."""
    members = [np.flatnonzero(np.isin(places.code, cluster.members)) for cluster in clusters]
    risk = places.risk.copy()
    for cluster, rows in zip(clusters, members, strict=True):
        risk[rows] = places.population[rows] * RATE_WITHOUT[cluster.at_border]
    everywhere = np.arange(len(risk))
    expected = [risk.sum()] + [
        risk[rows].sum() * (cluster.relative_risk - 1) * _share_of_time(cluster)
        for cluster, rows in zip(clusters, members, strict=True)
    ]
    counts = rng.multinomial(size, np.array(expected) / sum(expected))
    commune = [_pick(rng, everywhere, risk, counts[0])]
    day = [calendar.draw_days(rng, counts[0])]
    for cluster, rows, count in zip(clusters, members, counts[1:], strict=True):
        commune.append(_pick(rng, rows, risk[rows], count))
        first, last = map(calendar.day_number, (cluster.first_day, cluster.last_day))
        day.append(calendar.draw_days(rng, count, first, last))
    order = np.argsort(np.concatenate(day), kind="stable")
    return Draw(np.concatenate(commune)[order], np.concatenate(day)[order])


def _share_of_time(cluster: PlantedCluster) -> float:
    first, last = map(calendar.day_number, (cluster.first_day, cluster.last_day))
    weights = calendar.daily_weights()
    return float(weights[first : last + 1].sum() / weights.sum())


def _pick(rng: np.random.Generator, rows: Indices, weight: Floats, size: int) -> Indices:
    cumulative = np.cumsum(weight)
    return rows[np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")]
