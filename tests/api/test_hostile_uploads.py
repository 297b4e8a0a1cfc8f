"""Hostile files and forms through the real route: each refused in words, nothing reached."""

import gzip
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import Settings, load_settings
from geo.store.database import transaction
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, make_account, signed_in

ADDRESS = "/api/v1/imports?record_type=incident"
HEAD = "Mã,Loại,Ngày,Kinh độ,Vĩ độ\n"
LIMIT = 2**20


@dataclass
class Canary:
    """A secret file, and a server that counts who comes."""

    secret: Path
    url: str
    visits: list[str]


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    secret = tmp_path_factory.mktemp("canary") / "secret.txt"
    secret.write_text("MẬT-4711")
    visits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_error(404)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Canary(secret, f"http://127.0.0.1:{server.server_port}", visits)
    server.shutdown()


@pytest.fixture(scope="module")
def officer(api_engine: Engine) -> Iterator[TestClient]:
    """An officer of one commune, at a server that takes 1 MB."""
    settings: Settings = load_settings().model_copy(update={"upload_max_bytes": LIMIT})
    with TestClient(create_api(settings, api_engine), raise_server_exceptions=False) as api:
        yield signed_in(api, make_account(api_engine, "officer", MON_SON))


def workbook(**parts: bytes | None) -> dict[str, bytes]:
    """The parts of a small good workbook, some of them replaced or added."""
    book = openpyxl.Workbook()
    for row in ([*HEAD.strip().split(",")], ["X", "tip", "01/08/2025", 104.83, 18.97]):
        book.worksheets[0].append(row)
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return packed(workbook() | {name: content})


SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def xxe(canary: Canary) -> bytes:
    body = (
        f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e SYSTEM "file://{canary.secret}">'
        f'<!ENTITY n SYSTEM "{canary.url}/xxe">]><worksheet {MAIN}><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&e;&n;</t></is></c></row></sheetData></worksheet>'
    )
    return with_part(SHEET, body.encode())


def laughs(_canary: Canary) -> bytes:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
    )
    body = (
        f'<?xml version="1.0"?><!DOCTYPE s [{entities}]><worksheet {MAIN}><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
    )
    return with_part(SHEET, body.encode())


def vrt(canary: Canary) -> bytes:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{canary.url}/a.csv'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


Maker = Callable[[Canary], bytes]
# Files of which nothing can be used: refused as a whole.
REFUSED: dict[str, Maker] = {
    "empty": lambda _: b"",
    "only_nul": lambda _: bytes(5_000),
    "random": lambda _: bytes(range(256)) * 40,
    "no_columns": lambda _: b"a,b\n1,2\n",
    "many_columns": lambda _: (HEAD.strip() + "," * 200_000 + "\n").encode(),
    "open_quote": lambda _: (HEAD + 'A,tip,"01/08/2025,1,1\nB,tip,x,1,1\n').encode(),
    "broken_utf16": lambda _: b"\xff\xfe" + HEAD.encode("utf-16-le") + b"\x00",
    "vrt": vrt,
    "old_excel": lambda _: b"\xd0\xcf\x11\xe0" + bytes(4_000),
    "cut_zip": lambda _: packed(workbook())[:-200],
    "zip_of_something": lambda _: packed({"a.txt": b"x"}),
    "zip_slip": lambda _: packed({"../../escaped.txt": b"x"}),
    "zip_bomb": lambda _: with_part("xl/media/a.bin", bytes(60_000_000)),
    "many_entries": lambda _: packed(
        workbook() | {f"x/{number}": b"" for number in range(1_500)}, zipfile.ZIP_STORED
    ),
    "no_sheet": lambda _: packed({k: v for k, v in workbook().items() if k != SHEET}),
    "broken_xml": lambda _: with_part(SHEET, b"<worksheet><sheetData>"),
    "deep_xml": lambda _: with_part(SHEET, b"<a>" * 100_000),
    "xxe": xxe,
    "laughs": laughs,
    "geojson_deep": lambda _: b"[" * 100_000,
    "html": lambda _: b"<html><script>alert(1)</script></html>",
}
# Files of good form with rows that cannot be used: each row is rejected with its reason.
ROWS: dict[str, str] = {
    "nan": "N,tip,01/08/2025,NaN,18",
    "infinite": "N,tip,01/08/2025,Infinity,18",
    "huge": "N,tip,01/08/2025,1e308,18",
    "latitude_91": "N,tip,01/08/2025,104,91",
    "year_10000": "N,tip,01/01/10000,104.83,18.97",
    "nul": "N\x00,tip,01/08/2025,104.83,18.97",
    "script_as_kind": "N,<img src=x onerror=alert(1)>,01/08/2025,104.83,18.97",
    "sql_as_kind": "N,'; DROP TABLE incident; --,01/08/2025,104.83,18.97",
    "template_as_kind": "N,{{7*7}}${7*7},01/08/2025,104.83,18.97",
    "broken_formula": "N,tip,#REF!,104.83,18.97",
    "ragged": "N,tip,01/08/2025,104.83,18.97,more,and,more",
}


