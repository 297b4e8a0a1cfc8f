"""Boundary editions into the store: those that ship with the product, and imported ones."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import pandas
from sqlalchemy import Connection, Engine

from geo.boundaries.border import land_border_units
from geo.boundaries.report import ValidationReport
from geo.boundaries.validation import validate
from geo.importers.vectors import check_boundaries, read_boundaries
from geo.pipeline.border import derive_border
from geo.pipeline.place_words import Looked, find_misfits
from geo.settings import Settings
from geo.store import boundaries, reference
from geo.store.boundaries import LayerSource
from geo.store.database import transaction
from geo.store.locations import reassign_records
from geo.store.populations import replace_shipped

# Coarser levels come from the finest one of an edition by dissolving it.
COARSER = {"2025": ("province",), "2024": ("district", "province")}
OUTLINE_SOURCE = "© OpenStreetMap contributors, ODbL"
# The approximate outline was simplified to about a kilometre, so a point on the border may lie that
# far outside it, and still belongs to the nearest commune.
APPROXIMATE_TOLERANCE_M = 3000.0
SHIPPED_TABLES = {
    "crosswalk": "crosswalk-2024-2025.csv",
    "population": "population.csv",
    "unit_amendment": "amendments.csv",
    "place_name": "names.csv",
}
COMMUNE_OF_GATE = {"commune_2025": str}
NAMES = ("name", "full_name", "name_en", "unit_type", "parent_code", "official_area_km2")


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """Files that together hold the units of one level, and how to read them."""

    paths: Sequence[Path]
    edition: str
    level: str
    code_field: str
    name_field: str
    optional_fields: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
    crs: str | None = None
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class BoundaryImport:
    """What an import of boundaries found and did; `moved` counts records by table."""

    report: ValidationReport
    swapped: bool
    land_border_units: int = 0
    moved: Mapping[str, int] = field(default_factory=dict)


def import_boundaries(
    engine: Engine, file: BoundaryFile, *, dry_run: bool = False
) -> BoundaryImport:
    """Check a file of units and swap it in, with everything that follows from it, at once.

    Land-border units are derived from the border line in the store; coarser levels that are only
    approximate are dissolved anew from the new units; records are assigned again. Nothing changes
    while the report has errors.

    Raises:
        InputError: the file cannot be read.
    """
    with transaction(engine) as connection:
        known = boundaries.stored_units(connection, file.edition, file.level)
    report = _checked(file, list(known["code"]) or None)
    if dry_run or not report.accepted:
        return BoundaryImport(report, swapped=False)
    source = LayerSource(
        file.source or ", ".join(path.name for path in file.paths), file.licence, approximate=False
    )
    with transaction(engine) as connection:
        boundaries.ensure_editions(connection)
        border = reference.border_lines(connection)
        units = with_border(completed(report.units, known), border)
        boundaries.replace_layer(connection, file.edition, file.level, units, source)
        _dissolve_coarser(connection, file, units, source)
        derive_border(connection)
        moved = reassign_records(connection)
        find_misfits(connection, Looked(moved=True))
    return BoundaryImport(report, True, int(units["is_land_border"].sum()), moved)


def _checked(file: BoundaryFile, expected_codes: Collection[str] | None) -> ValidationReport:
    """Read and validate: one file wholly in the sandbox; several are read there and then joined."""
    reading: dict[str, Any] = {
        name: getattr(file, name)
        for name in ("level", "code_field", "name_field", "optional_fields", "layer", "crs")
    }
    if len(file.paths) == 1:
        return check_boundaries(
            file.paths[0], edition=file.edition, expected_codes=expected_codes, **reading
        )
    frames = [read_boundaries(path, **reading) for path in file.paths]
    return validate(
        geopandas.GeoDataFrame(pandas.concat(frames, ignore_index=True), crs=4326),
        edition=file.edition,
        level=file.level,
        expected_codes=expected_codes,
    )


def completed(
    units: geopandas.GeoDataFrame, known: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """Units with all columns of the store; what the file lacks is taken from the units known.

    A name in the file stands over the known one; for a code that nobody knows, the full name and
    the English one are the name.
    """
    completed = units.copy()
    before = known.set_index("code")
    for column in NAMES:
        old = completed["code"].map(before.get(column, {}))
        completed[column] = completed[column].fillna(old) if column in completed else old
    for column in ("full_name", "name_en"):
        completed[column] = completed[column].fillna(completed["name"])
    completed["unit_type"] = completed["unit_type"].fillna("")
    return completed


def with_border(
    units: geopandas.GeoDataFrame, border: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """Units with is_land_border, neighbours and border_length_m, derived from the border line."""
    touching = land_border_units(units, border)
    grouped = touching.groupby("code")
    neighbours = grouped["neighbour"].agg(sorted)
    lengths = grouped["border_length_m"].sum()
    return units.assign(
        is_land_border=units["code"].isin(lengths.index),
        neighbours=[neighbours.get(code, []) for code in units["code"]],
        border_length_m=units["code"].map(lengths).fillna(0.0),
    )


def with_border_of(
    finer: geopandas.GeoDataFrame, units: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """Units with the border columns summed up from the finer units of which they are parents."""
    grouped = finer.groupby("parent_code")
    neighbours = grouped["neighbours"].agg(lambda lists: sorted(set().union(*lists)))
    return units.assign(
        is_land_border=units["code"]
        .map(grouped["is_land_border"].any())
        .fillna(False)
        .astype(bool),
        neighbours=[neighbours.get(code, []) for code in units["code"]],
        border_length_m=units["code"].map(grouped["border_length_m"].sum()).fillna(0.0),
    )


def _dissolve_coarser(
    connection: Connection,
    file: BoundaryFile,
    units: geopandas.GeoDataFrame,
    source: LayerSource,
) -> None:
    """Replace approximate coarser layers, so that their outlines agree with the new units."""
    loaded = boundaries.layers(connection, file.edition)
    finer = units
    levels = COARSER[file.edition]
    coarser_levels = levels[levels.index(file.level) + 1 :] if file.level in levels else levels
    for level in coarser_levels:
        if not loaded.get(level):
            continue
        known = boundaries.stored_units(connection, file.edition, level)
        shapes = finer.dissolve("parent_code", method="coverage").geometry
        coarser = known[known["code"].isin(shapes.index)].copy()
        coarser = coarser.set_geometry(
            geopandas.GeoSeries(
                [shapes[code] for code in coarser["code"]], index=coarser.index, crs=4326
            )
        )
        finer = with_border_of(finer, coarser)
        boundaries.replace_layer(connection, file.edition, level, finer, source)


def load_embedded_boundaries(engine: Engine, settings: Settings) -> bool:
    """Load the editions that ship with the product, unless one is loaded; whether it did.

    Later changes of names and other names go in each time: a new release may know more of them.
    What follows from the border is made where it is missing, as after an upgrade.
    """
    folder = settings.boundaries_directory
    with transaction(engine) as connection:
        boundaries.ensure_editions(connection)
        amendments = _shipped_table(folder, "unit_amendment")
        reference.replace_rows(connection, "unit_amendment", amendments)
        gates = pandas.read_csv(folder / "border-gates.csv", dtype={"code": str} | COMMUNE_OF_GATE)
        reference.replace_rows(connection, "place_name", _place_names(folder, gates))
        if boundaries.layers(connection, "2025"):
            derive_border(connection)
            return False
        border = geopandas.read_file(folder / "land-border.fgb").to_crs(4326)
        reference.replace_border(connection, border.assign(source=OUTLINE_SOURCE), gates)
        for edition in ("2025", "2024"):
            _load_edition(connection, folder / edition, border)
        outline = geopandas.read_file(folder / "country.fgb")
        reference.replace_outline(connection, outline, OUTLINE_SOURCE)
        reference.replace_rows(connection, "crosswalk", _shipped_table(folder, "crosswalk"))
        replace_shipped(connection, _shipped_table(folder, "population"))
        derive_border(connection)
        reassign_records(connection)
        find_misfits(connection, Looked(moved=True))
    return True


def _load_edition(connection: Connection, folder: Path, border: geopandas.GeoDataFrame) -> None:
    """Load the layers of a shipped edition, finest first, since the grid is built over that."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    source = LayerSource(
        manifest["source"],
        manifest["licence"],
        approximate=manifest["approximate"],
        edge_tolerance_m=APPROXIMATE_TOLERANCE_M,
    )
    finer = None
    for level in boundaries.FINEST_FIRST:
        path = folder / f"{level}s.fgb"
        if not path.exists():
            continue
        units = geopandas.read_file(path).rename(columns={"area_km2": "official_area_km2"})
        finer = with_border(units, border) if finer is None else with_border_of(finer, units)
        boundaries.replace_layer(connection, folder.name, level, finer, source)


def _place_names(folder: Path, gates: pandas.DataFrame) -> pandas.DataFrame:
    """Further names of units, and the gates with the communes of 2025 that they lie in."""
    names = _shipped_table(folder, "place_name").fillna({"name_en": ""})
    of_gates = gates.rename(
        columns={"name_vi": "name", "lon": "longitude", "lat": "latitude"}
    ).assign(kind="gate", edition="2025", level="commune", code=gates["commune_2025"])
    columns = [*names.columns, "longitude", "latitude"]
    return pandas.concat([names, of_gates[columns]], ignore_index=True)


def _shipped_table(folder: Path, table: str) -> pandas.DataFrame:
    path = folder / SHIPPED_TABLES[table]
    codes = {"code": str, "old_code": str, "new_code": str, "edition": str}
    parents = {"old_district_code": str, "old_province_code": str}
    # NA is what some call Nghệ An.
    return pandas.read_csv(path, dtype=codes | parents, keep_default_na=False, na_values=[""])
