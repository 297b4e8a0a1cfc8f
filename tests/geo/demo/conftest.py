"""The boundaries that ship with the product, as the generator takes them."""

from pathlib import Path

import geopandas
import pandas
import pytest

from geo.boundaries.border import land_border_units
from geo.demo.generator import DemoData, generate


@pytest.fixture(scope="session")
def communes(project_root: Path) -> geopandas.GeoDataFrame:
    """Communes of 2025 with population and land border."""
    folder = project_root / "data" / "boundaries"
    units = geopandas.read_file(folder / "2025" / "communes.fgb")
    people = pandas.read_csv(folder / "population.csv", dtype={"code": str, "edition": str})
    people = people[(people["edition"] == "2025") & (people["level"] == "commune")]
    border = geopandas.read_file(folder / "land-border.fgb").to_crs(4326)
    touching = land_border_units(units, border)
    return units.assign(
        population=units["code"].map(people.set_index("code")["value"]),
        is_land_border=units["code"].isin(touching["code"]),
    )


@pytest.fixture(scope="session")
def gates(project_root: Path) -> geopandas.GeoDataFrame:
    """Border gates."""
    rows = pandas.read_csv(project_root / "data" / "boundaries" / "border-gates.csv")
    points = geopandas.points_from_xy(rows["lon"], rows["lat"])
    return geopandas.GeoDataFrame(rows, geometry=points, crs=4326)


@pytest.fixture(scope="session")
def crosswalk(project_root: Path) -> pandas.DataFrame:
    """Old and new communes."""
    return pandas.read_csv(
        project_root / "data" / "boundaries" / "crosswalk-2024-2025.csv", dtype=str
    )


@pytest.fixture(scope="session")
def data(
    communes: geopandas.GeoDataFrame, gates: geopandas.GeoDataFrame, crosswalk: pandas.DataFrame
) -> DemoData:
    """The data set as `bienmap demo load` makes it."""
    return generate(communes, gates, crosswalk=crosswalk)
