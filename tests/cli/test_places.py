"""The place box on the command line."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.main import app

WIDE = {"COLUMNS": "200"}


@pytest.fixture(autouse=True)
def database(module_boundaries_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded boundaries, which the command finds by the environment."""
    monkeypatch.setenv("DATABASE_URL", module_boundaries_url)


def test_an_address_is_answered_with_what_did_not_fit() -> None:
    words = ["place", "bản Búng, xã Môn Sơn,", "huyện Pù Mát (Nghệ An)"]
    done = CliRunner().invoke(app, words, env=WIDE)
    assert done.exit_code == 0, done.output
    assert "2025: Xã Môn Sơn (17263), Tỉnh Nghệ An (40)" in done.output
    assert "2024: Huyện Con Cuông (422)" in done.output
    assert "vườn quốc gia" in done.output
    assert "national park" not in done.output
    assert "có thể là, trước 7/2025: Xã Môn Sơn (17263), Xã Lục Dạ (17260)" in done.output
    assert "điểm giữa xã" in done.output
    assert "xã giáp biên giới Lào" in done.output
    assert "47,0 km, tính từ mép gần nhất của xã" in done.output
    assert "gần nhất trong các cửa khẩu đã có tọa độ" in done.output


def test_it_answers_in_english_alone_if_asked() -> None:
    words = ["place", "huyện Pù Mát", "--language", "en"]
    done = CliRunner().invoke(app, words, env=WIDE)
    assert done.exit_code == 0, done.output
    assert "national park" in done.output
    assert "vườn quốc gia" not in done.output


def test_finding_a_place_needs_no_statistics() -> None:
    heavy = "{'geopandas', 'scipy', 'alembic'} & set(sys.modules)"
    script = f"import sys, cli.places, geo.pipeline.places; print({heavy})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_coordinates_are_answered_as_before() -> None:
    done = CliRunner().invoke(app, ["place", "18,8885; 104,848"], env=WIDE)
    assert done.exit_code == 0, done.output
    assert "Xã Môn Sơn (17263)" in done.output
    assert "cách biên giới Lào: " in done.output
    assert "mép" not in done.output


@pytest.mark.parametrize("written", ["-18.5, 104", "19, 105", "18.9, 104.8"])
def test_coordinates_are_no_middle_of_a_unit(written: str) -> None:
    done = CliRunner().invoke(app, ["place", written], env=WIDE)
    assert done.exit_code == 0, done.output
    assert "tọa độ, sai số khoảng" in done.output
    assert "điểm giữa" not in done.output


def test_a_gate_without_a_position_names_no_other() -> None:
    done = CliRunner().invoke(app, ["place", "cửa khẩu Xa Mát", "--language", "en"], env=WIDE)
    assert "Xa Mat Border Gate: position unknown" in done.output
    assert "nearest of the gates" not in done.output


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("19.4500, 104.0460", ("Ở bên kia biên giới, phía Lào", "on the side of Laos")),
        ("8.6447, 111.9197", ("Trong vùng biển, đảo Trường Sa", "waters and islands of Trường Sa")),
        ("20.5000, 107.5000", ("Trên biển, cách", "On the sea")),
        ("-18.5, 104", ("Ngoài Việt Nam, cách", "Outside Vietnam")),
    ],
)
def test_what_lies_in_no_commune_says_where_it_lies(written: str, said: tuple[str, str]) -> None:
    for language, expected in zip(("vi", "en"), said, strict=True):
        command = ["place", "--language", language, written]
        done = CliRunner().invoke(app, command, env=WIDE)
        assert done.exit_code == 0, done.output
        words = " ".join(done.output.split())
        assert expected in words, done.output
        outside = ("goài Việt Nam", "utside Vietnam")[language == "en"]
        assert (outside in words) == ("Ngoài" in said[0])


def test_what_names_no_place_says_what_to_write() -> None:
    done = CliRunner().invoke(app, ["place", "{{ 7*7 }}"])
    assert done.exit_code != 0
    assert "xã Môn Sơn, Nghệ An" in done.output


def test_coordinates_of_no_place_say_what_is_wrong_with_them() -> None:
    done = CliRunner().invoke(app, ["place", "18.97 Đ, 104.83 N"])
    assert done.exit_code != 0
    assert "vĩ độ lớn hơn 90" in " ".join(done.output.split())


def test_the_accuracy_is_one_figure_in_column_and_words() -> None:
    done = CliRunner().invoke(app, ["place", "VN2000 KTT 104°45' 2088497 510325"], env=WIDE)
    assert done.exit_code == 0, done.output
    assert "sai số khoảng 1 m" in done.output
    assert "10 m" not in done.output
    assert done.output.count("1 m") == 2
