"""Cells that a spreadsheet spoilt, and words that stand for a whole label."""

import re
from pathlib import Path

import pytest

from geo.importers.cells import CellError, CodeReader
from geo.importers.problem_titles import TITLES
from geo.importers.report import ImportReport, ReportedRow
from geo.importers.tables import ReadResult
from geo.records.code_lists import code_list
from tests.record_files import codes_of, read, row_of

HEADING = "Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Xã,Số nạn nhân,Số nữ,Số nam,Nội dung\n"


def rows(folder: Path, *lines: str) -> ReadResult:
    path = folder / "a.csv"
    path.write_text(HEADING + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    "cell", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "Err:502"]
)
@pytest.mark.parametrize("column", range(10))
def test_a_failed_formula_is_named_and_nothing_else(tmp_path: Path, cell: str, column: int) -> None:
    cells = ["A", "tip", "15/08/2025", "106.6", "17.1", "Dân Hóa", "2", "1", "1", "x"]
    cells[column] = cell
    result = rows(tmp_path, ",".join(cells))
    assert codes_of(result) == [["formula_failed"]]
    assert f"“{cell}” là lỗi công thức" in result.rejected[0].problems[0]["vi"]
    assert cell in result.rejected[0].content.values()


def test_all_failed_formulas_of_a_row_are_named(tmp_path: Path) -> None:
    result = rows(tmp_path, "#REF!,#REF!,#N/A,#N/A,#N/A,,#REF!,#REF!,1,", "B,tip,########,1,1,,,,,")
    assert codes_of(result) == [["formula_failed"] * 7, ["column_too_narrow"]]


def test_a_hash_in_words_is_no_error(tmp_path: Path) -> None:
    result = rows(tmp_path, "#12,tip,15/08/2025,106.6,17.1,,1,,,#nannhan #N/A trong báo cáo")
    row = row_of(result)
    assert (row["external_id"], row["narrative"]) == ("#12", "#nannhan #N/A trong báo cáo")


def test_a_count_that_cannot_be_read_spoils_no_sum(tmp_path: Path) -> None:
    result = rows(tmp_path, "A,tip,15/08/2025,106.6,17.1,,nhiều,1,1,",
                  "B,tip,15/08/2025,106.6,17.1,,3,?,1,")  # fmt: skip
    assert codes_of(result) == [["count_unreadable"], ["count_unreadable"]]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("giải cứu", "rescue"),
        ("Giai cuu", "rescue"),
        ("GIẢI CỨU", "rescue"),
        ("cứu nạn nhân", "rescue"),
        ("victims rescue", "rescue"),
        ("tự trở về", "self_return"),
        ("con nuôi", "adoption"),
        ("sham", "adoption"),
    ],
)
def test_words_that_only_one_label_holds_are_enough(tmp_path: Path, said: str, code: str) -> None:
    result = rows(tmp_path, f"A,{said},15/08/2025,106.6,17.1,,,,,")
    assert row_of(result)["kind"] == code
    [note] = result.notes
    assert note.code == "labels_understood"
    assert f"“{said}” là “{code_list('incident_kind')[code].label_vi}”" in note.vi


@pytest.mark.parametrize(
    ("said", "expected", "listed"),
    [
        ("nạn nhân", "code_ambiguous", ("Giải cứu nạn nhân [rescue]", "[self_return]")),
        ("người", "code_ambiguous", ("[tip]", "[missing]")),
        ("giải cứu người", "code_unknown", ("Giải cứu nạn nhân [rescue]",)),
        ("gi", "code_unknown", ()),
    ],
)
def test_words_of_several_labels_or_of_none_are_refused(
    said: str, expected: str, listed: tuple[str, ...]
) -> None:
    error = CodeReader(code_list("incident_kind")).one(said)
    assert isinstance(error, CellError)
    assert error.code == expected
    assert [part for part in listed if part not in error.vi] == []


def test_tones_tell_labels_apart_that_meet_without_them() -> None:
    entries = {
        code: type(code_list("act")["recruit"])(code, label, code, None)
        for code, label in (("sell", "Bán phụ nữ"), ("friend", "Bạn phụ nữ"))
    }
    reader = CodeReader(entries)
    assert reader.one("bán") == "sell"
    assert reader.one("bạn") == "friend"
    assert isinstance(reader.one("ban"), CellError)


def test_every_problem_of_a_row_has_a_title(project_root: Path) -> None:
    sources = (project_root / "geo/importers").glob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    raised = set(re.findall(r'CellError\(\s*"(\w+)"', text))
    assert len(raised) > 30
    assert raised - TITLES.keys() == set()


def test_the_vietnamese_report_is_vietnamese(tmp_path: Path) -> None:
    result = rows(tmp_path, "A,người,31/02/2024,17.1,106.6,,3,1,1,", "B,tip,x,106.6,91,,-1,,,",
                  "C,tip,15/08/2025,,,Tân Lập,,,,", "C,tip,01/01/2999,,,Không có,,,,")  # fmt: skip
    report = ImportReport(
        read=result.rows_read,
        rejected=[
            ReportedRow(row.row_number, row.external_id, row.content, row.problems)
            for row in result.rejected
        ],
    ).render("vi")
    assert "kinh độ 106,6, vĩ độ 17,1" in report
    bare = re.sub(r"\[[a-z_0-9]+\]", "", report)
    assert re.findall(r"\b(?:or|and|at|the|lon|lat|row|is)\b|[a-z]+_[a-z_]+", bare) == []
