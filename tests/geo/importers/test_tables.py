"""Record files, good and hostile: what becomes a column, and what is refused and why."""

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geo.boundaries.names import plain
from geo.errors import InputError
from geo.importers.tables import ReadResult
from geo.records.code_lists import code_lists
from geo.records.fields import ROWS, fields_of
from tests.record_files import codes_of, read, reason, row_of

HEADING = "Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Tỉnh,Huyện,Xã,Số nạn nhân,Nữ,Nam,Kênh,Nội dung"
COLUMNS = ("id", "kind", "day", "lon", "lat", "province", "district", "commune", "victims",
           "female", "male", "channel", "narrative")  # fmt: skip
GOOD = {"kind": "rescue", "day": "15/08/2025", "lon": "106.6", "lat": "17.1"}


def sheet(folder: Path, *rows: dict[str, str], heading: str = HEADING) -> ReadResult:
    """Rows of cells by short names, as a CSV file that was read."""
    heading = heading.replace("Nữ,Nam", "Số Nữ,Số Nam")
    lines = [heading]
    for row in rows:
        cells = GOOD | row
        lines.append(",".join('"' + cells.get(name, "").replace('"', '""') + '"'
                              for name in COLUMNS))  # fmt: skip
    path = folder / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read(path)


def test_headings_of_a_record_type_are_unambiguous() -> None:
    for record_type in ROWS:
        owner: dict[str, str] = {}
        for field in fields_of(record_type).values():
            for text in (field.name, field.label_vi, field.label_en, *field.aliases):
                assert owner.setdefault(plain(text), field.name) == field.name, text
            assert field.codes is None or field.codes in code_lists()


