"""Files sent to the API: what goes in, for whom, and how rows are mended."""

import io
import json
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from tests.api.conftest import Joining
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, NGHE_AN

HEAD = "Mã,Loại,Ngày,Kinh độ,Vĩ độ,Nội dung\n"
BORDER, HANOI = "104.83,18.97", "105.8342,21.0278"
ADDRESS = "/api/v1/imports"


def post(
    client: TestClient,
    content: str | bytes,
    *,
    name: str = "a.csv",
    kind: str = "incident",
    corrections: list[Any] | None = None,
    **query: Any,
) -> Any:
    """Send a file; the answer."""
    body = content.encode() if isinstance(content, str) else content
    data = {"corrections": json.dumps(corrections)} if corrections else None
    return client.post(
        ADDRESS, params={"record_type": kind, **query}, files={"file": (name, body)}, data=data
    )


def sent(client: TestClient, content: str | bytes, **options: Any) -> dict[str, Any]:
    """Send a file that is taken; what became of it."""
    answer = post(client, content, **options)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def counts(body: dict[str, Any]) -> tuple[int, int, int, int, int]:
    names = ("read", "added", "changed", "unchanged", "rejected")
    return tuple(body[f"rows_{name}"] for name in names)  # type: ignore[return-value]


def test_a_file_goes_in_once_and_only_in_own_units(joining: Joining, api_engine: Engine) -> None:
    officer = joining("officer", MON_SON)
    content = HEAD + f"A-1,tip,01/08/2025,{BORDER},x\nA-2,tip,02/08/2025,{HANOI},y\n"
    tried = sent(officer, content, dry_run=True)
    assert counts(tried) == (2, 1, 0, 0, 1)
    assert tried["id"] is None
    assert officer.get(ADDRESS).json() == {"imports": []}
    done = sent(officer, content, name="../../etc/thang-8.csv.exe")
    assert counts(done) == (2, 1, 0, 0, 1)
    [problem] = done["rejected"][0]["problems"]
    assert (done["rejected"][0]["row_number"], problem["code"]) == (3, "row_elsewhere")
    assert problem["column"] == "Kinh độ, Vĩ độ"
    again = sent(officer, content)
    assert (again["id"], counts(again)) == (done["id"], (2, 0, 0, 1, 1))
    [batch] = officer.get(ADDRESS).json()["imports"]
    assert (batch["file_name"], batch["rows_added"], batch["rows_open"]) == (
        "thang-8.csv.exe",
        1,
        1,
    )
    with transaction(api_engine) as connection:
        found = connection.scalars(
            text("SELECT external_id FROM incident WHERE import_batch_id = :id"), {"id": done["id"]}
        ).all()
    assert found == ["A-1"]


def test_units_do_not_meet_by_their_ids(joining: Joining) -> None:
    north, south = (
        joining("officer", Jurisdiction("2025", "province", "01")),
        joining("officer", MON_SON),
    )
    assert sent(north, HEAD + f"SAME,tip,01/08/2025,{HANOI},x\n")["rows_added"] == 1
    answer = sent(south, HEAD + f"SAME,tip,01/08/2025,{BORDER},y\n")
    assert counts(answer) == (1, 1, 0, 0, 0)


def test_a_row_elsewhere_names_the_cells_that_say_where(joining: Joining) -> None:
    officer = joining("officer", MON_SON)
    content = (
        "Mã,Loại,Ngày,Kinh độ,Vĩ độ,Tỉnh,Xã\n"
        "E-1,tip,01/08/2025,,,Nghệ An,Xã Nậm Cắn\nE-2,tip,01/08/2025,,,,Xã Môn Sơn\n"
    )
    body = sent(officer, content)
    [row] = body["rejected"]
    assert (row["row_number"], row["problems"][0]["column"]) == (2, "Tỉnh, Xã")


def test_outreach_and_networks_too(joining: Joining) -> None:
    officer = joining("officer", MON_SON)
    events = (
        "Mã,Hình thức,Ngày,Kinh độ,Vĩ độ\n"
        f"T1,talk,01/08/2025,{BORDER}\nT2,talk,01/08/2025,{HANOI}\n"
    )
    assert counts(sent(officer, events, kind="outreach_event")) == (2, 1, 0, 0, 1)
    networks = (
        "Chuyên án,Phạm vi,Vai trò,Nước,Kinh độ,Vĩ độ\n"
        f"C1,trans,recruit,VN,{BORDER}\nC1,,transit,VN,{HANOI}\n"
        f"C2,trans,recruit,VN,{HANOI}\nC2,,transit,VN,{HANOI}\n"
    )
    body = sent(officer, networks, kind="network")
    assert (body["rows_read"], body["rows_added"]) == (4, 1), body
    assert [row["problems"][0]["code"] for row in body["rejected"]] == ["row_elsewhere"]


