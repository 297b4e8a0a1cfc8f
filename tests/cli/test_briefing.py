"""`bienmap briefing`: the paper as PDF and DOCX, its words, its form, and its bytes."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Mm
from pypdf import PdfReader
from typer.testing import CliRunner

from cli.main import app

YEAR = ["--from", "2025-08-01", "--to", "2026-07-31", "--dated", "2026-08-05"]
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
# A4 in points.
A4 = (595.28, 841.89)


@pytest.fixture
def command(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", demo_url)
    return CliRunner()


def made(command: CliRunner, path: Path, *asked: str) -> bytes:
    result = command.invoke(app, ["briefing", *YEAR, *asked, "--output", str(path)])
    assert result.exit_code == 0, result.output
    return path.read_bytes()


def test_a_pdf_says_in_vietnamese_what_a_leader_needs(command: CliRunner, tmp_path: Path) -> None:
    content = made(command, tmp_path / "one.pdf", "--province", "40")
    assert content == made(command, tmp_path / "two.pdf", "--province", "40")
    pages = PdfReader(io.BytesIO(content)).pages
    for page in pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=1)
        assert "Dữ liệu minh họa – không phải số liệu thật" in page.extract_text()
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        STATE,
        "Độc lập - Tự do - Hạnh phúc",
        "Nghệ An, ngày 05 tháng 8 năm 2026",
        "Tình hình mua bán người tại tỉnh Nghệ An",
        "(từ ngày 01/08/2025 đến ngày 31/07/2026)",
        "WGS 84 / UTM zone 48N (EPSG:32648)",
        "Ranh giới gần đúng",
        "Nơi nhận:",
        "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ",
        # Of the map: neighbours and the sea.
        "LÀO",
        "Thanh Hóa",
        "BIỂN ĐÔNG",
        "Cửa khẩu Nậm Cắn",
    ):
        assert said in text


def test_a_docx_has_the_same_words_tables_and_pictures(command: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "one.docx"
    content = made(command, path, "--province", "40")
    assert content == made(command, tmp_path / "two.docx", "--province", "40")
    book = docx.Document(str(path))
    page = book.sections[0]
    sides = (page.page_width, page.page_height, page.left_margin, page.right_margin)
    # Word counts in twentieths of a point.
    assert [round(one / Mm(1)) for one in sides if one is not None] == [210, 297, 30, 15]
    assert page.footer.paragraphs[0].text.startswith("Dữ liệu minh họa – không phải số liệu thật")
    head, ranked, gaps, foot = book.tables
    assert STATE in head.cell(0, 1).text
    assert len(ranked.rows) == len(gaps.rows) == 11
    assert "Nơi nhận:" in foot.cell(0, 0).text
    assert len(book.inline_shapes) == 2
    assert book.core_properties.created is not None
    assert book.core_properties.created.date().isoformat() == "2026-08-05"
    with zipfile.ZipFile(path) as members:
        assert {one.date_time[0] for one in members.infolist()} == {1980}


def test_the_paper_is_in_english_too(command: CliRunner, tmp_path: Path) -> None:
    content = made(command, tmp_path / "one.pdf", "--province", "22", "--language", "en")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    for said in ("Human trafficking in Quang Ninh", "5 August 2026", "CHINA"):
        assert said in " ".join(text.split())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--province", "99", "--output", "one.pdf"], "has no province of code 99"),
        (["--province", "40", "--output", "one.odt"], ".pdf, .docx"),
    ],
)
def test_what_cannot_be_done_is_said(
    command: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = command.invoke(app, ["briefing", *YEAR, *asked])
    assert result.exit_code != 0
    assert said in result.output
    assert not list(tmp_path.iterdir())
