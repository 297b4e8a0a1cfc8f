"""Write the shipped files and their manifests; the same figures give the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import names

_SOURCE = (
    "Official centres, areas, names and crosswalk: PyPI vietnamadminunits 1.0.4. "
    "Land and land border: npm @geo-maps/countries-land-100m 0.6.0, "
    "© OpenStreetMap contributors."
)
_LICENCE = "ODbL-1.0 (geometry, derived from OpenStreetMap); MIT (names, codes, crosswalk)"
_COLUMNS = ["code", "name", "full_name", "name_en", "unit_type", "parent_code", "area_km2"]


def dissolve(frame: gpd.GeoDataFrame, keys: pd.Series) -> gpd.GeoSeries:
    """Union a coverage by key: MultiPolygons indexed by key, inner edges gone, outer ones kept."""
    grouped = frame.geometry.groupby(keys.to_numpy())
    shapes = {
        key: shapely.multipolygons(shapely.get_parts(shapely.coverage_union_all(group.to_numpy())))
        for key, group in grouped
    }
    return gpd.GeoSeries(shapes, crs=frame.crs).sort_index()


def unit_frame(full_names: pd.Series, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Make a level's frame from full names and shapes, both by code; no parent and no area yet."""
    full = full_names.loc[shapes.index]
    return gpd.GeoDataFrame(
        {
            "code": shapes.index,
            "name": full.map(names.short_name).to_numpy(),
            "full_name": full.to_numpy(),
            "name_en": full.map(names.english_name).to_numpy(),
            "unit_type": full.map(names.unit_type).to_numpy(),
            "parent_code": None,
            "area_km2": np.nan,
        },
        geometry=shapes.to_numpy(),
        crs=shapes.crs,
    )


def write_layer(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write one FlatGeobuf, rows by code, with a spatial index; replaces an older file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    frame.to_file(path, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="YES")


def write_units(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a level of units with the contract's columns."""
    write_layer(frame[[*_COLUMNS, "geometry"]].sort_values("code"), path)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV in UTF-8 with Unix line ends."""
    frame.to_csv(path, index=False, lineterminator="\n")


def write_manifest(
    folder: Path, details: dict[str, Any], counts: dict[str, int], accuracy: dict[str, Any]
) -> None:
    """Write ``manifest.json``: what the edition is, its files with sha256 and rows, how good it is.

    There is no time stamp: a rebuild from the same packages gives the same file.
    """
    files = [
        {
            "level": level,
            "path": f"{level}s.fgb",
            "count": count,
            "sha256": _digest(folder / f"{level}s.fgb"),
        }
        for level, count in counts.items()
    ]
    manifest = {
        **details,
        "source": _SOURCE,
        "licence": _LICENCE,
        "approximate": True,
        "built_at": None,
        "crs": "EPSG:4326",
        "files": files,
        "accuracy": accuracy,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
