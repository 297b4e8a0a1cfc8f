"""The briefing as the site hands it out: who may know what, hostile names, and its link."""

import io
from collections.abc import Callable, Iterator
from datetime import date

import docx
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.pipeline.briefing import Briefing, BriefingQuestion, Figure, brief, year_before
from geo.pipeline.releases import Audience, Releases
from geo.settings import Settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.audit import newest
from geo.store.database import transaction
from tests.people import NGHE_AN, make_account, signed_in
from tests.web.conftest import Watched
from web.app import create_app

HA_NOI = Jurisdiction("2025", "province", "01")
ASKED = {"province": "40", "from": "2025-08-01", "to": "2026-07-31"}
PUBLIC_BASE = 12
HOSTILE = '#panic("x") $x$ <b>&amp; ]]>*_` \u202eabc\u202c'


@pytest.fixture(scope="module")
def visitor(demo_url: str, demo_engine: Engine) -> Iterator[Callable[..., TestClient]]:
    """Somebody of a role and units, or nobody."""
    site = create_app(Settings(database_url=demo_url))
    opened = []

    def client(role: str | None = None, *units: Jurisdiction) -> TestClient:
        one = TestClient(site, "http://localhost", follow_redirects=False)
        opened.append(one)
        return signed_in(one, make_account(demo_engine, role, *units)) if role else one

    yield client
    for one in opened:
        one.close()


def words(content: bytes) -> str:
    """What a PDF says, with one space between words."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def gathered(engine: Engine, demo_url: str, audience: Audience, province: str = "40") -> Briefing:
    settings = Settings(database_url=demo_url)
    question = BriefingQuestion(province, date(2025, 8, 1), date(2026, 8, 1), date(2026, 8, 5))
    with transaction(engine) as connection:
        return brief(connection, connection, question, settings, Releases(settings), audience)


def figures(found: Briefing) -> list[Figure]:
    """All counts of incidents and victims that the paper tells."""
    of_months = [one for month in found.months for one in (month.incidents, month.before)]
    totals = [found.incidents, found.incidents_before, found.victims, found.victims_before]
    return [*totals, *of_months, *(one.incidents for one in found.communes)]


def test_outside_of_ones_units_the_paper_tells_what_the_public_may_know(
    visitor: Callable[..., TestClient], demo_engine: Engine, demo_url: str
) -> None:
    told = figures(gathered(demo_engine, demo_url, Audience(own=(HA_NOI,))))
    assert {one.base for one in told} == {PUBLIC_BASE}
    assert all(one.value is None or one.value % PUBLIC_BASE == 0 for one in told)
    true = gathered(demo_engine, demo_url, Audience(own=(COUNTRY,)))
    assert {one.base for one in figures(true)} == {None}
    assert any(0 < (one.incidents.value or 0) < PUBLIC_BASE for one in true.communes)

    elsewhere = words(visitor("officer", HA_NOI).get("/briefing", params=ASKED).content)
    assert "bội số của 12" in elsewhere
    assert "Số liệu chính xác" not in elsewhere
    assert f"Số vụ việc: {true.incidents.value};" not in elsewhere
    own = words(visitor("officer", NGHE_AN).get("/briefing", params=ASKED).content)
    assert "bội số của" not in own
    assert "Số liệu chính xác: chỉ dùng trong đơn vị phụ trách" in own
    assert f"Số vụ việc: {true.incidents.value};" in own


def test_sums_over_communes_and_months_are_those_of_the_province(
    demo_engine: Engine, demo_url: str
) -> None:
    found = gathered(demo_engine, demo_url, Audience(own=(COUNTRY,)))
    total = found.incidents.value or 0
    assert sum(one.incidents.value or 0 for one in found.months) == total > 0
    in_communes = sum(one.incidents.value or 0 for one in found.communes)
    assert 0 < in_communes <= total
    classes = [one.hottest for one in found.ranked]
    assert classes == sorted(classes, reverse=True)
    assert all(one.last_session is None or one.last_session < found.first
               for one in found.unvisited)  # fmt: skip


def test_hostile_names_stay_text(visitor: Callable[..., TestClient], demo_engine: Engine) -> None:
    with transaction(demo_engine) as connection:
        changed = connection.execute(
            text(
                "UPDATE unit SET name = :name, full_name = :name WHERE edition = '2025'"
                " AND level = 'commune' AND parent_code = '24'"
            ),
            {"name": HOSTILE},
        )
    assert changed.rowcount > 0
    leader = visitor("leader", COUNTRY)
    asked = {"province": "24", "from": "2022-01-01", "to": "2026-10-31"}
    paper = words(leader.get("/briefing", params=asked).content)
    assert '#panic("x") $x$ <b>&amp; ]]>*_`' in paper
    book = docx.Document(
        io.BytesIO(leader.get("/briefing", params=asked | {"format": "docx"}).content)
    )
    assert book.tables[1].cell(1, 1).text == '#panic("x") $x$ <b>&amp; ]]>*_` abc'


def test_networks_that_were_counted_are_in_the_audit(
    visitor: Callable[..., TestClient], demo_engine: Engine
) -> None:
    asked = {"province": "79", "from": "2023-01-01", "to": "2026-10-31"}
    answer = visitor("leader", COUNTRY).get("/briefing", params=asked)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (
        'filename="bao-cao-79-2023-01-01-2026-10-31.pdf"' in answer.headers["content-disposition"]
    )
    with transaction(demo_engine) as connection:
        read = next(one for one in newest(connection, 5) if one["action"] == "READ")
    said = f"(trong phạm vi người lập báo cáo được xem): {len(read['ids'])};"
    assert said in words(answer.content)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"province": "99"}, 404),
        ({"province": "abc"}, 422),
        ({}, 422),
        (ASKED | {"to": "2024-01-01"}, 422),
        (ASKED | {"format": "exe"}, 422),
        ({"province": "40", "to": "9999-12-31"}, 422),  # a year of which no day has come
        ({"province": "40", "from": "2026-01-01", "to": "9999-12-31"}, 200),
    ],
)
def test_what_cannot_be_had_is_said(
    visitor: Callable[..., TestClient], asked: dict[str, str], status: int
) -> None:
    answer = visitor("planner", NGHE_AN).get("/briefing", params=asked)
    assert answer.status_code == status, answer.text


def test_nobody_gets_it_without_signing_in(visitor: Callable[..., TestClient]) -> None:
    answer = visitor().get("/briefing", params=ASKED)
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


def test_a_leap_day_has_the_day_after_the_28th_a_year_before() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 3, 1)
    assert year_before(date(2026, 8, 1)) == date(2025, 8, 1)


def test_the_panel_of_a_unit_leads_to_the_paper_of_its_province(
    open_page: Callable[..., Watched],
) -> None:
    page = open_page(as_leader=True).open("/#e=2025&l=commune&p=2025-08..2026-07&u=17263")
    link = page.get_by_role("link", name="Tải báo cáo PDF")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "bao-cao-40-2025-08-01-2026-07-31.pdf"
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words(download.value.path().read_bytes())
