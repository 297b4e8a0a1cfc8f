"""Where synthetic records lie: what a commune's risk is, and points inside it."""

from dataclasses import dataclass

import geopandas
import numpy as np
import pandas
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geo.demo.draws import Floats, Indices
from geo.demo.profiles import SECTIONS

WGS84 = Geod(ellps="WGS84")
VILLAGES = 12
BORDER_ZONE_KM = 15.0
GATE_REACH_KM = 14.0
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Places:
    """Communes as the generator sees them, one entry each in every array.

    `section` holds indices of SECTIONS, `gate_km` the distance to the nearest gate, `gate` its
    index; `risk` is the expected number of incidents, in relative terms, without planted clusters.
    `village_x` and `village_y` are (communes, VILLAGES) degrees, EPSG:4326; `village_share` is
    cumulative.
    """

    code: NDArray[np.object_]
    name: NDArray[np.object_]
    parent: NDArray[np.object_]
    on_border: NDArray[np.bool_]
    section: Indices
    gate: Indices
    gate_km: Floats
    population: Floats
    risk: Floats
    shapes: NDArray[np.object_]
    village_x: Floats
    village_y: Floats
    village_share: Floats


def describe(
    units: geopandas.GeoDataFrame, gates: geopandas.GeoDataFrame, rng: np.random.Generator
) -> Places:
    """Communes with their nearest gate, their risk, and their villages.

    Args:
        units: code, name, parent_code, is_land_border, population and polygons in EPSG:4326, in
            any order; a missing population is taken as the median.
        gates: neighbour (ISO 3166-1 alpha-3) and points in EPSG:4326.
    """
    units = units.sort_values("code", ignore_index=True)
    shapes = units.geometry.to_numpy().copy()
    shapely.prepare(shapes)
    gate, gate_km = _nearest_gates(units, gates)
    on_border = units["is_land_border"].to_numpy(dtype=bool)
    neighbour = gates["neighbour"].to_numpy()[gate]
    section = np.array([SECTIONS.index(name) for name in neighbour])
    section[~on_border & (gate_km > BORDER_ZONE_KM)] = SECTIONS.index("inland")
    population = _population(units["population"])
    x, y = _villages(shapes, rng)
    return Places(
        code=units["code"].to_numpy(dtype=object),
        name=units["full_name" if "full_name" in units else "name"].to_numpy(dtype=object),
        parent=units["parent_code"].to_numpy(dtype=object),
        on_border=on_border,
        section=section,
        gate=gate,
        gate_km=gate_km,
        population=population,
        risk=population * _relative_rate(on_border, gate_km, population, rng),
        shapes=shapes,
        village_x=x,
        village_y=y,
        village_share=_village_share(x, y, gates.geometry.iloc[gate], gate_km, rng),
    )


def _population(population: pandas.Series) -> Floats:
    values = pandas.to_numeric(population).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nanmedian(values))


def _nearest_gates(
    units: geopandas.GeoDataFrame, gates: geopandas.GeoDataFrame
) -> tuple[Indices, Floats]:
    centre = units.geometry.representative_point()
    shape = (len(units), len(gates))
    metres = distance_m(
        np.broadcast_to(centre.x.to_numpy()[:, None], shape),
        np.broadcast_to(centre.y.to_numpy()[:, None], shape),
        np.broadcast_to(gates.geometry.x.to_numpy(), shape),
        np.broadcast_to(gates.geometry.y.to_numpy(), shape),
    )
    nearest = metres.argmin(axis=1)
    return nearest, metres[np.arange(len(units)), nearest] / 1000


def distance_m(x: Floats, y: Floats, to_x: Floats, to_y: Floats) -> Floats:
    """Geodesic distances in metres between points in degrees, EPSG:4326; all of one shape."""
    return np.asarray(WGS84.inv(x, y, to_x, to_y)[2])


def _relative_rate(
    on_border: NDArray[np.bool_], gate_km: Floats, population: Floats, rng: np.random.Generator
) -> Floats:
    """Incidents per inhabitant, where an inland commune without recruitment has about one."""
    near = np.exp(-((gate_km / GATE_REACH_KM) ** 2))
    rate = np.where(on_border, 3 + 45 * near, 1 + 35 * near)
    # Recruitment happens in some populous rural communes; towns above 80,000 are not drawn.
    rural = ~on_border & (population > 8_000) & (population < 80_000)
    recruiting = rural & (rng.random(len(rate)) < 0.08)
    return rate * np.where(recruiting, 3.0, 1.0) * rng.gamma(12, 1 / 12, len(rate))


def _villages(shapes: NDArray[np.object_], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """VILLAGES points inside each commune, uniformly drawn."""
    owner = np.repeat(np.arange(len(shapes)), VILLAGES)
    x, y = np.empty(len(owner)), np.empty(len(owner))
    bounds = shapely.bounds(shapes)
    wanted = np.arange(len(owner))
    for _ in range(60):
        low, high = bounds[owner[wanted], :2].T, bounds[owner[wanted], 2:].T
        x[wanted], y[wanted] = low + rng.random((2, len(wanted))) * (high - low)
        inside = shapely.contains_xy(shapes[owner[wanted]], x[wanted], y[wanted])
        wanted = wanted[~inside]
    # What is still missing lies in archipelagos that fill little of their box.
    spare = shapely.point_on_surface(shapes[owner[wanted]])
    x[wanted], y[wanted] = shapely.get_x(spare), shapely.get_y(spare)
    return x.reshape(-1, VILLAGES), y.reshape(-1, VILLAGES)


def _village_share(
    x: Floats, y: Floats, gates: geopandas.GeoSeries, gate_km: Floats, rng: np.random.Generator
) -> Floats:
    """Cumulative share of each commune's incidents by village; near a gate the near ones lead."""
    gate_x = np.broadcast_to(gates.x.to_numpy()[:, None], x.shape)
    gate_y = np.broadcast_to(gates.y.to_numpy()[:, None], x.shape)
    metres = distance_m(x, y, gate_x, gate_y)
    pull = np.where(gate_km[:, None] < BORDER_ZONE_KM, 8 * np.exp(-metres / 5_000), 0)
    weight = rng.gamma(1.5, 1.0, x.shape) + pull
    return np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)


def draw_villages(rng: np.random.Generator, places: Places, commune: Indices) -> Indices:
    """A village, 0 to VILLAGES - 1, for each row of communes (indices into `places`)."""
    village = np.zeros(len(commune), dtype=np.intp)
    chance = rng.random(len(commune))
    for column in range(VILLAGES - 1):
        village += chance >= places.village_share[commune, column]
    return village


def scatter(
    rng: np.random.Generator, places: Places, commune: Indices, village: Indices
) -> tuple[Floats, Floats]:
    """A point some hundred metres from each village, still inside its commune; to 1e-6 degrees."""
    centre_x, centre_y = places.village_x[commune, village], places.village_y[commune, village]
    x, y = centre_x.copy(), centre_y.copy()
    wanted = np.arange(len(commune))
    for spread_m in (700.0, 250.0, 60.0):
        step = rng.normal(0, spread_m / METRES_PER_DEGREE, (2, len(wanted)))
        new_x = np.round(centre_x[wanted] + step[0] / np.cos(np.radians(centre_y[wanted])), 6)
        new_y = np.round(centre_y[wanted] + step[1], 6)
        inside = shapely.contains_xy(places.shapes[commune[wanted]], new_x, new_y)
        x[wanted[inside]], y[wanted[inside]] = new_x[inside], new_y[inside]
        wanted = wanted[~inside]
    return x, y
