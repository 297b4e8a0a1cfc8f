"""Build the approximate boundary editions that ship with Bienmap, from registry packages only.

    .venv/bin/python data/boundaries/build.py

Needs the PyPI package vietnamadminunits 1.0.4 (in the development lock), npm and pip, which fetch
the OpenStreetMap outline and the lines of rivers once into .bienmap/build. Takes about six minutes;
README.md says how it works and how good it is, LICENSES.md whose data it is.
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from recipe import (
    cells,
    districts,
    islands,
    names,
    outline,
    partition,
    people,
    publish,
    rivers,
    surroundings,
    units,
)

HERE = Path(__file__).parent
ACCURACY = units.INPUTS / "accuracy.json"


def build(target: Path = HERE) -> None:
    """Build everything into ``target``."""
    communes = units.read_communes()
    old = units.read_old_communes()
    crosswalk = units.read_crosswalk(communes, old)
    fetched = HERE.parents[1] / ".bienmap" / "build"
    world = outline.fetch_package(fetched)
    surroundings.build(world, target / "surroundings.json")
    rivers.build(rivers.fetch_package(fetched), units.INPUTS / "rivers.csv", target)
    countries = outline.read_countries(world)
    border = outline.land_border(countries)
    shapes, areas = commune_shapes(communes, outline.land_parts(countries))
    frame = gpd.GeoDataFrame(communes, geometry=shapes.to_numpy(), crs="EPSG:4326")
    provinces = pd.read_csv(units.INPUTS / "province-figures.csv", dtype={"code": str})
    publish_2025(target, frame, provinces)
    publish_2024(target, districts.build_districts(frame, crosswalk), old)
    publish_tables(target, crosswalk, communes, areas, provinces)
    publish.write_layer(border, target / "land-border.fgb")
    country = publish.dissolve(frame, pd.Series("VNM", index=frame.index))
    publish.write_layer(
        gpd.GeoDataFrame(
            {"code": ["VNM"], "name": ["Việt Nam"], "name_en": ["Viet Nam"]},
            geometry=country.to_numpy(),
            crs="EPSG:4326",
        ),
        target / "country.fgb",
    )


def commune_shapes(
    communes: pd.DataFrame, parts: list[shapely.Polygon]
) -> tuple[gpd.GeoSeries, np.ndarray]:
    """Fit and cut the communes: their MultiPolygons in row order, and the areas aimed at, km2."""
    points = gpd.GeoSeries(
        gpd.points_from_xy(communes["lon"], communes["lat"]), crs="EPSG:4326"
    ).to_crs(outline.EQUAL_AREA_CRS)
    centres = np.column_stack([points.x, points.y]) / 1000
    areas = units.estimated_areas(communes, centres)
    land = outline.to_equal_area(shapely.multipolygons(parts))
    land = shapely.make_valid(shapely.transform(land, lambda metres: metres / 1000))
    fitted = cells.fit_cells(centres, areas, communes["area_known"].to_numpy(), land)

    on_land = shapely.contains_xy(shapely.multipolygons(parts), communes["lon"], communes["lat"])
    nowhere = islands.discs(communes.iloc[:0], areas)
    while True:
        shapes = partition.partition(fitted, parts, nowhere)
        missing = communes.index.difference(shapes.index).to_numpy()
        if not on_land[missing].any():
            break
        fitted = islands.give_every_unit_a_cell(fitted, missing[on_land[missing]], areas)
    discs = islands.discs(communes.loc[missing], areas)
    return partition.partition(fitted, parts, discs), areas


def publish_2025(target: Path, communes: gpd.GeoDataFrame, provinces: pd.DataFrame) -> None:
    """Write the edition in force since 2025-07-01: provinces and communes."""
    folder = target / "2025"
    frame = communes.assign(
        name_en=communes["full_name"].map(names.english_name),
        parent_code=communes["province_code"],
        area_km2=communes["area_km2"].where(communes["area_known"]),
    )
    publish.write_units(frame, folder / "communes.fgb")
    full_names = communes.groupby("province_code")["province_full_name"].first()
    shapes = publish.dissolve(communes, communes["province_code"])
    upper = publish.unit_frame(full_names, shapes)
    upper["area_km2"] = upper["code"].map(provinces.set_index("code")["area_km2"])
    publish.write_units(upper, folder / "provinces.fgb")
    details = {
        "name": "2025",
        "title_vi": "Đơn vị hành chính từ 01/7/2025 (ranh giới gần đúng)",
        "title_en": "Units since 1 July 2025 (approximate boundaries)",
        "valid_from": "2025-07-01",
        "valid_to": None,
    }
    counts = {"province": len(upper), "commune": len(frame)}
    publish.write_manifest(folder, details, counts, accuracy("2025"))


def publish_2024(target: Path, shapes: gpd.GeoSeries, old: pd.DataFrame) -> None:
    """Write the edition before 2025-07-01: provinces and districts."""
    folder = target / "2024"
    full_names = old.groupby("district_code")["district_full_name"].first()
    frame = publish.unit_frame(full_names, shapes)
    parents = old.groupby("district_code")["province_code"].first()
    frame["parent_code"] = frame["code"].map(parents)
    publish.write_units(frame, folder / "districts.fgb")
    upper = publish.unit_frame(
        old.groupby("province_code")["province_full_name"].first(),
        publish.dissolve(frame, frame["parent_code"]),
    )
    publish.write_units(upper, folder / "provinces.fgb")
    details = {
        "name": "2024",
        "title_vi": "Đơn vị hành chính đến 30/6/2025 (ranh giới gần đúng)",
        "title_en": "Units until 30 June 2025 (approximate boundaries)",
        "valid_from": None,  # units changed many times before; this is their last state
        "valid_to": "2025-06-30",
    }
    counts = {"province": len(upper), "district": len(frame)}
    publish.write_manifest(folder, details, counts, accuracy("2024"))


def publish_tables(
    target: Path,
    crosswalk: pd.DataFrame,
    communes: pd.DataFrame,
    areas: np.ndarray,
    provinces: pd.DataFrame,
) -> None:
    """Write crosswalk, population, gates, amendments and further names."""
    pairs = crosswalk[crosswalk["old_code"].notna()].rename(
        columns={"district_code": "old_district_code", "province_code": "old_province_code"}
    )
    columns = ["old_code", "new_code", "old_name", "old_district_code", "old_province_code"]
    publish.write_table(
        pairs[[*columns, "kind", "share_area"]].assign(source="vietnamadminunits 1.0.4"),
        target / "crosswalk-2024-2025.csv",
    )
    population = people.spread_population(communes, areas, crosswalk, provinces)
    publish.write_table(population, target / "population.csv")
    for name in ("border-gates.csv", "amendments.csv", "names.csv"):
        publish.write_table(pd.read_csv(units.INPUTS / name, dtype=str), target / name)


def accuracy(edition: str) -> dict[str, object]:
    """Return the edition's figures as last measured by bench/boundary_accuracy.py."""
    return dict(json.loads(ACCURACY.read_text(encoding="utf-8"))[edition])


if __name__ == "__main__":
    build()
