"""A toy country of four communes in two provinces, small enough to check by hand."""

from collections.abc import Iterator

import geopandas
import pandas
import pytest
import shapely
from sqlalchemy import Connection, Engine

from geo.store import reference
from geo.store.boundaries import LayerSource, ensure_editions, replace_layer
from geo.store.database import create_engine, transaction

# West to east along latitude 16: communes 00001 and 00002 in province 01, 00003 and 00004 in 02.
WEST, STEP, SOUTH, NORTH = 107.0, 0.1, 16.0, 16.1
OLD_DISTRICTS = {"001": ("01", 0, 1), "002": ("01", 1, 2), "003": ("02", 2, 4)}


def column_box(first: float, last: float) -> shapely.Polygon:
    """The part of the country between two columns of communes."""
    return shapely.box(WEST + first * STEP, SOUTH, WEST + last * STEP, NORTH)


def frame(rows: list[tuple[str, str | None, shapely.Geometry]]) -> geopandas.GeoDataFrame:
    """Units with all columns of the store."""
    codes, parents, shapes = zip(*rows, strict=True)
    names = [f"Đơn vị {code}" for code in codes]
    return geopandas.GeoDataFrame(
        {
            "code": codes,
            "name": names,
            "full_name": names,
            "name_en": names,
            "unit_type": "Xã",
            "parent_code": parents,
            "official_area_km2": None,
            "is_land_border": [code == "00001" for code in codes],
            "neighbours": [["LAO"] if code == "00001" else [] for code in codes],
            "border_length_m": 0.0,
        },
        geometry=list(shapes),
        crs=4326,
    )


def load_toy_country(connection: Connection) -> None:
    """Both editions: in 2024 two districts were one commune wide, one was two."""
    source = LayerSource("toy", "none", approximate=False)
    ensure_editions(connection)
    communes = [(f"0000{i + 1}", "01" if i < 2 else "02", column_box(i, i + 1)) for i in range(4)]
    provinces = [("01", None, column_box(0, 2)), ("02", None, column_box(2, 4))]
    districts = [
        (code, province, column_box(first, last))
        for code, (province, first, last) in OLD_DISTRICTS.items()
    ]
    replace_layer(connection, "2025", "commune", frame(communes), source)
    replace_layer(connection, "2025", "province", frame(provinces), source)
    replace_layer(connection, "2024", "district", frame(districts), source)
    replace_layer(connection, "2024", "province", frame(provinces), source)
    # Old commune 10003 was split between the new 00003 and 00004; the others went over whole.
    pairs = [
        ("10001", "00001", "001", "01", "whole"),
        ("10002", "00002", "002", "01", "whole"),
        ("10003", "00003", "003", "02", "part"),
        ("10003", "00004", "003", "02", "part"),
        ("10004", "00004", "003", "02", "whole"),
    ]
    crosswalk = pandas.DataFrame(
        pairs, columns=["old_code", "new_code", "old_district_code", "old_province_code", "kind"]
    ).assign(old_name="Xã cũ", share_area=1.0, source="toy")
    reference.replace_rows(connection, "crosswalk", crosswalk)


@pytest.fixture(scope="module")
def toy_engine(module_database_url: str) -> Iterator[Engine]:
    """Engine on a database that holds the toy country; tests of a module share it."""
    engine = create_engine(module_database_url)
    with transaction(engine) as connection:
        load_toy_country(connection)
    yield engine
    engine.dispose()
