"""Real boundaries in place of the approximate ones, and what follows for the records."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pandas
import pytest
from sqlalchemy import Connection, Engine, text

from geo.pipeline import BoundaryFile, BoundaryImport, Place, find_places, import_boundaries
from geo.store.database import transaction

PARENT = {"parent_code": "province_code"}
CELLS = "SELECT count(*), sum(incidents[12]) FROM incident_cell"


def ask(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with transaction(engine) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def communes(shared: Path, path: Path | None = None) -> BoundaryFile:
    return BoundaryFile(
        paths=[path or shared / "boundaries" / "vn-communes-2025.fgb"],
        edition="2025",
        level="commune",
        code_field="code",
        name_field="name",
        optional_fields=PARENT,
        source="real",
    )


@pytest.fixture(scope="module")
def engine(demo_engine: Engine) -> Engine:
    """The embedded editions with demonstration data."""
    return demo_engine


def test_half_of_the_communes_are_refused_and_nothing_changes(
    engine: Engine, shared: Path, tmp_path: Path
) -> None:
    whole = geopandas.read_file(shared / "boundaries" / "vn-communes-2025.fgb")
    half = tmp_path / "half.fgb"
    whole.iloc[: len(whole) // 2].to_file(half, driver="FlatGeobuf")
    before = ask(engine, "SELECT edition, level, fingerprint FROM boundary_layer ORDER BY 1, 2")
    result = import_boundaries(engine, communes(shared, half))
    assert not result.swapped
    assert result.report.errors
    assert ask(engine, "SELECT edition, level, fingerprint FROM boundary_layer ORDER BY 1, 2") == (
        before
    )


@dataclass(frozen=True)
class Swap:
    """What the import of the real set said, and how many records there were before."""

    result: BoundaryImport
    incidents: list[tuple[object, ...]]
    cells: object


@pytest.fixture(scope="module")
def swap(engine: Engine, shared: Path) -> Swap:
    """The real communes of 2025 over the embedded boundaries, for all tests from here on."""
    incidents, cells = ask(engine, "SELECT count(*) FROM incident"), ask(engine, CELLS)[0][1]
    result = import_boundaries(engine, communes(shared))
    assert result.swapped, result.report.render("en")
    return Swap(result, incidents, cells)


def test_real_set_goes_in_with_its_border_and_the_records_move(
    engine: Engine, shared: Path, swap: Swap
) -> None:
    result = swap.result

    # SOURCES.md: 248 communes in 22 provinces; China 79, Laos 102, Cambodia 69.
    assert result.land_border_units == 248
    border = "SELECT count(*), count(DISTINCT parent_code) FROM unit WHERE is_land_border AND {}"
    assert ask(engine, border.format("edition = '2025' AND level = 'commune'")) == [(248, 22)]
    neighbours = ask(
        engine,
        "SELECT neighbour, count(*) FROM unit, unnest(neighbours) AS neighbour"
        " WHERE edition = '2025' AND level = 'commune' GROUP BY 1 ORDER BY 1",
    )
    assert neighbours == [("CHN", 79), ("KHM", 69), ("LAO", 102)]
    expected = pandas.read_csv(shared / "boundaries" / "communes-border-2025.csv", dtype=str)
    found = ask(
        engine,
        "SELECT code FROM unit WHERE edition = '2025' AND level = 'commune' AND is_land_border",
    )
    assert {code for (code,) in found} == set(expected["code"])

    # Names the file lacks come from the edition that was there; provinces follow their communes.
    assert ask(
        engine,
        "SELECT full_name, parent_code FROM unit"
        " WHERE edition = '2025' AND level = 'commune' AND code = '17263'",
    ) == [("Xã Môn Sơn", "40")]
    assert ask(
        engine,
        "SELECT level, approximate FROM boundary_layer WHERE edition = '2025' ORDER BY level",
    ) == [("commune", False), ("province", False)]

    # No record is lost, some changed their commune, and every count is conserved.
    assert result.moved["incident"] > 0
    assert ask(engine, "SELECT count(*) FROM incident") == swap.incidents
    assert ask(engine, CELLS)[0][1] == swap.cells
    assert ask(engine, "SELECT count(*) FROM record_history") == [(0,)]
    differing = ask(
        engine,
        "SELECT count(*) FROM incident JOIN unit_set ON unit_set.id = unit_set_id"
        " JOIN unit ON unit.edition = '2025' AND unit.level = 'commune'"
        " AND unit.code = unit_set.commune_2025"
        " WHERE point IS NOT NULL AND NOT ST_DWithin(unit.geom::geography, point::geography, 50)",
    )
    assert differing == [(0,)]


@pytest.fixture
def connection(engine: Engine, swap: Swap) -> Iterator[Connection]:
    """To boundaries that are drawn as exactly as the border itself."""
    with transaction(engine) as found:
        yield found


def only(connection: Connection, written: str, **query: str) -> Place:
    (place,) = find_places(connection, written, **query)
    return place


@pytest.mark.parametrize(
    ("written", "code", "commune"),
    [
        # The embedded position of the gate of Lao Bảo.
        ("16.62 106.59", "across_border", "Lao Bảo"),
        ("21.5460, 107.9700", "across_border", "Móng Cái"),
    ],
)
def test_the_nearest_commune_is_named_to_be_checked_and_not_taken(
    connection: Connection, written: str, code: str, commune: str
) -> None:
    place = only(connection, written)
    # That the units of 2024 are drawn more roughly, and reach across, places nothing.
    assert place.units == []
    assert not place.is_inside
    (remark,) = place.remarks
    assert remark.code == code
    assert commune in remark.vi
    assert "Nơi gần nhất là" in remark.vi
    assert "Hãy kiểm tra lại" in remark.vi
    assert place.confidence < 1


def test_how_little_it_is_off_the_stated_province_is_said(connection: Connection) -> None:
    place = only(connection, "16.62 106.59", province="Quảng Trị")
    said = {remark.code: remark.vi for remark in place.remarks}
    assert re.search(r"cách đó \d+ m\.", said["not_where_stated"])
    assert "Nơi gần nhất là Xã Lao Bảo" in said["across_border"]


def test_within_a_commune_nothing_is_said(connection: Connection) -> None:
    place = only(connection, "18.8885, 104.848")
    assert "17263" in {unit["code"] for unit in place.units}
    assert place.remarks == ()


def test_same_file_again_moves_nothing(engine: Engine, shared: Path, swap: Swap) -> None:
    before = ask(engine, "SELECT fingerprint FROM boundary_layer ORDER BY edition, level")
    result = import_boundaries(engine, communes(shared))
    assert result.swapped
    assert sum(result.moved.values()) == 0
    assert ask(engine, "SELECT fingerprint FROM boundary_layer ORDER BY edition, level") == before
