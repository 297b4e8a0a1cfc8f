"""How close the shipped approximate boundaries are to the real ones; one JSON line per figure.

    .venv/bin/python bench/boundary_accuracy.py [--write]

The peer of each figure is recipe F of the shared APPROXIMATE.md, measured on the same real set.
``--write`` stores the figures where data/boundaries/build.py picks them up for the manifests.
Reads the real set beside the checkout (shared/boundaries).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "boundaries"
SHIPPED = ROOT / "data" / "boundaries"
sys.path.insert(0, str(ROOT))

from geo.boundaries.border import METRIC_CRS, land_border_units  # noqa: E402

EQUAL_AREA = "+proj=laea +lat_0=16 +lon_0=106 +datum=WGS84 +units=m"
# Recipe F on the same real set, as published in APPROXIMATE.md (no figure for its 10th percentile
# of districts and provinces).
RECIPE_F = {
    ("2025", "commune", "iou_median"): 0.602,
    ("2025", "commune", "iou_p10"): 0.426,
    ("2024", "district", "iou_median"): 0.747,
    ("2025", "province", "iou_median"): 0.922,
    ("2025", "commune", "points_right"): 0.750,
    ("2024", "district", "points_right"): 0.857,
    ("2025", "province", "points_right"): 0.956,
    ("2025", "commune", "points_right_border_10km"): 0.811,
    ("2025", "commune", "border_list_precision"): 0.971,
    ("2025", "commune", "border_list_recall"): 0.940,
}
LEVELS = (("2025", "commune"), ("2025", "province"), ("2024", "district"), ("2024", "province"))

Figures = dict[tuple[str, str, str], float]


def read(folder: Path, edition: str, level: str) -> gpd.GeoDataFrame:
    """Read a shipped or a real level by code."""
    real = f"vn-{level}s-{edition}.fgb"
    path = folder / real if folder == SHARED else folder / edition / f"{level}s.fgb"
    return gpd.read_file(path).sort_values("code", ignore_index=True)


def overlap(shipped: gpd.GeoDataFrame, real: gpd.GeoDataFrame) -> pd.Series:
    """Return intersection over union by code, by area, for the units of the real set."""
    left = shipped.set_index("code").geometry.to_crs(EQUAL_AREA).make_valid()
    right = real.set_index("code").geometry.to_crs(EQUAL_AREA).make_valid()
    left = left.reindex(right.index)
    common = left.intersection(right, align=False).area
    return common / (left.area + right.area - common)


def random_points(real: gpd.GeoDataFrame, count: int, within: float | None) -> gpd.GeoDataFrame:
    """Draw points evenly over the real communes (or over those ``within`` metres of the border)."""
    generator = np.random.default_rng(20260823)
    area = real.to_crs(EQUAL_AREA)[["code", "geometry"]]
    if within is not None:
        line = gpd.read_file(SHARED / "land-border-osm.fgb").to_crs(EQUAL_AREA).union_all()
        area = area.clip(line.buffer(within))
    west, south, east, north = area.total_bounds
    tree = shapely.STRtree(area.geometry.to_numpy())
    xy, codes = [], []
    while sum(map(len, xy)) < count:
        draw = generator.uniform((west, south), (east, north), (200_000, 2))
        hit, unit = tree.query(shapely.points(draw), predicate="within")
        hit, first = np.unique(hit, return_index=True)
        xy.append(draw[hit])
        codes.append(area["code"].to_numpy()[unit[first]])
    points = shapely.points(np.concatenate(xy)[:count])
    return gpd.GeoDataFrame(
        {"true": np.concatenate(codes)[:count]}, geometry=points, crs=EQUAL_AREA
    )


def found_codes(points: gpd.GeoSeries, shipped: gpd.GeoDataFrame) -> np.ndarray:
    """Return the code of the unit that holds each point, else of the nearest one."""
    shapes = shipped.to_crs(EQUAL_AREA).geometry.to_numpy()
    (source, unit) = shapely.STRtree(shapes).query_nearest(points.to_numpy(), all_matches=False)
    result = np.empty(len(points), dtype=object)
    result[source] = shipped["code"].to_numpy()[unit]
    return result


def overlap_figures() -> Figures:
    """Median and 10th percentile of the overlap at each level."""
    result: Figures = {}
    for edition, level in LEVELS:
        values = overlap(read(SHIPPED, edition, level), read(SHARED, edition, level))
        result[edition, level, "iou_median"] = float(values.median())
        result[edition, level, "iou_p10"] = float(values.quantile(0.1))
    return result


def point_figures() -> Figures:
    """Share of 20,000 random points on the right unit, and of 5,000 within 10 km of the border."""
    communes = read(SHARED, "2025", "commune")
    points = random_points(communes, 20_000, None)
    result: Figures = {}
    for edition, level in LEVELS:
        real = read(SHARED, edition, level)
        truth = found_codes(points.geometry, real)
        guess = found_codes(points.geometry, read(SHIPPED, edition, level))
        result[edition, level, "points_right"] = float((truth == guess).mean())
    near = random_points(communes, 5_000, 10_000)
    guess = found_codes(near.geometry, read(SHIPPED, "2025", "commune"))
    result["2025", "commune", "points_right_border_10km"] = float((near["true"] == guess).mean())
    return result


def border_figures() -> Figures:
    """Land-border list of the shipped communes and districts against that of the real ones."""
    lines = gpd.read_file(SHIPPED / "land-border.fgb").to_crs(METRIC_CRS)
    result: Figures = {}
    for edition, level in (("2025", "commune"), ("2024", "district")):
        truth = set(land_border_units(read(SHARED, edition, level), lines)["code"])
        guess = set(land_border_units(read(SHIPPED, edition, level), lines)["code"])
        result[edition, level, "border_list_precision"] = len(truth & guess) / len(guess)
        result[edition, level, "border_list_recall"] = len(truth & guess) / len(truth)
    return result


def population_figures() -> Figures:
    """Median relative error of the spread population where a real figure was published."""
    table = pd.read_csv(SHIPPED / "population.csv", dtype={"code": str, "edition": str})
    ours = table[(table["edition"] == "2025") & (table["level"] == "commune")]
    real = pd.read_csv(SHARED / "communes-population-2025.csv", dtype={"code": str})
    both = ours.merge(real.dropna(subset=["population_2025"]), on="code")
    error = (both["value"] / both["population_2025"] - 1).abs()
    error = error[both["population_2025"] > 0]
    return {
        ("2025", "commune", "population_error_median"): float(error.median()),
        ("2025", "commune", "population_error_p90"): float(error.quantile(0.9)),
    }


def lines(figures: Figures) -> Iterator[dict[str, object]]:
    """Turn the figures into the benchmark lines."""
    for (edition, level, name), value in figures.items():
        peer = RECIPE_F.get((edition, level, name))
        yield {
            "name": f"boundaries_{edition}_{level}_{name}",
            "value": round(value, 4),
            "unit": "share",
            "peer": peer,
            "ratio": None if peer is None else round(value / peer, 4),
            "goal": peer,
            "met": None if peer is None else value >= peer,
        }


def store(figures: Figures) -> None:
    """Write the figures by edition for the manifests."""
    by_edition: dict[str, dict[str, float]] = {"2025": {}, "2024": {}}
    for (edition, level, name), value in figures.items():
        by_edition[edition][f"{level}_{name}"] = round(value, 3)
    path = SHIPPED / "recipe" / "inputs" / "accuracy.json"
    path.write_text(json.dumps(by_edition, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, and with --write store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    figures = overlap_figures() | point_figures() | border_figures() | population_figures()
    for line in lines(figures):
        print(json.dumps(line))
    if options.write:
        store(figures)


if __name__ == "__main__":
    main()
