"""Files of records into PostGIS: what goes in, what changes nothing, what is kept as rejected."""

import csv
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

HEADING = "Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Xã,Số nạn nhân,Kênh,Nội dung\n"


@pytest.fixture(scope="module")
def country(module_database_url: str) -> Iterator[Engine]:
    """The toy country: communes 00001 to 00004 from 107.0 E, a tenth of a degree wide each."""
    engine = create_engine(module_database_url)
    with transaction(engine) as connection:
        load_toy_country(connection)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def empty(country: Engine) -> None:
    """Each test starts without records."""
    with transaction(country) as connection:
        connection.execute(
            text(
                "TRUNCATE incident, outreach_event, network, network_node, network_leg,"
                " incident_cell, record_history, import_batch, rejected_row CASCADE"
            )
        )


def ask(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with transaction(engine) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def send(
    engine: Engine, path: Path, content: str, record_type: RecordType = "incident", **options: Any
) -> ImportReport:
    path.write_text(content, encoding="utf-8")
    return import_records(engine, RecordFile(path, record_type), **options)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.read, report.added, report.changed, report.unchanged, len(report.rejected)


INCIDENTS = (
    "SELECT external_id, commune_2025, assignment, victims, channels FROM incident"
    " JOIN unit_set ON unit_set.id = unit_set_id ORDER BY 1"
)


def test_good_rows_go_in_with_their_units_and_bad_ones_are_kept(
    country: Engine, tmp_path: Path
) -> None:
    report = send(
        country,
        tmp_path / "a.csv",
        HEADING
        + 'A1,Giải cứu nạn nhân,15/08/2025,"107,05","16,05",,2,Zalo; facebook,\n'
        + "A2,tip,15/08/2025,,,Đơn vị 00003,,,\n"
        + "A3,tip,31/02/2024,107.05,16.05,,1,,\n"
        + "A4,tip,15/08/2025,16.05,107.05,,1,,\n"
        + "A5,tip,15/08/2025,107.05,17.0,,1,,\n",
    )
    assert counts(report) == (5, 2, 0, 0, 3)
    assert ask(country, INCIDENTS) == [
        ("A1", "00001", "inside", 2, ["zalo", "facebook"]),
        ("A2", "00003", "stated", 0, []),
    ]
    kept = ask(country, "SELECT row_number, external_id, problems->0->>'code' FROM rejected_row")
    assert sorted(kept) == [
        (4, "A3", "date_impossible"),
        (5, "A4", "coordinates_swapped"),
        (6, "A5", "point_outside"),
    ]
    batch = "SELECT rows_read, rows_added, rows_rejected, file_name FROM import_batch"
    assert ask(country, batch) == [(5, 2, 3, "a.csv")]


def test_the_same_file_twice_changes_nothing(country: Engine, tmp_path: Path) -> None:
    content = (
        HEADING + ",tip,15/08/2025,107.05,16.05,,1,,\n" * 2 + "A,tip,1/8/25,107.15,16.05,,,,\n"
    )
    assert counts(send(country, tmp_path / "a.csv", content)) == (3, 3, 0, 0, 0)
    before = ask(country, "SELECT id, version, updated_at FROM incident ORDER BY id")
    assert counts(send(country, tmp_path / "a.csv", content)) == (3, 0, 0, 3, 0)
    assert ask(country, "SELECT id, version, updated_at FROM incident ORDER BY id") == before
    assert ask(country, "SELECT count(*) FROM import_batch") == [(1,)]


def test_a_mended_row_comes_in_and_closes_its_rejection(country: Engine, tmp_path: Path) -> None:
    row = HEADING + "A,tip,{},107.05,16.05,,,,\n"
    send(country, tmp_path / "a.csv", row.format("31/02/2024"))
    report = send(country, tmp_path / "b.csv", row.format("28/02/2024"))
    assert (report.added, report.mended) == (1, 1)
    assert ask(country, "SELECT mended_at IS NULL FROM rejected_row") == [(False,)]


def test_a_dry_run_writes_nothing(country: Engine, tmp_path: Path) -> None:
    content = HEADING + "A,tip,15/08/2025,107.05,16.05,,,,\nB,tip,15/08/2025,108.0,16.05,,,,\n"
    report = send(country, tmp_path / "a.csv", content, dry_run=True)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert "Chạy thử" in report.render()
    for table in ("incident", "import_batch", "rejected_row"):
        assert ask(country, f"SELECT count(*) FROM {table}") == [(0,)]


def test_hostile_text_is_stored_as_text(country: Engine, tmp_path: Path) -> None:
    said = "<script>alert(1)</script> '); DROP TABLE incident; -- {{ x }} =1+1 \\N {a}"
    content = HEADING + f'A,tip,15/08/2025,107.05,16.05,,,,"{said}"\n'
    content += f'"=cmd|calc",tip,x,107.05,16.05,,,,"{said}\u202e\x00"\n'
    report = send(country, tmp_path / "a.csv", content)
    assert ask(country, "SELECT narrative FROM incident") == [(said,)]
    report.write_rejected(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["Mã"] == "'=cmd|calc"
    assert row["Nội dung"] == said
    assert "15/08/2025" in row["Lỗi / cách sửa"]


def test_the_file_of_rejected_rows_can_be_mended_and_sent(country: Engine, tmp_path: Path) -> None:
    content = HEADING + "=A,tip,31/02/2024,107.05,16.05,,,,\n"
    send(country, tmp_path / "a.csv", content).write_rejected(tmp_path / "out.csv")
    mended = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").replace("31/02/", "28/02/")
    report = send(country, tmp_path / "b.csv", mended)
    assert (report.added, report.mended) == (1, 1), report.render()
    assert ask(country, "SELECT external_id FROM incident") == [("=A",)]


def test_outreach_comes_in(country: Engine, tmp_path: Path) -> None:
    report = send(
        country,
        tmp_path / "o.csv",
        "Hình thức;Ngày;Đến ngày;Xã;Lượt người;Đối tượng;Chủ đề;Số giờ;Đơn vị tổ chức;"
        "Đơn vị phối hợp\n"
        "Tuyên truyền lưu động;01/08/2025;03/08/2025;Đơn vị 00002;1.200;phụ nữ, thanh niên;"
        'Việc nhẹ lương cao;"2,5";Đồn Biên phòng Cha Lo;CA_X, Đoàn Thanh niên\n',
        "outreach_event",
    )
    assert counts(report) == (1, 1, 0, 0, 0), report.render()
    assert ask(
        country,
        "SELECT kind, attendance, audiences, topics, hours, organiser, partners,"
        " sessions,"
        " date(occurred_to AT TIME ZONE 'Asia/Ho_Chi_Minh')::text FROM outreach_event",
    ) == [
        ("mobile", 1200, ["women", "youth"], ["Việc nhẹ lương cao"], 2.5,
         "Đồn Biên phòng Cha Lo", ["CA_X", "DTN"], 1, "2025-08-03"),
    ]  # fmt: skip


def test_partners_of_an_event_are_agencies_of_the_list(country: Engine, tmp_path: Path) -> None:
    content = "Kind,Date,Commune,Partners\nmobile,2025-08-01,Đơn vị 00002,Nhà văn hóa\n"
    report = send(country, tmp_path / "o.csv", content, "outreach_event")
    assert [one["code"] for one in report.rejected[0].problems] == ["code_unknown"]


def test_networks_come_in_and_one_with_a_place_outside_stays_out(
    country: Engine, tmp_path: Path
) -> None:
    content = (
        "Chuyên án,Phạm vi,Vai trò,Nước,Kinh độ,Vĩ độ,Cách qua biên giới\n"
        "BG25,trans,recruit,,107.35,16.05,\nBG25,,exit,,107.05,16.05,\nBG25,,dest,LA,,,trail\n"
        "X,local,recruit,VN,106.0,16.5,\n"
    )
    report = send(country, tmp_path / "n.csv", content, "network")
    assert counts(report) == (4, 1, 0, 0, 1)
    assert report.rejected[0].problems[0]["code"] == "point_outside"
    nodes = "SELECT sequence, role, country, commune_2025 FROM network_node" \
            " JOIN unit_set ON unit_set.id = unit_set_id ORDER BY 1"  # fmt: skip
    assert ask(country, nodes) == [
        (1, "recruit", "VN", "00004"),
        (2, "exit", "VN", "00001"),
        (3, "dest", "LA", None),
    ]
    assert send(country, tmp_path / "n.csv", content, "network").unchanged == 1
