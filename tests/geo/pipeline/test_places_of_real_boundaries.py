"""Points just across the border, on boundaries that are drawn as exactly as the border itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from geo.pipeline import BoundaryFile, Place, find_places, import_boundaries
from geo.store.database import transaction


@pytest.fixture(scope="module")
def connection(module_boundaries_engine: Engine, shared: Path) -> Iterator[Connection]:
    """To a database with the real communes of 2025 over the embedded boundaries."""
    result = import_boundaries(
        module_boundaries_engine,
        BoundaryFile(
            paths=[shared / "boundaries" / "vn-communes-2025.fgb"],
            edition="2025",
            level="commune",
            code_field="code",
            name_field="name",
            optional_fields={"parent_code": "province_code"},
            source="real",
        ),
    )
    assert result.swapped, result.report.errors
    with transaction(module_boundaries_engine) as connection:
        yield connection


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