def test_a_plain_row_becomes_the_columns_of_the_store(tmp_path: Path) -> None:
    row = row_of(sheet(tmp_path, {"id": "A1", "victims": "3", "channel": "Zalo; facebook"}))
    assert row["row_number"] == 2
    assert (row["external_id"], row["kind"], row["victims"]) == ("A1", "rescue", 3)
    assert (row["lon"], row["lat"], row["precision"]) == (106.6, 17.1, "exact")
    assert row["channels"] == ["zalo", "facebook"]
    # The whole day in Vietnam, seven hours ahead of UTC.
    assert row["occurred_from"] == datetime(2025, 8, 14, 17, tzinfo=UTC)
    assert row["occurred_to"] == datetime(2025, 8, 15, 16, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "heading",
    [
        "LOẠI VỤ VIỆC, ngày  xảy ra ,KINH ĐỘ (độ),Vĩ Độ",
        "loai vu viec,ngay,kinh do,vi do",
        "Kind,Date,Longitude,Latitude",
    ],
)
def test_headings_in_any_spelling(tmp_path: Path, heading: str, form: Any) -> None:
    path = tmp_path / "a.csv"
    text = unicodedata.normalize(form, f'{heading}\nGiải cứu nạn nhân,1-8-25,"106,6","17,1"\n')
    path.write_text(text, encoding="utf-8")
    row = row_of(read(path))
    assert (row["kind"], row["lon"], row["lat"]) == ("rescue", 106.6, 17.1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-8"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "a.csv"
    rows = [["Báo cáo"], ["Loại", "Ngày", "Lon", "Lat", "Nội dung"],
            ["tip", "2025-08-15", "106.6", "17.1", "Ấp Đồng"]]  # fmt: skip
    rows[0] += [""] * 4
    path.write_bytes("\r\n".join(map(separator.join, rows)).encode(encoding))
    row = row_of(read(path))
    assert (row["row_number"], row["narrative"]) == (3, "Ấp Đồng")


def test_old_encoding_is_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Kind,Date,Lon,Lat,Notes\ntip,2025-08-15,106.6,17.1,đê\n".encode("cp1258"))
    result = read(path)
    assert row_of(result)["narrative"] == "đê"
    assert [note.code for note in result.notes] == ["encoding_guessed"]


@pytest.mark.parametrize(
    ("cells", "column", "code", "hint"),
    [
        ({"day": "31/02/2024"}, "Ngày", "date_impossible", "28/02/2024"),
        ({"day": "45884"}, "Ngày", "date_as_number", "15/08/2025"),
        ({"day": "soon"}, "Ngày", "date_unreadable", "2025-08-15"),
        ({"day": "26/11/2026"}, "Ngày", "date_in_future", "26/11/2026"),
        ({"day": "01/01/1950"}, "Ngày", "date_too_early", "1950"),
        ({"day": "15/08/0025"}, "Ngày", "date_too_early", "0025"),
        ({"day": ""}, "Ngày", "value_missing", ""),
        ({"kind": ""}, "Loại vụ việc", "value_missing", ""),
        ({"kind": "bắt cóc"}, "Loại vụ việc", "code_unknown", "Giải cứu nạn nhân [rescue]"),
        (
            {"lon": "17.1", "lat": "106.6"},
            "Vĩ độ",
            "coordinates_swapped",
            "kinh độ 106,6, vĩ độ",
        ),
        ({"lat": "91"}, "Vĩ độ", "latitude_range", "8 đến 24"),
        ({"lat": "NaN"}, "Vĩ độ", "coordinate_unreadable", "107,25"),
        ({"lon": "510325"}, "Kinh độ", "coordinates_metres", "VN-2000 KTT"),
        ({"lat": "2.088.497,25"}, "Vĩ độ", "coordinates_metres", "VN-2000 KTT"),
        ({"lat": "12345"}, "Vĩ độ", "coordinate_unreadable", "107,25"),
        ({"lat": "1e308"}, "Vĩ độ", "coordinate_unreadable", "107,25"),
        ({"lon": "0", "lat": "0"}, "Kinh độ", "coordinates_zero", ""),
        ({"lat": ""}, "Vĩ độ", "coordinate_missing", ""),
        ({"lon": "", "lat": ""}, "Xã", "place_missing", ""),
        ({"victims": "-1"}, "Số nạn nhân", "count_negative", ""),
        ({"victims": "2,5"}, "Số nạn nhân", "count_unreadable", ""),
        ({"victims": "1,000"}, "Số nạn nhân", "count_ambiguous", ""),
        ({"victims": "99999999999"}, "Số nạn nhân", "count_too_large", ""),
        ({"victims": "3", "female": "1", "male": "1"}, "Số nạn nhân", "breakdown_sum", "được 2"),
        ({"narrative": "a\x00b"}, "Nội dung", "nul_character", ""),
        ({"narrative": "a" * 20_001}, "Nội dung", "text_too_long", ""),
    ],
)
def test_rows_that_cannot_be_used(
    tmp_path: Path, cells: dict[str, str], column: str, code: str, hint: str
) -> None:
    result = sheet(tmp_path, cells, {"id": "good"})
    problem = reason(result)
    assert (problem["column"], problem["code"]) == (column, code)
    assert hint in problem["vi"]
    assert problem["en"]
    assert result.rejected[0].row_number == 2
    assert result.rows is not None
    assert result.rows["external_id"].to_pylist() == ["good"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"commune": "Xã Dân Hoá", "province": "T. Quảng Trị"}, ("2025", "commune", "18904")),
        ({"commune": "dan hoa"}, ("2025", "commune", "18904")),
        ({"commune": "18904"}, ("2025", "commune", "18904")),
        ({"commune": "P. Tân Lập", "province": "TP Huế"}, ("2025", "commune", "19002")),
        ({"commune": "Tân Lập", "province": "Quảng Trị"}, ("2025", "commune", "19001")),
        ({"province": "thành phố huế"}, ("2025", "province", "46")),
        ({"district": "H. Hướng Hóa", "province": "Quảng Trị"}, ("2024", "district", "465")),
    ],
)
def test_units_by_name(
    tmp_path: Path, cells: dict[str, str], expected: tuple[str, str, str]
) -> None:
    row = row_of(sheet(tmp_path, {"lon": "", "lat": ""} | cells))
    assert (row["stated_edition"], row["stated_level"], row["stated_code"]) == expected
    precision = {"commune": "commune", "province": "province", "district": "legacy_district"}
    assert row["precision"] == precision[expected[1]]


def test_units_that_cannot_be_told(tmp_path: Path) -> None:
    nowhere = {"lon": "", "lat": ""}
    unknown = reason(sheet(tmp_path, nowhere | {"commune": "Xã Dân Háo"}))
    assert unknown["code"] == "unit_unknown"
    assert "Xã Dân Hóa, Tỉnh Quảng Trị" in unknown["vi"]
    ambiguous = reason(sheet(tmp_path, nowhere | {"commune": "Tân Lập"}))
    assert ambiguous["code"] == "unit_ambiguous"
    assert "Xã Tân Lập, Tỉnh Quảng Trị / Phường Tân Lập, Thành phố Huế" in ambiguous["vi"]
    with_point = sheet(tmp_path, {"commune": "Tân Lập"})
    assert row_of(with_point)["stated_code"] is None
    assert [note.code for note in with_point.notes] == ["unit_ignored"]


