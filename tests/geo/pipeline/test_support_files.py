"""Files of support figures and prevention models: into the store once, with what is wrong kept."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from geo.pipeline import RecordFile, import_records
from geo.store.database import transaction
from tests.geo.store.conftest import load_toy_country

HEADER = "Chương trình,Chỉ tiêu,Kỳ,Tỉnh,Tổng số,Nam,Nữ,Gồm nghi nạn nhân,Cơ quan"


@pytest.fixture
def toy(engine: Engine) -> Engine:
    with transaction(engine) as connection:
        load_toy_country(connection)
    return engine


def figures(toy: Engine) -> list[tuple[object, ...]]:
    with transaction(toy) as connection:
        rows = connection.execute(
            text(
                "SELECT programme, measure, code, period_from::text, period_to::text, value,"
                " value_by, includes_suspected FROM support_measure ORDER BY period_from, measure"
            )
        )
        return [tuple(row) for row in rows]


def test_figures_go_in_once_and_a_mended_row_closes_the_rejected_one(
    toy: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    rows = [
        "Tổng đài 111,Cuộc gọi,03/2026,cả nước,780,,,không,T111",
        "Tổng đài 111,Người được hỗ trợ,2024,cả nước,30,15,14,,",
        '"Tiếp nhận, xác minh",persons_received_verified,tháng 4/2026,cả nước,85,,,có,LDTBXH',
        "Tổng đài 111,Cuộc gọi,2026-03,cả nước,781,,,,",
        "Tổng đài 111,Cuộc gọi,05/2026,,7,,,,",
        "Tổng đài 111,Cuộc gọi,05/2026,Atlantis,7,,,,",
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    file = RecordFile(path, "support_measure", "bao-cao")
    report = import_records(toy, file)
    assert (report.read, report.added, len(report.rejected)) == (6, 2, 4)
    assert [row.problems[0]["code"] for row in report.rejected] == [
        "breakdown_sum",
        "figure_repeated",
        "unit_missing",
        "unit_unknown",
    ]
    assert figures(toy) == [
        ("hotline_111", "calls", "", "2026-03-01", "2026-03-31", 780, {}, False),
        (
            "reception_verification", "persons_received_verified", "", "2026-04-01", "2026-04-30",
            85, {}, True,
        ),
    ]  # fmt: skip
    again = import_records(toy, file)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    mended = tmp_path / "b.csv"
    mended.write_text("\n".join([HEADER, rows[1].replace(",14,", ",15,")]) + "\n", "utf-8")
    report = import_records(toy, RecordFile(mended, "support_measure", "bao-cao"))
    assert (report.added, report.mended) == (1, 1)
    assert figures(toy)[0][4:7] == ("2024-12-31", 30, {"sex": {"f": 15, "m": 15}})


def test_models_go_in_and_events_name_them(toy: Engine, tmp_path: Path) -> None:
    models, events = tmp_path / "models.csv", tmp_path / "events.csv"
    models.write_text(
        "Mã,Loại mô hình,Ngày thành lập,Số thành viên,lon,lat\n"
        "CLB-1,M06,08/03/2024,30,107.05,16.05\nCLB-2,M01,31/02/2024,9,107.05,16.05\n",
        encoding="utf-8",
    )
    events.write_text(
        "id,kind,date,lon,lat,Mã câu lạc bộ\n"
        "E1,village,2025-08-15,107.05,16.05,CLB-1\nE2,village,2025-08-16,107.05,16.05,CLB-9\n",
        encoding="utf-8",
    )
    report = import_records(toy, RecordFile(models, "prevention_model"))
    assert (report.added, [row.external_id for row in report.rejected]) == (1, ["CLB-2"])
    assert import_records(toy, RecordFile(models, "prevention_model")).unchanged == 1
    report = import_records(toy, RecordFile(events, "outreach_event"))
    assert (report.added, [row.external_id for row in report.rejected]) == (1, ["E2"])
    assert report.rejected[0].problems[0]["code"] == "model_unknown"
    with transaction(toy) as connection:
        held = connection.scalar(
            text(
                "SELECT model.external_id FROM outreach_event AS event"
                " JOIN prevention_model AS model ON model.id = event.prevention_model_id"
            )
        )
        placed = connection.scalar(text("SELECT assignment FROM prevention_model"))
    assert (held, placed) == ("CLB-1", "inside")
