"""Templates to fill in, and what the importer makes of them."""

import io
from typing import Any, get_args

import openpyxl
import pytest

from geo.importers.templates import template_fields, template_workbook
from geo.records.code_lists import code_list
from geo.records.fields import EXAMPLE, UploadedType
from tests.api.conftest import Joining
from tests.api.test_imports import ADDRESS, counts, sent
from tests.people import NGHE_AN

TYPES: tuple[UploadedType, ...] = get_args(UploadedType)


def codes(body: dict[str, Any]) -> set[str]:
    return {note["code"] for note in body["notes"]}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_templates_come_back(joining: Joining, language: str) -> None:
    officer = joining("officer", NGHE_AN)
    for record_type in TYPES:
        got = officer.get(f"{ADDRESS}/templates/{record_type}.xlsx", params={"lang": language})
        assert got.status_code == 200
        # As it is, it holds nothing but examples, of which the sender is told.
        body = sent(officer, got.content, name="a.xlsx", kind=record_type, dry_run=True)
        assert counts(body) == (0, 0, 0, 0, 0), body
        assert codes(body) == {"examples_left_out", "sheet_chosen"}
        # With an ID of its own, an example is a good record.
        book = openpyxl.load_workbook(io.BytesIO(got.content))
        sheet = book.worksheets[0]
        for row in range(2, sheet.max_row + 1):
            assert sheet.cell(row, 1).value == EXAMPLE[language]  # type: ignore[index]
            sheet.cell(row, 1).value = f"T-{language}"
        made = io.BytesIO()
        book.save(made)
        body = sent(officer, made.getvalue(), name="a.xlsx", kind=record_type)
        assert (body["rows_added"], body["rejected"]) == (1, []), body
        assert body["days"] == {"first": "2025-08-15", "last": "2025-08-15"}
        assert codes(body) == {"sheet_chosen"}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("record_type", TYPES)
def test_every_label_of_a_list_is_taken(
    joining: Joining, record_type: UploadedType, language: str
) -> None:
    """One row for each entry of the longest list; the columns turn through theirs."""
    book = openpyxl.load_workbook(
        io.BytesIO(template_workbook(record_type, language))  # type: ignore[arg-type]
    )
    sheet, lists = book.worksheets[0], book.worksheets[2]
    offered = {
        column[0].value: [cell.value for cell in column[1:] if cell.value]
        for column in lists.iter_cols()
    }
    fields = template_fields(record_type)
    coded = [one for one in fields if one.codes]
    assert len(sheet.data_validations.dataValidation) == len(coded) == len(offered)
    for one in coded:
        label = one.label_vi if language == "vi" else one.label_en
        assert len(offered[label]) == len(code_list(one.codes or ""))
    first = [cell.value for cell in sheet[2]]
    for number in range(max(map(len, offered.values()))):
        row = list(first)
        for at, one in enumerate(fields):
            entries = offered.get(one.label_vi if language == "vi" else one.label_en)
            if one.codes and entries:
                row[at] = entries[number % len(entries)]
        row[0] = f"L-{number}"
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    officer = joining("officer", NGHE_AN)
    body = sent(officer, made.getvalue(), name="a.xlsx", kind=record_type, dry_run=True)
    wrong = {problem["code"] for row in body["rejected"] for problem in row["problems"]}
    assert not {code for code in wrong if code.startswith("code_")}, body["rejected"]
    assert "labels_understood" not in codes(body)


def test_rejected_rows_come_in_the_order_of_the_fields(joining: Joining) -> None:
    officer = joining("officer", NGHE_AN)
    head = "Nội dung,Vĩ độ,Kinh độ,Ngày,Loại,Mã"
    batch = sent(officer, f"{head}\nx,18.97,104.83,31/02/2025,tip,O-1\n")["id"]
    wanted = ["Mã", "Loại", "Ngày", "Kinh độ", "Vĩ độ", "Nội dung"]
    [row] = officer.get(f"{ADDRESS}/{batch}").json()["rejected"]
    assert list(row["content"]) == wanted
    for language, last in (("vi", "Lỗi / cách sửa"), ("en", "Problem / how to mend")):
        for form in ("csv", "xlsx"):
            got = officer.get(f"{ADDRESS}/{batch}/rejected.{form}", params={"lang": language})
            if form == "csv":
                names = got.content.decode("utf-8-sig").splitlines()[0].split(",")
            else:
                book = openpyxl.load_workbook(io.BytesIO(got.content))
                names = [cell.value for cell in book.worksheets[0][1]]
            assert names[1:] == [*wanted, last]
    mend = {"rows": [{"row_number": 2, "cells": {"Ngày": "30/02/2025"}}]}
    [row] = officer.post(f"{ADDRESS}/{batch}/rows", json=mend).json()["rejected"]
    assert list(row["content"]) == wanted
