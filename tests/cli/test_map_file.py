"""`bienmap map`: one file with public counts, the same bytes every time, and what is refused."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

YEAR = ["--from", "2025-08-01", "--to", "2026-07-31", "--dated", "2026-08-05"]


@pytest.fixture
def command(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", demo_url)
    return CliRunner()


def made(command: CliRunner, path: Path, *asked: str) -> str:
    result = command.invoke(app, ["map", *YEAR, *asked, "--output", str(path)])
    assert result.exit_code == 0, result.output
    return path.read_text("utf-8")


def test_a_province_and_the_country_in_both_languages(command: CliRunner, tmp_path: Path) -> None:
    content = made(command, tmp_path / "one.html", "--province", "40")
    assert content == made(command, tmp_path / "two.html", "--province", "40")
    for said in (
        '<html lang="vi">',
        "Điểm nóng mua bán người: Tỉnh Nghệ An",
        "01/08/2025 – 31/07/2026",
        "Lập ngày 05/08/2026",
        "thành bội số của 12",
    ):
        assert said in content
    # The file goes anywhere: even at the machine itself counts are those of the public.
    assert "SỐ LIỆU CHÍNH XÁC" not in content
    assert len(content.encode()) < 1_000_000
    country = made(command, tmp_path / "three.html", "--language", "en")
    assert "Human trafficking hotspots: Viet Nam" in country
    assert len(country.encode()) < 2_500_000


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--province", "99", "--output", "one.html"], "has no province of code 99"),
        (["--province", "40", "--output", "one.pdf"], ".html"),
        (["--from", "2999-01-01", "--to", "2999-12-31", "--output", "one.html"], "has not begun"),
    ],
)
def test_what_cannot_be_done_is_said(
    command: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = command.invoke(app, ["map", *asked])
    assert result.exit_code != 0
    assert said in result.output
    assert not list(tmp_path.iterdir())
