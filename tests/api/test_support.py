"""Support figures by the API: entered once, changed by version, small ones kept to the province."""

from collections.abc import Iterator
from functools import cache
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_api
from geo.demo.loading import load_published
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from tests.people import NGHE_AN, as_server, make_account, signed_in

PATH = "/api/v1/support-measures"
FIGURE = {
    "programme": "emergency_support",
    "measure": "persons_supported",
    "edition": "2025",
    "code": "40",
    "value": 12,
    "value_by": {"sex": {"f": 7, "m": 5}},
    "agencies": ["HLHPN"],
}


@cache
def server(engine: Engine) -> FastAPI:
    """The one server of this module."""
    return create_api(load_settings(), as_server(engine))


def person(engine: Engine, role: str, *units: Jurisdiction) -> TestClient:
    return signed_in(
        TestClient(server(engine), raise_server_exceptions=False),
        make_account(engine, role, *units),
    )


@pytest.fixture(scope="module")
def engine(module_boundaries_engine: Engine) -> Engine:
    """Embedded boundaries and the figures published for 2024."""
    with transaction(module_boundaries_engine) as connection:
        load_published(connection)
    return module_boundaries_engine


@pytest.fixture(scope="module")
def officer(engine: Engine) -> Iterator[TestClient]:
    with person(engine, "officer", NGHE_AN) as client:
        yield client


@pytest.fixture(scope="module")
def leader(engine: Engine) -> Iterator[TestClient]:
    with person(engine, "leader", COUNTRY) as client:
        yield client


@pytest.fixture(scope="module")
def visitor(engine: Engine) -> Iterator[TestClient]:
    """Nobody: has not signed in."""
    with TestClient(server(engine)) as client:
        yield client


def test_published_figures_are_shown_to_everybody_as_published(visitor: TestClient) -> None:
    answer = visitor.get(PATH, params={"unit": "VN", "programme": "hotline_111"}).json()
    found = {one["measure"]: one for one in answer["measures"]}
    assert found["calls"]["value"] == 780
    assert found["persons_supported"]["value_by"] == {
        "sex": {"f": 15, "m": 15},
        "ethnicity": {"kinh": 29, "minority": 1},
    }
    assert all(one["published"] and one["period"] == "2024" for one in found.values())


def test_pages_follow_each_other_without_gap_or_repetition(visitor: TestClient) -> None:
    whole = [one["id"] for one in visitor.get(PATH).json()["measures"]]
    assert len(whole) >= 9
    found, address = [], f"{PATH}?limit=4"
    while address:
        page = visitor.get(address).json()
        found += [one["id"] for one in page["measures"]]
        address = page.get("next")
    assert found == whole


