"""What the report says of rows that went in although something about their place does not fit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from geo.importers.report import ImportReport
from geo.pipeline.records import RecordFile, import_records
from geo.records.fields import RecordType
from geo.store.database import create_engine, transaction
from tests.geo.store.conftest import load_toy_country

HEADING = "Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Huyện,Xã\n"
# At 16.05° N a degree of longitude is 111412.84 cos φ - 93.5 cos 3φ = 107,007 m long.
ACROSS = "106.986"  # 0.014° west of the country: 1,498 m
JUST_ACROSS = "106.99972"  # 0.00028°: 30 m


@pytest.fixture
def country(database_url: str) -> Iterator[Engine]:
    """The toy country with edges as loose as those of the approximate boundaries."""
    engine = create_engine(database_url)
    with transaction(engine) as connection:
        load_toy_country(connection)
        connection.execute(text("UPDATE boundary_layer SET edge_tolerance_m = 3000"))
    yield engine
    engine.dispose()


def send(
    engine: Engine, path: Path, content: str, record_type: RecordType = "incident", **options: Any
) -> ImportReport:
    path.write_text(content, encoding="utf-8")
    return import_records(engine, RecordFile(path, record_type), **options)


def listed(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(one.row_number, one.external_id or "", one.code) for one in report.warnings.listed]


ROWS = (
    HEADING
    + "A,tip,15/08/2025,107.05,16.05,,\n"
    + f"B,tip,15/08/2025,{ACROSS},16.05,,\n"
    + "C,tip,15/08/2025,107.05,16.05,,Đơn vị 00003\n"
    + f"D,tip,15/08/2025,{JUST_ACROSS},16.05,,Đơn vị 00002\n"
    + "E,tip,15/08/2025,107.25,16.05,Đơn vị 001,\n"
    + "F,tip,15/08/2025,107.25,16.05,Đơn vị 003,\n"
)


@pytest.mark.parametrize("dry_run", [False, True])
def test_points_across_the_edge_and_units_that_differ_are_warned_of(
    country: Engine, tmp_path: Path, dry_run: bool
) -> None:
    report = send(country, tmp_path / "a.csv", ROWS, dry_run=dry_run)
    assert report.added == 6
    assert report.warnings.counts == {"point_across_edge": 2, "stated_unit_differs": 3}
    assert listed(report) == [
        (3, "B", "point_across_edge"),
        (5, "D", "point_across_edge"),
        (4, "C", "stated_unit_differs"),
        (5, "D", "stated_unit_differs"),
        (6, "E", "stated_unit_differs"),
    ]
    vietnamese, english = report.render("vi"), report.render("en")
    assert "Cảnh báo: Điểm ở ngoài ranh giới, đã tính cho xã gần nhất: 2 hàng." in vietnamese
    assert "Hàng 3 (B): Điểm nằm ngoài ranh giới 1.498 m; đã tính cho Đơn vị 00001, Đơn vị 01." \
        in vietnamese  # fmt: skip
    assert "Row 5 (D): The point lies 30 m outside the boundary" in english
    assert "Hàng 4 (C): Tệp ghi Đơn vị 00003, Đơn vị 02, nhưng tọa độ nằm ở Đơn vị 00001, Đơn vị" \
        in vietnamese  # fmt: skip
    # By the units that the file speaks of: of 2024 where it names a district.
    assert "The file says Đơn vị 001, Đơn vị 01, but the point lies in Đơn vị 003" in english


def test_the_same_file_again_warns_again(country: Engine, tmp_path: Path) -> None:
    first = send(country, tmp_path / "a.csv", ROWS)
    again = send(country, tmp_path / "a.csv", ROWS)
    assert (again.added, again.unchanged) == (0, 6)
    assert listed(again) == listed(first)
    other = send(country, tmp_path / "b.csv", HEADING + "G,tip,15/08/2025,107.05,16.05,,\n")
    assert other.warnings.counts == {}
    assert "Cảnh báo" not in other.render("vi")


def test_all_rows_are_counted_and_twenty_named_by_either_way_in(
    country: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{n},tip,15/08/2025,{ACROSS},16.05,," for n in range(30)]
    lines += [f"X{n},tip,15/08/2025,107.05,16.05,," for n in range(30)]
    for source, fill_from in (("merged", 1_000), ("filled", 10)):
        monkeypatch.setattr("geo.store.records.FILL_FROM", fill_from)
        path = tmp_path / f"{source}.csv"
        path.write_text(HEADING + "\n".join(lines) + "\n", encoding="utf-8")
        report = import_records(country, RecordFile(path, "incident", source))
        assert report.warnings.counts == {"point_across_edge": 30}
        assert len(report.warnings.listed) == 20
        assert {one.row_number for one in report.warnings.listed} <= set(range(2, 32))
        assert "… và 10 hàng khác." in report.render("vi")
        with transaction(country) as connection:
            connection.execute(text("DELETE FROM incident"))


def test_places_of_networks_and_outreach_are_warned_of(country: Engine, tmp_path: Path) -> None:
    report = send(
        country,
        tmp_path / "n.csv",
        "Chuyên án,Phạm vi,Vai trò,Kinh độ,Vĩ độ,Xã\n"
        "BG,trans,recruit,107.35,16.05,Đơn vị 00001\n"
        f"BG,,exit,{ACROSS},16.05,\n",
        "network",
    )
    assert report.added == 1
    assert listed(report) == [(3, "BG", "point_across_edge"), (2, "BG", "stated_unit_differs")]
    report = send(
        country,
        tmp_path / "o.csv",
        f"Mã,Hình thức,Ngày,Kinh độ,Vĩ độ\nO,mobile,01/08/2025,{ACROSS},16.05\n",
        "outreach_event",
    )
    assert listed(report) == [(2, "O", "point_across_edge")]


def test_a_row_that_repeats_an_id_is_not_mended_by_the_other(
    country: Engine, tmp_path: Path
) -> None:
    row = "A,tip,15/08/2025,107.05,16.05,,\n"
    content = HEADING + row + row.replace("15/08", "16/08")
    bad_first = HEADING + "B,tip,31/02/2025,107.05,16.05,,\nB,tip,15/08/2025,107.05,16.05,,\n"
    for number, (sent, code) in enumerate(
        [(content, "identity_repeated"), (bad_first, "date_impossible")] * 2
    ):
        report = send(country, tmp_path / f"{number % 2}.csv", sent)
        assert [row.problems[0]["code"] for row in report.rejected] == [code]
        assert report.mended == 0
    # Another file of the source does not close them either, until it brings the record anew.
    assert send(country, tmp_path / "c.csv", HEADING + row.replace("A,", "C,")).mended == 0
    mended = send(country, tmp_path / "d.csv", HEADING + row.replace("15/08", "17/08"))
    assert (mended.changed, mended.mended) == (1, 1)


def test_a_point_outside_is_told_by_the_headings_of_the_file(
    country: Engine, tmp_path: Path
) -> None:
    report = send(country, tmp_path / "a.csv", HEADING + "A,tip,15/08/2025,106.8,16.05,,\n")
    assert "Hàng 2 (A): [Kinh độ, Vĩ độ] Điểm nằm ngoài Việt Nam, cách Đơn vị 00001 21,4 km." \
        in report.render("vi")  # fmt: skip
    nameless = "Loại vụ việc,Ngày,Kinh độ,Vĩ độ\ntip,15/08/2025,106.8,16.05\n"
    assert "Hàng 2: [Kinh độ" in send(country, tmp_path / "b.csv", nameless).render("vi")


def test_texts_that_seem_to_name_somebody_are_warned_of(country: Engine, tmp_path: Path) -> None:
    rows = (
        "Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Nội dung\n"
        "A,tip,15/08/2025,107.05,16.05,Giải cứu tại bản Búng\n"
        "B,tip,15/08/2025,107.05,16.05,Nạn nhân Nguyễn Thị Hoa\n"
        "C,tip,15/08/2025,107.05,16.05,gọi 0912.345.678\n"
    )
    report = send(country, tmp_path / "a.csv", rows)
    assert report.added == 3
    assert listed(report) == [(3, "B", "personal_data"), (4, "C", "personal_data")]
    assert "tên người" in report.warnings.listed[0].vi
    assert "Hoa" not in str(report.warnings)
    with transaction(country) as connection:
        texts = connection.scalars(
            text("SELECT narrative FROM incident WHERE external_id IN ('A', 'B', 'C') ORDER BY 1")
        ).all()
    assert texts == ["Giải cứu tại bản Búng", "Nạn nhân [đã che tên]", "gọi [đã che số]"]


def test_an_id_that_is_somebodys_rejects_its_row_and_is_kept_nowhere(
    country: Engine, tmp_path: Path
) -> None:
    rows = "".join(
        f"{identity},tip,15/08/2025,107.05,16.05,\n"
        for identity in ("040199012345", "Vi Thị Hoa", "187654321")
    )
    report = send(
        country, tmp_path / "a.csv", "Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Nội dung\n" + rows
    )
    assert report.added == 1
    assert [row.problems[0]["code"] for row in report.rejected] == ["identity_personal"] * 2
    assert "040199012345" not in str(report)
    assert "Hoa" not in str(report)