def send(client: TestClient, content: bytes, name: str, language: str) -> Any:
    return client.post(
        ADDRESS, files={"file": (name, content)}, headers={"Accept-Language": language}
    )


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_files_are_refused(officer: TestClient, canary: Canary, name: str) -> None:
    content = REFUSED[name](canary)
    details = []
    for language in ("vi", "en"):
        answer = send(officer, content, "thang-8.xlsx", language)
        assert_problem(answer, 422)
        assert answer.headers["content-language"] == language
        assert "MẬT-4711" not in answer.text
        details.append(answer.json()["detail"])
    assert details[0] != details[1]
    assert canary.visits == []


@pytest.mark.parametrize("name", ROWS)
def test_hostile_rows_are_rejected(officer: TestClient, name: str) -> None:
    answer = send(officer, (HEAD + ROWS[name] + "\n").encode(), f"{name}.csv", "vi")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["rows_added"], answer.json()["rows_rejected"]) == (0, 1), answer.text


def test_nothing_of_it_was_stored(officer: TestClient, api_engine: Engine) -> None:
    send(officer, (HEAD + ROWS["script_as_kind"] + "\n").encode(), "a.csv", "vi")
    with transaction(api_engine) as connection:
        stored = "SELECT count(*) FROM incident WHERE source LIKE 'upload:%'"
        assert connection.scalar(text(stored)) == 0


def form(*parts: tuple[str, str], boundary: str = "B") -> bytes:
    pieces = [
        f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n"
        for disposition, content in parts
    ]
    return ("".join(pieces) + f"--{boundary}--\r\n").encode()


FILE = ('name="file"; filename="a.csv"', HEAD)
FORMS: dict[str, tuple[str, bytes]] = {
    "many_fields": ("multipart/form-data; boundary=B", form(*[('name="x"', "1")] * 10_000)),
    "many_files": ("multipart/form-data; boundary=B", form(*[FILE] * 1_000)),
    "no_boundary": ("multipart/form-data", form(FILE)),
    "other_boundary": ("multipart/form-data; boundary=C", form(FILE)),
    "never_ends": ("multipart/form-data; boundary=B", form(FILE)[:-20]),
    "no_file": ("multipart/form-data; boundary=B", form(('name="x"', "1"))),
    "file_as_field": ("multipart/form-data; boundary=B", form(('name="file"', HEAD))),
    "json": ("application/json", b'{"file": "x"}'),
    "raw": ("text/csv", HEAD.encode()),
    "long_header": (
        "multipart/form-data; boundary=B",
        form((f'name="file"; filename="{"a" * 100_000}"', HEAD)),
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_odd_forms_are_refused(officer: TestClient, name: str) -> None:
    kind, body = FORMS[name]
    answer = officer.post(ADDRESS, content=body, headers={"Content-Type": kind})
    assert_problem(answer, 422)


def test_too_much_is_refused_before_and_while_it_is_read(officer: TestClient) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=B"}
    body = form(('name="file"; filename="a.csv"', "x" * 4 * LIMIT))
    assert_problem(officer.post(ADDRESS, content=body, headers=kind), 413)
    given: list[int] = []

    def endless() -> Iterator[bytes]:
        """A chunked body, without a length, that would be 1 GB."""
        yield body[:1_000]
        for number in range(1_000):
            given.append(number)
            yield b"x" * LIMIT

    answer = officer.post(ADDRESS, content=endless(), headers=kind)
    assert_problem(answer, 413)
    # One that fits the form but not the limit of a file.
    answer = send(officer, HEAD.encode() + b"\n" * (LIMIT + 9), "a.csv", "en")
    assert_problem(answer, 422)
    assert answer.json()["code"] == "file_too_big"
    # What is no upload may bring far less.
    answer = officer.post("/api/v1/incidents", content=b" " * 5 * LIMIT)
    assert_problem(answer, 413)


def test_packed_bodies_are_refused(officer: TestClient) -> None:
    bomb = gzip.compress(form(FILE) + bytes(50_000_000))
    headers = {"Content-Type": "multipart/form-data; boundary=B", "Content-Encoding": "gzip"}
    assert_problem(officer.post(ADDRESS, content=bomb, headers=headers), 415)