def test_a_figure_is_entered_once_changed_by_version_and_deleted_with_reason(
    officer: TestClient, engine: Engine
) -> None:
    figure = FIGURE | {"period": "2026-03", "id": str(uuid4())}
    made = officer.post(PATH, json=figure)
    assert (made.status_code, made.json()["version"]) == (201, 1), made.text
    assert officer.post(PATH, json=figure).status_code == 200
    # Known by what it is of: the same under another id changes nothing, other content is refused.
    again = officer.post(PATH, json=figure | {"id": str(uuid4())})
    assert (again.status_code, again.json()["id"]) == (200, figure["id"])
    other = officer.post(PATH, json=figure | {"id": str(uuid4()), "value": 13, "value_by": {}})
    assert (other.status_code, other.json()["code"]) == (409, "figure.exists")
    place = f"{PATH}/{figure['id']}"
    changed = figure | {"value": 14, "value_by": {"sex": {"f": 9, "m": 5}}}
    assert officer.put(place, json=changed).status_code == 422
    assert officer.put(place, json=changed, headers={"If-Match": '"1"'}).json()["version"] == 2
    stale = officer.put(place, json=figure, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current_version"]) == (409, 2)
    moved = officer.put(place, json=changed | {"period": "2026-04"}, headers={"If-Match": '"2"'})
    assert moved.json()["code"] == "figure.other_key"
    gone = officer.delete(place, params={"reason": "Nhập nhầm"}, headers={"If-Match": '"2"'})
    assert gone.status_code == 204
    assert officer.get(place).status_code == 404
    versions = officer.get(f"{place}/history").json()["versions"]
    assert [one["action"] for one in versions] == ["deleted", "changed", "created"]
    assert versions[0]["reason"] == "Nhập nhầm"
    assert {"field": "value", "before": 12, "after": 14} in versions[1]["changes"]
    assert officer.post(PATH, json=figure | {"id": str(uuid4())}).status_code == 201
    with transaction(engine) as connection:
        written = connection.scalar(
            text('SELECT count(*) FROM audit_entry WHERE content LIKE \'%"object": "support_me%\'')
        )
    assert written >= 4


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"value_by": {"sex": {"f": 12, "m": 1}}}, "breakdown_sum"),
        ({"value_by": {"sex": {"f": 6, "m": 5}}}, "breakdown_sum"),
        ({"value_by": {"support": {"b_medical": 13}}}, "breakdown_sum"),
        ({"value_by": {"sex": {"girls": 1}}}, "breakdown_unreadable"),
        ({"period": "2026-13"}, "period_unreadable"),
        ({"period": "2031-01"}, "period_in_future"),
        ({"code": "99"}, "unit_unknown"),
        ({"measure": "happiness"}, "code_unknown"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    officer: TestClient, wrong: dict[str, object], code: str
) -> None:
    answer = officer.post(PATH, json=FIGURE | {"period": "2026-05"} | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code


def test_parts_that_no_figure_can_have_are_refused(officer: TestClient) -> None:
    for part in (2**64, -1):
        figure = FIGURE | {"period": "2026-05", "value_by": {"sex": {"f": part}}}
        assert officer.post(PATH, json=figure).status_code == 422


def test_parts_may_be_incomplete_and_kinds_of_support_may_overlap(officer: TestClient) -> None:
    parts = {"sex": {"f": 6}, "age": {"0-10": 2}, "support": {"a_needs": 12, "b_medical": 9}}
    answer = officer.post(PATH, json=FIGURE | {"period": "2026-06", "value_by": parts})
    assert answer.status_code == 201, answer.text
    assert answer.json()["value_by"] == parts


def test_figures_are_written_in_own_provinces_by_officers_and_leaders(
    officer: TestClient, leader: TestClient, visitor: TestClient, engine: Engine
) -> None:
    figure = FIGURE | {"period": "2026-07"}
    assert visitor.post(PATH, json=figure).status_code == 401
    for wrong in ({"code": "44"}, {"edition": "", "code": ""}):
        assert officer.post(PATH, json=figure | wrong).json()["code"] == "access.other_units"
    with person(engine, "planner", NGHE_AN) as planner:
        assert planner.post(PATH, json=figure).json()["code"] == "access.role"
    with person(engine, "officer", Jurisdiction("2025", "commune", "17263")) as of_commune:
        assert of_commune.post(PATH, json=figure).json()["code"] == "access.other_units"
    assert leader.post(PATH, json=figure | {"edition": "", "code": ""}).status_code == 201
    # Quảng Bình of before lies wholly in Quảng Trị of today, and not the other way round.
    today, before = Jurisdiction("2025", "province", "44"), Jurisdiction("2024", "province", "44")
    of_before = figure | {"edition": "2024", "code": "44"}
    with person(engine, "officer", today) as whole:
        assert whole.post(PATH, json=of_before).status_code == 201
    with person(engine, "officer", before) as part:
        assert part.post(PATH, json=figure | {"code": "44"}).status_code == 403


def test_small_counts_are_for_the_province_alone(
    officer: TestClient, visitor: TestClient, engine: Engine
) -> None:
    small = FIGURE | {"period": "2026-08", "value": 3, "value_by": {}, "notes": "Ba người"}
    parts = FIGURE | {"period": "2026-09", "value": 12, "value_by": {"sex": {"f": 12, "m": 0}}}
    told = FIGURE | {"period": "2026-10", "value": 12, "value_by": {"sex": {"f": 10}}}
    sent = [officer.post(PATH, json=figure).json() for figure in (small, parts, told)]
    with person(engine, "planner", NGHE_AN) as own, person(engine, "leader", MOC_BAI) as other:
        for figure in sent:
            assert own.get(f"{PATH}/{figure['id']}").json()["value_by"] == figure["value_by"]
        for stranger in (other, visitor):
            shown = [stranger.get(f"{PATH}/{figure['id']}").json() for figure in sent]
            assert (shown[0]["value"], shown[0]["suppressed"], shown[0]["notes"]) == (
                None,
                True,
                None,
            )
            # Zeros may be shown; two that are left over may not be told by subtracting.
            assert shown[1]["value_by"] == {"sex": {"f": 12, "m": 0}}
            assert (shown[2]["value"], shown[2]["value_by"]) == (12, {})
            table = stranger.get(f"{PATH}/monthly", params={"unit": "40", "year": 2026}).json()
            cell = next(one for one in table["rows"] if one["programme"] == "emergency_support")[
                "months"
            ][7]
            assert (cell["value"], table["may_write"]) == (None, False)
            assert table["under"] == (11 if stranger is visitor else 5)
            assert stranger.get(f"{PATH}/{sent[0]['id']}/history").status_code in (401, 403)


def test_the_threshold_is_that_of_the_audience(
    officer: TestClient, visitor: TestClient, engine: Engine
) -> None:
    middling = FIGURE | {"period": "2025-08", "value": 8, "value_by": {}}
    small = FIGURE | {"period": "2025-09", "value": 4, "value_by": {}}
    sent = [officer.post(PATH, json=figure).json()["id"] for figure in (middling, small)]

    def values(client: TestClient) -> list[int | None]:
        return [client.get(f"{PATH}/{identifier}").json()["value"] for identifier in sent]

    assert values(officer) == [8, 4]
    assert values(visitor) == [None, None]
    # An administrator has no units of his own where counts are concerned.
    with person(engine, "leader", MOC_BAI) as other, person(engine, "administrator", COUNTRY) as it:
        assert values(other) == values(it) == [8, None]


def test_leaders_alone_mark_a_figure_as_published(
    officer: TestClient, leader: TestClient, visitor: TestClient
) -> None:
    figure = FIGURE | {"period": "2025-10", "value": 2, "value_by": {}, "id": str(uuid4())}
    refused = officer.post(PATH, json=figure | {"published": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "figure.publish_role")
    assert officer.post(PATH, json=figure).status_code == 201
    place, first = f"{PATH}/{figure['id']}", {"If-Match": '"1"'}
    public = figure | {"published": True, "reason": "Công bố trong báo cáo quý"}
    assert officer.put(place, json=public, headers=first).json()["code"] == "figure.publish_role"
    assert visitor.get(place).json()["value"] is None
    assert leader.put(place, json=public, headers=first).status_code == 200
    shown = visitor.get(place).json()
    assert (shown["value"], "updated_reason" in shown) == (2, False)
    newest = officer.get(f"{place}/history").json()["versions"][0]
    assert newest["reason"] == "Công bố trong báo cáo quý"


def test_notes_that_seem_to_name_somebody_must_be_looked_at(officer: TestClient) -> None:
    figure = FIGURE | {"period": "2025-11", "notes": "Gọi chị Lò Thị Mai, 0912 345 678"}
    refused = officer.post(PATH, json=figure)
    assert (refused.status_code, refused.json()["code"]) == (422, "record.personal_data")
    checked = figure | {"notes": "Gặp chị Cả Sơn La", "personal_data_checked": True}
    assert officer.post(PATH, json=checked).status_code == 201


MOC_BAI = Jurisdiction("2025", "province", "80")


def test_the_monthly_table_has_a_row_for_all_that_is_asked_for(officer: TestClient) -> None:
    officer.post(PATH, json=FIGURE | {"period": "2022-02", "value": 21, "value_by": {}})
    officer.post(PATH, json=FIGURE | {"period": "2022", "value": 90, "value_by": {}})
    table = officer.get(f"{PATH}/monthly", params={"unit": "40", "year": 2022}).json()
    rows = {(row["programme"], row["measure"]): row for row in table["rows"]}
    assert ("hotline_111", "calls") in rows
    row = rows["emergency_support", "persons_supported"]
    assert [one and one["value"] for one in row["months"]] == [None, 21, *[None] * 10]
    assert row["year"]["value"] == 90
    assert table["may_write"] is True


def test_no_total_tells_a_count_that_is_withheld(
    officer: TestClient, leader: TestClient, visitor: TestClient
) -> None:
    country = {"edition": "", "code": ""}
    entered = {
        ("2023-01", "40"): 40, ("2023-02", "40"): 3, ("2023", "40"): 43, ("2023-02", "44"): 60,
        ("2023-02", ""): 63, ("2023-01", ""): 90,
    }  # fmt: skip
    ids = {}
    for (period, code), value in entered.items():
        figure = FIGURE | {"period": period, "value": value, "value_by": {}, "code": code}
        sent = leader.post(PATH, json=figure | (country if not code else {}))
        assert sent.status_code == 201, sent.text
        ids[period, code] = sent.json()["id"]

    def told(client: TestClient) -> dict[tuple[str, str], int | None]:
        answer = client.get(PATH, params={"from": "2023-01-01", "to": "2023-12-31"}).json()
        return {(one["period"], one["code"]): one["value"] for one in answer["measures"]}

    hidden = {("2023-02", "40"), ("2023", "40"), ("2023-02", "")}
    assert told(leader) == entered
    expected = {at: None if at in hidden else value for at, value in entered.items()}
    assert told(visitor) == expected
    assert visitor.get(f"{PATH}/{ids['2023-02', '']}").json()["value"] is None
    table = visitor.get(f"{PATH}/monthly", params={"unit": "40", "year": 2023}).json()
    row = next(one for one in table["rows"] if one["programme"] == "emergency_support")
    assert ([one and one["value"] for one in row["months"][:2]], row["year"]["value"]) == (
        [40, None],
        None,
    )
    # Who is responsible for one province sees it whole, and no more than others of the country.
    own = {at: value if at[1] == "40" else expected[at] for at, value in entered.items()}
    assert told(officer) == own
    # What is published stays; then all else in it goes.
    published = FIGURE | country | {"period": "2023", "value": 200, "published": True}
    assert leader.post(PATH, json=published | {"value_by": {}}).status_code == 201
    assert {at for at, value in told(visitor).items() if value is not None} == {("2023", "")}


def test_a_small_part_takes_the_parts_of_the_sums_with_it(
    leader: TestClient, visitor: TestClient
) -> None:
    parts = {
        ("2021-01", "2025", "44"): {"f": 17, "m": 20},
        # Of both provinces that were made one; in one of them a single man.
        ("2021-01", "2024", "44"): {"f": 16, "m": 1},
        ("2021-02", "2025", "44"): {"f": 30, "m": 12},
    }
    for (period, edition, code), sexes in parts.items():
        figure = FIGURE | {"period": period, "edition": edition, "code": code}
        figure |= {"value": sum(sexes.values()), "value_by": {"sex": sexes}}
        assert leader.post(PATH, json=figure).status_code == 201
    answer = visitor.get(PATH, params={"from": "2021-01-01", "to": "2021-12-31"}).json()
    told = {
        (one["period"], one["edition"], one["code"]): (one["value"], one["value_by"])
        for one in answer["measures"]
    }
    assert told == {
        ("2021-01", "2025", "44"): (37, {}),
        ("2021-01", "2024", "44"): (17, {}),
        ("2021-02", "2025", "44"): (42, {"sex": {"f": 30, "m": 12}}),
    }