def test_cells_are_corrected_with_the_file(joining: Joining) -> None:
    officer = joining("officer", MON_SON)
    content = HEAD + f"B-1,tip,31/02/2025,{BORDER},x\n"
    assert sent(officer, content, dry_run=True)["rows_rejected"] == 1
    mended = [{"row_number": 2, "cells": {"Ngày": "28/02/2025"}}]
    assert counts(sent(officer, content, corrections=mended)) == (1, 1, 0, 0, 0)
    for wrong in (
        [{"row_number": 9, "cells": {"Ngày": ""}}],
        [{"row_number": 2, "cells": {"Z": ""}}],
    ):
        assert_problem(post(officer, content, corrections=wrong), 422)
    assert_problem(post(officer, content, corrections=[{"row": 2}]), 422)


def test_rows_are_mended_in_place(joining: Joining) -> None:
    officer = joining("officer", NGHE_AN)
    content = HEAD + (
        f"C-1,tip,31/02/2025,{BORDER},x\nC-2,tip,02/08/2025,{BORDER},y\n"
        f"C-2,tip,03/08/2025,{BORDER},z\n"
    )
    address = f"{ADDRESS}/{sent(officer, content)['id']}"
    shown = officer.get(address).json()
    assert [row["row_number"] for row in shown["rejected"]] == [2, 4]
    wrong = {"rows": [{"row_number": 2, "cells": {"Ngày": "30/02/2025"}}]}
    assert officer.post(f"{address}/rows", json=wrong).json()["rows_rejected"] == 1
    # Another cell of a repeated ID makes it no less the other row's.
    same = {"rows": [{"row_number": 4, "cells": {"Nội dung": "khác"}}]}
    assert officer.post(f"{address}/rows", json=same).json()["rows_changed"] == 0
    right = {
        "rows": [
            {"row_number": 2, "cells": {"Ngày": "28/02/2025"}},
            {"row_number": 4, "cells": {"Mã": "C-3"}},
        ]
    }
    body = officer.post(f"{address}/rows", json=right).json()
    assert (body["rows_added"], body["rows_mended"], body["rejected"]) == (2, 2, []), body
    assert officer.get(address).json()["rows_open"] == 0
    assert_problem(officer.post(f"{address}/rows", json=right), 404)
    # The file of before brings nothing back to be mended.
    sent(officer, content)
    assert officer.get(address).json()["rows_open"] == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_of_rejected_rows_comes_back(joining: Joining, form: str) -> None:
    officer = joining("officer", MON_SON)
    content = HEAD + f'D-{form},tip,31/02/2025,{BORDER},"=HYPERLINK(""http://x"")"\n'
    batch = sent(officer, content)["id"]
    got = officer.get(f"{ADDRESS}/{batch}/rejected.{form}", headers={"Accept-Language": "en"})
    assert got.status_code == 200
    assert got.headers["cache-control"] == "no-store"
    if form == "csv":
        assert "'=HYPERLINK" in got.text
        assert "Problem / how to mend" in got.text
        mended = got.content.replace(b"31/02/2025", b"28/02/2025")
    else:
        book = openpyxl.load_workbook(io.BytesIO(got.content))
        for cell in book.worksheets[0][2]:
            assert cell.data_type == "s"
        headings = [cell.value for cell in book.worksheets[0][1]]
        book.worksheets[0].cell(2, headings.index("Ngày") + 1).value = "28/02/2025"
        made = io.BytesIO()
        book.save(made)
        mended = made.getvalue()
    body = sent(officer, mended, name=f"b.{form}")
    assert (body["rows_added"], body["rows_mended"], body["rejected"]) == (1, 1, []), body
    assert officer.get(f"{ADDRESS}/{batch}").json()["rows_open"] == 0


def test_a_leader_mends_the_rows_of_those_whom_he_leads(joining: Joining) -> None:
    content = HEAD + f"L-1,tip,31/02/2025,{BORDER},x\n"
    address = f"{ADDRESS}/{sent(joining('officer', MON_SON), content)['id']}"
    right = {"rows": [{"row_number": 2, "cells": {"Ngày": "28/02/2025"}}]}
    body = joining("leader", NGHE_AN).post(f"{address}/rows", json=right).json()
    assert (body["rows_added"], body["rows_mended"], body["rejected"]) == (1, 1, []), body


def test_who_sees_which_batches(joining: Joining) -> None:
    officer = joining("officer", MON_SON)
    batch = sent(officer, HEAD + f"E-1,tip,04/08/2025,{BORDER},x\n")["id"]
    address = f"{ADDRESS}/{batch}"
    readers = {
        200: [
            officer,
            joining("leader", MON_SON),
            joining("leader", NGHE_AN),
            joining("leader", COUNTRY),
        ],
        404: [
            joining("officer", MON_SON),
            joining("leader", Jurisdiction("2025", "province", "01")),
        ],
        403: [joining("planner", MON_SON), joining("administrator", COUNTRY)],
    }
    for status, people in readers.items():
        for person in people:
            for path in ("", "/rejected.csv", "/rejected.xlsx"):
                assert person.get(address + path).status_code == status, path
    for person in readers[403]:
        assert_problem(post(person, HEAD), 403)
    assert_problem(
        readers[404][0].post(f"{address}/rows", json={"rows": [{"row_number": 2, "cells": {}}]}),
        404,
    )
