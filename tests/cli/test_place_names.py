"""`bienmap places`: names added one by one and from files, listed, removed."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from cli.main import app
from geo.store.database import transaction

FILE = """Tên;Loại;Vĩ độ;Kinh độ;Xã;Tỉnh
bản Búng;Thôn, bản, ấp;18,97;104,83;;
Bản Xiềng;;;;Môn Sơn;Nghệ An
Đồn Biên phòng Môn Sơn;Đồn biên phòng;18.96;104.82;;
bản Giữa Biển;hamlet;10.0;112.5;;
bản Không Đâu;;;;;
bản Búng;hamlet;18,99;104,83;;
Mường Quạ;alternative;;;Môn Sơn;Nghệ An
12;;18,97;104,83;;
"""


@pytest.fixture
def command(module_boundaries_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", module_boundaries_url)
    return CliRunner()


def test_a_file_of_names_is_found_at_once(
    command: CliRunner, module_boundaries_engine: Engine, tmp_path: Path
) -> None:
    path, rejected = tmp_path / "ten.csv", tmp_path / "loi.csv"
    path.write_text(FILE, encoding="utf-8")
    result = command.invoke(app, ["places", "import", str(path), "--rejected", str(rejected)])
    assert result.exit_code == 0, result.output
    assert "Đã đọc 8 hàng: thêm 4, thay đổi 0, không đổi 0, từ chối 4." in result.output
    for reason in ("point_outside", "place_missing", "name_repeated", "name_unusable"):
        with transaction(module_boundaries_engine) as connection:
            assert connection.scalar(
                text("SELECT count(*) FROM rejected_row WHERE problems @> CAST(:one AS jsonb)"),
                {"one": f'[{{"code": "{reason}"}}]'},
            )
    assert "bản Giữa Biển" in rejected.read_text(encoding="utf-8-sig")
    found = command.invoke(app, ["place", "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)"]).output
    assert "bản Búng" in found
    assert "18.970000" in found
    # Sent again it changes nothing; with another point the name moves.
    again = command.invoke(app, ["places", "import", str(path)]).output
    assert "thêm 0, thay đổi 0, không đổi 4, từ chối 4" in again
    path.write_text("Tên,Vĩ độ,Kinh độ\nbản Búng,18.971,104.83\n", encoding="utf-8")
    assert "thay đổi 1" in command.invoke(app, ["places", "import", str(path)]).output


def test_single_names_are_added_listed_and_removed(command: CliRunner) -> None:
    added = command.invoke(
        app, ["places", "add", "Chợ Phiên", "--kind", "market", "--commune", "17263"]
    )
    assert added.exit_code == 0, added.output
    identifier = added.output.rsplit("(", 1)[1].strip(")\n ")
    listed = command.invoke(app, ["places", "list", "--kind", "market"]).output
    assert "Chợ" in listed
    removed = command.invoke(app, ["places", "remove", identifier, "--reason", "nhầm"])
    assert removed.exit_code == 0, removed.output
    assert "Chợ" not in command.invoke(app, ["places", "list", "--kind", "market"]).output
    twice = command.invoke(app, ["places", "remove", identifier, "--reason", "nhầm"])
    assert twice.exit_code == 1
