"""Workbooks to fill in: headings, drop-down lists and explanations made of the fields and codes."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import Language
from geo.records.code_lists import code_list
from geo.records.fields import EXAMPLE, Field, UploadedType, fields_of

# What programs write, and people do not: the importer takes these, the template does without.
_FOR_PROGRAMS = {"victims_by", "stated_edition", "stated_level", "stated_code"}
_LAST_ROW = 5_000
_DAYS = ("period_from", "period_to", "day")
_SHEETS = {
    "vi": ("Dữ liệu", "Giải thích", "Danh mục"),
    "en": ("Data", "Explanations", "Code lists"),
}
_HEADINGS = {
    "vi": ("Cột", "Bắt buộc", "Cách ghi", "Các mục trong danh mục"),
    "en": ("Column", "Required", "How to write it", "Entries of the code list"),
}
_YES = {"vi": "có", "en": "yes"}
_EXAMPLES: dict[str, Any] = {
    "occurred_from": date(2025, 8, 15),
    "dismantled_on": date(2025, 8, 15),
    "province": "Nghệ An",
    "commune": "Môn Sơn",
    "place_text": "bản Búng",
    "victims": 2,
    "attendance": 120,
    "case_code": "CA-01",
    "sequence": 1,
}
# Codes that say something of the example's place or person are left to their defaults.
_EXAMPLE_CODES = {"kind", "scope", "role", "acts", "purposes", "audiences"}
_EXAMPLE_ROWS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "incident": ({},),
    "outreach_event": ({},),
    # A network has a row for each place.
    "network": ({}, {"sequence": 2, "commune": "Tri Lễ", "place_text": None}),
}
_HOW: dict[str, dict[Language, str]] = {
    "identity": {
        "vi": "Mã riêng của mỗi bản ghi trong sổ của đơn vị. Gửi lại cùng mã thì bản ghi được cập"
        " nhật, không bị nhân đôi. Với đường dây: các hàng của một đường dây ghi cùng mã.",
        "en": "The record's own ID in your books. Sent again, the same ID updates the record and"
        " makes no second one. Rows of one network bear the same ID.",
    },
    "code": {
        "vi": "Chọn một mục trong danh sách.",
        "en": "Choose one entry of the list.",
    },
    "codes": {
        "vi": "Một hay nhiều mục trong danh sách, cách nhau bằng dấu chấm phẩy (;).",
        "en": "One or more entries of the list, parted by semicolons (;).",
    },
    "open_code": {
        "vi": "Chọn trong danh sách hoặc ghi tên khác.",
        "en": "Choose from the list, or write another name.",
    },
    "open_codes": {
        "vi": "Một hay nhiều mục, cách nhau bằng dấu chấm phẩy (;).",
        "en": "One or more entries, parted by semicolons (;).",
    },
    "period_from": {
        "vi": "Ngày/tháng/năm, ví dụ 15/08/2025; nếu chỉ biết tháng: 08/2025.",
        "en": "Day/month/year, such as 15/08/2025; 08/2025 if only the month is known.",
    },
    "period_to": {
        "vi": "Ngày cuối, nếu kéo dài nhiều ngày.",
        "en": "The last day, if there were several.",
    },
    "day": {
        "vi": "Ngày/tháng/năm, ví dụ 15/08/2025.",
        "en": "Day/month/year, such as 15/08/2025.",
    },
    "coordinate": {
        "vi": "Độ thập phân WGS 84, ví dụ 104,83. Không có tọa độ thì ghi tỉnh và xã.",
        "en": "Decimal degrees of WGS 84, such as 104.83. Without a point, name province and"
        " commune.",
    },
    "count": {"vi": "Số nguyên.", "en": "A whole number."},
    "number": {"vi": "Số.", "en": "A number."},
    "text": {
        "vi": "Chữ. Không ghi họ tên, số giấy tờ hay số điện thoại.",
        "en": "Words. No names of persons, numbers of papers or phones.",
    },
    "unit": {
        "vi": "Tên hoặc mã đơn vị, trước hay sau 01/7/2025. Cần khi không có tọa độ.",
        "en": "Name or code of the unit, of before or after 1 July 2025. Needed without a point.",
    },
    "breakdown": {
        "vi": "Số nạn nhân trong nhóm này.",
        "en": "Victims of this group.",
    },
}


def template_fields(record_type: UploadedType) -> list[Field]:
    """The fields that a template has, in its order."""
    return [one for one in fields_of(record_type).values() if one.name not in _FOR_PROGRAMS]


@cache
def template_workbook(record_type: UploadedType, language: Language) -> bytes:
    """An XLSX to fill in, whose example rows the importer leaves out.

    Sheets: the data with a drop-down list wherever a column takes codes (by their labels), an
    explanation of each column, and the lists.
    """
    fields = template_fields(record_type)
    data_name, explained_name, lists_name = _SHEETS[language]
    book = Workbook()
    data = book.worksheets[0]
    data.title = data_name
    _write_data(data, fields, record_type, language)
    _write_explanations(book.create_sheet(explained_name), fields, language)
    _write_lists(book.create_sheet(lists_name), data, fields, language)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _label(one: Field, language: Language) -> str:
    return one.label_vi if language == "vi" else one.label_en


def _labels(one: Field, language: Language) -> list[str]:
    return [code.label(language) for code in code_list(one.codes).values()] if one.codes else []


def _write_data(
    sheet: Worksheet, fields: list[Field], record_type: UploadedType, language: Language
) -> None:
    sheet.append([f"{_label(one, language)}{' *' if one.required else ''}" for one in fields])
    _style_heading(sheet)
    for changed in _EXAMPLE_ROWS[record_type]:
        sheet.append([changed.get(one.name, _example(one, language)) for one in fields])
        for cell in sheet[sheet.max_row]:
            cell.font = Font(italic=True, color="00808080")
    for at, one in enumerate(fields, 1):
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width = max(14, min(34, len(_label(one, language)) + 6))
        if one.kind in _DAYS:
            column.number_format = "DD/MM/YYYY"
            for row in range(2, sheet.max_row + 1):
                sheet.cell(row, at).number_format = "DD/MM/YYYY"
        elif one.kind in ("identity", "text"):
            # So that a spreadsheet keeps zeros in front.
            column.number_format = "@"


def _example(one: Field, language: Language) -> Any:
    if one.kind == "identity":
        return EXAMPLE[language]
    if one.name in _EXAMPLE_CODES:
        return _labels(one, language)[0]
    return _EXAMPLES.get(one.name)


def _write_explanations(sheet: Worksheet, fields: list[Field], language: Language) -> None:
    sheet.append(list(_HEADINGS[language]))
    _style_heading(sheet)
    for one in fields:
        required = _YES[language] if one.required else ""
        choices = "; ".join(_labels(one, language))
        sheet.append([_label(one, language), required, _HOW[one.kind][language], choices])
    for letter, width in zip("ABCD", (24, 12, 60, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _write_lists(
    sheet: Worksheet, data: Worksheet, fields: list[Field], language: Language
) -> None:
    """One column for each field of codes, to which its drop-down list points."""
    coded = [(at, one) for at, one in enumerate(fields, 1) if one.codes]
    for place, (at, one) in enumerate(coded, 1):
        labels = _labels(one, language)
        for row, text in enumerate([_label(one, language), *labels], 1):
            sheet.cell(row, place, text)
        letter, target = get_column_letter(place), get_column_letter(at)
        sheet.column_dimensions[letter].width = 34
        choice = DataValidation(
            "list",
            formula1=f"'{sheet.title}'!${letter}$2:${letter}${len(labels) + 1}",
            allow_blank=True,
            # Several entries, and words of one's own, are no mistake; the import checks them all.
            showErrorMessage=False,
        )
        choice.add(f"{target}2:{target}{_LAST_ROW}")
        data.add_data_validation(choice)
    _style_heading(sheet)


def _style_heading(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="00FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0014304F")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = "A2"