def test_breakdowns_become_json_and_give_the_total(tmp_path: Path) -> None:
    row = row_of(sheet(tmp_path, {"female": "2", "male": "1"}))
    assert row["victims"] == 3
    assert json.loads(row["victims_by"]) == {"sex": {"f": 2, "m": 1}}


def test_text_stays_text_without_personal_numbers(tmp_path: Path) -> None:
    said = "Gọi 0912 345 678, CCCD 001099012345; \u202e<img src=x onerror=alert(1)> =1+1"
    result = sheet(tmp_path, {"narrative": said})
    assert row_of(result)["narrative"] == (
        "Gọi [đã che số], CCCD [đã che số]; <img src=x onerror=alert(1)> =1+1"
    )
    assert [note.code for note in result.notes] == ["personal_numbers_masked"]


def test_personal_numbers_are_masked_in_rejected_rows_too(tmp_path: Path) -> None:
    result = sheet(tmp_path, {"day": "x", "narrative": "CCCD 001099012345"})
    assert result.rejected[0].content["Nội dung"] == "CCCD [đã che số]"


def test_personal_numbers_in_other_columns_are_not_kept(tmp_path: Path) -> None:
    result = sheet(tmp_path, {"kind": "0912345678"})
    assert "0912345678" not in repr(result.rejected)


def test_rows_known_by_content_and_order(tmp_path: Path) -> None:
    first = sheet(tmp_path, {}, {"lon": "106,60"}, {"victims": "1"})
    assert first.rows is not None
    one, twin, other = first.rows["external_id"].to_pylist()
    assert one.startswith("sha:")
    assert twin == f"{one}:2"
    assert other not in (one, twin)
    again = sheet(tmp_path, {"day": "2025-08-15"})
    assert again.rows is not None
    assert again.rows["external_id"].to_pylist() == [one]


def test_same_id_twice_in_a_file(tmp_path: Path) -> None:
    result = sheet(tmp_path, {"id": "A"}, {"id": "A", "victims": "2"}, {"id": "B"})
    problem = reason(result)
    assert (problem["code"], result.rejected[0].row_number) == ("identity_repeated", 3)
    assert "hàng 2" in problem["vi"]


def test_ragged_and_empty_rows_keep_the_count_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "kind,date,lon,lat\ntip,2025-08-15,106,17\n\ntip,0912345678\n,,,\ntip,2025-08-15,106,18\n"
    )
    result = read(path)
    assert codes_of(result) == [["row_ragged"]]
    (rejected,) = result.rejected
    assert rejected.row_number == 4
    assert [text.startswith("tip,") for text in rejected.content.values()] == [True]
    assert "0912345678" not in str(rejected)
    assert result.rows is not None
    assert result.rows["row_number"].to_pylist() == [2, 6]
    assert result.rows_read == 3


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("kind,lon,lat,tên\ntip,106,17,x\n", encoding="utf-8")
    with pytest.raises(InputError, match="columns_missing") as missing:
        read(path)
    assert missing.value.context["missing"] == ["occurred_from"]
    assert "“tên”" in missing.value.vi
    path.write_text("kind,date\ntip,2025-01-01\n")
    with pytest.raises(InputError, match="no place"):
        read(path)
    path.write_bytes(b"")
    with pytest.raises(InputError, match="file_empty"):
        read(path)
    path.write_text("kind,date,lon,lat\n" * 10)
    with pytest.raises(InputError, match="--max-bytes"):
        read(path, max_bytes=10)
    with pytest.raises(InputError, match="file_not_readable"):
        read(tmp_path / "none.csv")
    path.write_text(",".join(f"c{i}" for i in range(2000)) + ",kind,date,lon,lat\n")
    with pytest.raises(InputError, match="too_many_columns"):
        read(path)


def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    row = "{},rescue,15/08/2025,106.6,17.1,,,,,,,,{}\n"
    path.write_text(
        HEADING.replace("Nữ,Nam", "Số Nữ,Số Nam")
        + "\n"
        + row.format("L1", '"closed"')
        + row.format("L2", '"never closed')
        + row.format("L3", "lost otherwise"),
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.code, caught.value.context["line"]) == ("quote_open", 3)


def test_a_lone_quote_within_a_cell_is_a_character(tmp_path: Path) -> None:
    path = tmp_path / "inch.csv"
    path.write_text(
        "Mã,Loại vụ việc,Ngày,Kinh độ,Vĩ độ,Nội dung\n"
        'L1,rescue,15/08/2025,106.6,17.1,màn hình 5" cũ\n'
        "L2,rescue,15/08/2025,106.6,17.1,x\n",
        encoding="utf-8",
    )
    result = read(path)
    assert result.rejected == []
    assert result.rows_read == 2
