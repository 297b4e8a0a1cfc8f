"""Places named in words: what does not fit, names in one cell, and what a slip may have meant."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from geo.boundaries.names import Found, UnitNames
from geo.importers.tables import ReadResult, read_records

ROWS = [
    ("2025", "province", "40", "Tỉnh Nghệ An", "Nghệ An", None),
    ("2025", "province", "22", "Tỉnh Quảng Ninh", "Quảng Ninh", None),
    # Renamed since: one unit of two names.
    ("2025", "province", "22", "Thành phố Quảng Ninh", "Quảng Ninh", None),
    ("2025", "commune", "17230", "Xã Môn Sơn", "Môn Sơn", "40"),
    ("2025", "commune", "17242", "Xã Con Cuông", "Con Cuông", "40"),
    ("2025", "commune", "17000", "Xã Tam Thái", "Tam Thái", "40"),
    ("2024", "province", "40", "Tỉnh Nghệ An", "Nghệ An", None),
    ("2024", "district", "422", "Huyện Con Cuông", "Con Cuông", "40"),
    ("2024", "district", "418", "Huyện Tương Dương", "Tương Dương", "40"),
    ("2024", "commune", "17231", "Xã Môn Sơn", "Môn Sơn", "422"),
    ("2024", "commune", "17232", "Xã Tân Lập", "Tân Lập", "422"),
    ("2024", "commune", "16960", "Xã Tân Lập", "Tân Lập", "418"),
    ("2025", "commune", "16837", "Xã Nậm Cắn", "Nậm Cắn", "40"),
    ("2024", "district", "417", "Huyện Kỳ Sơn", "Kỳ Sơn", "40"),
    ("2024", "commune", "16837", "Xã Nậm Cắn", "Nậm Cắn", "417"),
    ("2024", "commune", "16870", "Xã Nậm Càn", "Nậm Càn", "417"),
    ("2025", "commune", "06799", "Xã Hải Hòa", "Hải Hòa", "22"),
    ("2024", "province", "22", "Tỉnh Quảng Ninh", "Quảng Ninh", None),
    ("2024", "district", "194", "Thành phố Móng Cái", "Móng Cái", "22"),
    ("2024", "commune", "06718", "Phường Hải Hòa", "Hải Hòa", "194"),
    ("2025", "commune", "17059", "Xã Tam Hợp", "Tam Hợp", "40"),
    ("2024", "district", "420", "Huyện Quỳ Hợp", "Quỳ Hợp", "40"),
    ("2024", "commune", "17059", "Xã Tam Hợp", "Tam Hợp", "420"),
    ("2024", "commune", "16936", "Xã Tam Hợp", "Tam Hợp", "418"),
]
HEIRS = {"17231": "17230", "16837": "16837", "16870": "16999", "06718": "06709"} | {
    "17059": "17059",
    "16936": "16948",
}
NAMES = UnitNames(ROWS, HEIRS)
HEADING = "Mã,Loại vụ việc,Ngày,Tỉnh,Huyện,Xã\n"


def one_place(folder: Path, province: str, district: str, commune: str) -> ReadResult:
    cells = ",".join(f'"{cell}"' for cell in (province, district, commune))
    path = folder / "a.csv"
    path.write_text(f"{HEADING}A1,tip,15/08/2025,{cells}\n", encoding="utf-8")
    return read_records(path, "incident", names=NAMES, today=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("cells", "taken", "left_out"),
    [
        (("Nghệ An", "Pù Mát", "Môn Sơn"), ("2025", "17230"), "“Pù Mát”"),
        (("", "", "Pù Mát / Môn Sơn / Nghệ An"), ("2025", "17230"), "“Pù Mát”"),
        (("Nghệ An", "", "Pù Mát - Môn Sơn"), ("2025", "17230"), "“Pù Mát”"),
        (("", "", "xã Môn Sơn (Nghệ An)"), ("2025", "17230"), None),
        (("", "", "Môn Sơn, Con Cuông, Nghệ An"), ("2024", "17231"), None),
        (("Nghệ An", "Con Cuông", "Môn Sơn"), ("2024", "17231"), None),
        (("Nghệ An", "Con Cuông", "Con Cuông"), ("2025", "17242"), None),
        (("Nghệ An", "huyện Con Cuông", "xã Con Cuông"), ("2025", "17242"), None),
        (("", "", "huyện Con Cuông, Nghệ An"), ("2024", "422"), None),
        # Tones, or the kind of unit, choose between namesakes, in either edition.
        (("Nghệ An", "Kỳ Sơn", "Xã Nậm Cắn"), ("2024", "16837"), None),
        (("Nghệ An", "", "Nậm Cắn"), ("2025", "16837"), None),
        (("Nghệ An", "", "xã Nậm Càn"), ("2024", "16870"), None),
        (("Quảng Ninh", "", "Phường Hải Hoà"), ("2024", "06718"), None),
        (("Quảng Ninh", "", "xã Hải Hòa"), ("2025", "06799"), None),
        (("Nghệ An", "", "Môn Sơn"), ("2025", "17230"), None),
        (("Quảng Ninh", "", ""), ("2025", "22"), None),
    ],
)
def test_what_names_no_unit_is_passed_over_and_said(
    tmp_path: Path,
    cells: tuple[str, str, str],
    taken: tuple[str, str],
    left_out: str | None,
) -> None:
    result = one_place(tmp_path, *cells)
    assert result.rejected == []
    assert result.rows is not None
    [row] = result.rows.to_pylist()
    assert (row["stated_edition"], row["stated_code"]) == taken
    expected = {"unit_partly_read": 1} if left_out else {}
    assert result.warnings.counts == expected
    for warning in result.warnings.listed:
        assert (warning.row_number, warning.external_id) == (2, "A1")
        assert "Xã Môn Sơn" in warning.vi
        assert "Xã Môn Sơn" in warning.en
        assert (left_out or "-") in warning.vi


@pytest.mark.parametrize(
    ("cells", "code", "candidates"),
    [
        # Two communes of the name, and no district that tells them apart.
        # One of them is a commune of today, but the other went elsewhere.
        (("Nghệ An", "", "Tam Hợp"), "unit_ambiguous", ["Xã Tam Hợp, Tỉnh Nghệ An", "Tương Dương"]),
        (("Nghệ An", "", "nam can"), "unit_ambiguous", ["Nậm Cắn", "Nậm Càn"]),
        (("Nghệ An", "Pù Mát", "Tân Lập"), "unit_ambiguous",
         ("Huyện Con Cuông", "Huyện Tương Dương", "“Pù Mát”")),
        (("", "", "Pù Mát / Tân Lập / Nghệ An"), "unit_ambiguous",
         ("Huyện Con Cuông", "Huyện Tương Dương", "“Pù Mát”")),
        # A district that is one, but not that of the commune: who knows which is the slip.
        (("Nghệ An", "Tương Dương", "Môn Sơn"), "unit_unknown",
         ("trong Huyện Tương Dương", "Xã Môn Sơn, Huyện Con Cuông, Tỉnh Nghệ An")),
        # What is left out beside a district may be the commune, misspelt.
        (("", "", "Môn Sơm, Con Cuông, Nghệ An"), "unit_ambiguous",
         ("Xã Con Cuông", "Huyện Con Cuông", "“Môn Sơm”")),
        (("Nghệ An", "Pù Mát", "Môn Sơm"), "unit_unknown",
         ("“Môn Sơm”", "Xã Môn Sơn, Tỉnh Nghệ An", "“Pù Mát”")),
        (("", "", ""), "place_missing", ()),
    ],
)  # fmt: skip
def test_what_stays_unclear_is_rejected_with_the_candidates(
    tmp_path: Path, cells: tuple[str, str, str], code: str, candidates: tuple[str, ...]
) -> None:
    result = one_place(tmp_path, *cells)
    [problem] = result.rejected[0].problems
    assert problem["code"] == code
    assert [part for part in candidates if part not in problem["vi"]] == []
    assert result.warnings.counts == {}


@pytest.mark.parametrize(("said", "offered"), [("Môn Sươn", True), ("Mường Lát", False),
                                               ("Tam Kỳ", False), ("Cao Sơn", False)])  # fmt: skip
def test_only_similar_names_are_offered(tmp_path: Path, said: str, offered: bool) -> None:
    [problem] = one_place(tmp_path, "Nghệ An", "", said).rejected[0].problems
    assert ("Có phải là: Xã Môn Sơn, Tỉnh Nghệ An?" in problem["vi"]) == offered
    assert ("Có phải" in problem["vi"]) == offered
    assert ("Did you mean" in problem["en"]) == offered


def test_each_description_is_read_once_and_none_beside_a_point(tmp_path: Path) -> None:
    read: list[list[str]] = []

    def read_words(names: UnitNames, texts: Sequence[str]) -> list[Found]:
        read.append(list(texts))
        unit = names.by_code("2025", "commune", "17230")
        return [Found(unit if text == "ở đây" else None, reason=("?", "?")) for text in texts]

    path = tmp_path / "a.csv"
    rows = ["105.1,19.0,nơi khác", *[",,ở đây"] * 3, ",,đâu đó"]
    lines = (f"A{at},tip,15/08/2025,{row}\n" for at, row in enumerate(rows))
    path.write_text("Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Địa điểm\n" + "".join(lines), "utf-8")
    names = UnitNames(ROWS).read_by(read_words)
    result = read_records(path, "incident", names=names, today=date(2026, 11, 24))
    assert read == [["ở đây", "đâu đó"]]
    assert result.rows is not None
    assert result.rows["stated_code"].to_pylist() == [None, "17230", "17230", "17230"]
    assert [row.row_number for row in result.rejected] == [6]


def test_a_place_abroad_is_not_looked_up_in_vietnam(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text(
        "Chuyên án,Phạm vi,Vai trò,Nước,Xã,Địa điểm\n"
        'BG,trans,exit,VN,"Môn Sơn, Nghệ An",\nBG,,dest,LA,,"Môn Sơn, Nghệ An"\n',
        encoding="utf-8",
    )
    result = read_records(path, "network", names=NAMES, today=date(2026, 11, 24))
    assert result.rejected == []
    assert result.networks is not None
    assert result.networks.nodes["stated_code"].to_pylist() == ["17230", None]
