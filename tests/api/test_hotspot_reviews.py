"""The review of hotspots by the API: the queue, decisions by version, roles, and the audit."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from tests.api.cast import Cast
from tests.hot_units import forget_reviews, store_run
from tests.people import MON_SON, NGHE_AN, as_server

PATH = "/api/v1/hotspot-reviews"
# Môn Sơn and Con Cuông in Nghệ An; Ba Đình in Hà Nội.
HERE, BESIDE, ELSEWHERE = "17263", "17230", "00004"
HANOI = Jurisdiction("2025", "province", "01")
CLASSES = {HERE: 2, BESIDE: 3, ELSEWHERE: 2, "17266": 1}
REASON = "Ba vụ ở hai bản giáp biên, cùng một thủ đoạn."


@pytest.fixture
def engine(module_boundaries_engine: Engine) -> Engine:
    """Embedded boundaries and one standard run."""
    forget_reviews(module_boundaries_engine)
    store_run(module_boundaries_engine, CLASSES)
    return module_boundaries_engine


@pytest.fixture(scope="module")
def joining(module_boundaries_engine: Engine) -> Iterator[Cast]:
    """Whoever is asked for, signed in."""
    with ExitStack() as stack:
        yield Cast(module_boundaries_engine, stack)


@pytest.fixture
def leader(engine: Engine, joining: Cast) -> TestClient:
    return joining("leader", NGHE_AN)


def of(code: str) -> str:
    return f"{PATH}/2025/commune/{code}"


def decide(client: TestClient, code: str, version: int, **values: Any) -> Any:
    body = {"decision": "confirm", "reason": REASON} | values
    return client.put(of(code), json=body, headers={"If-Match": f'"{version}"'})


def waiting(client: TestClient, **asked: Any) -> dict[str, list[str]]:
    """Codes of why, by code of unit, in the order of the queue."""
    found = client.get(PATH, params=asked).json()
    return {one["code"]: [why["code"] for why in one["why"]] for one in found["hotspots"]}


def test_new_hotspots_of_own_units_wait_the_hottest_first(
    leader: TestClient, joining: Cast
) -> None:
    assert list(waiting(leader).items()) == [(BESIDE, ["new"]), (HERE, ["new"])]
    assert "17266" in waiting(leader, least_class=1)
    assert waiting(joining("leader", COUNTRY)).keys() == {BESIDE, HERE, ELSEWHERE}
    assert waiting(joining("planner", HANOI)).keys() == {ELSEWHERE}
    assert waiting(joining("officer", MON_SON)).keys() == {HERE}
    english = leader.get(PATH, headers={"Accept-Language": "en"}).json()
    [why] = english["hotspots"][0]["why"]
    assert why["text"] == "A hotspot, 99 % confidence: nothing was decided yet."
    assert (english["may_decide"], english["count"]) == (True, 2)


def test_a_decision_leaves_the_queue_and_stays_in_the_history(
    leader: TestClient, engine: Engine
) -> None:
    wanted = {
        "priority": 1,
        "responsible": {"level": "commune", "code": HERE},
        "due_on": "2099-01-31",
    }
    answer = decide(leader, HERE, 0, **wanted)
    assert answer.status_code == 200, answer.text
    assert waiting(leader).keys() == {BESIDE}
    again = decide(leader, HERE, 1, decision="watch", reason="Chờ xác minh thêm.")
    versions = again.json()["versions"]
    assert [(one["version"], one["decision"]) for one in versions] == [(2, "watch"), (1, "confirm")]
    first = versions[1]
    assert (first["reason"], first["priority"], first["due_on"]) == (REASON, 1, "2099-01-31")
    assert first["responsible_name"] == "Xã Môn Sơn"
    assert (first["seen_class"], first["stands"]) == (2, True)
    assert again.json()["classes"] == [
        {"period_from": "2025-11-01", "period_to": "2026-10-31", "class": 2}
    ]
    decided = leader.get(PATH, params={"waiting": False}).json()["hotspots"]
    [review] = [one["review"] for one in decided if one["code"] == HERE]
    assert (review["decision"], review["standing_decision"]) == ("watch", "watch")
    with engine.connect() as connection:
        entries = connection.scalars(
            text("SELECT content FROM audit_entry WHERE content LIKE '%hotspot_review%'")
        ).all()
    told = [json.loads(entry) for entry in entries if versions[0]["id"] in entry]
    assert [(one["actor"], one["after"]["decision"]) for one in told] == [
        (first["decided_by"], "watch")
    ]


def test_who_decided_meanwhile_is_not_overwritten(leader: TestClient, joining: Cast) -> None:
    other = joining("leader", COUNTRY)
    assert decide(other, HERE, 0).status_code == 200
    late = decide(leader, HERE, 0, decision="dismiss")
    assert (late.status_code, late.json()["code"]) == (409, "review.changed")
    assert (late.json()["sent_version"], late.json()["current_version"]) == (0, 1)
    assert leader.put(of(HERE), json={"decision": "watch", "reason": REASON}).status_code == 422


def test_the_same_decision_sent_twice_is_one(leader: TestClient) -> None:
    body = {"id": str(uuid4())}
    assert decide(leader, HERE, 0, **body).status_code == 200
    again = decide(leader, HERE, 0, **body)
    assert (again.status_code, len(again.json()["versions"])) == (200, 1)
    other = decide(leader, HERE, 1, **body, decision="dismiss")
    assert (other.status_code, other.json()["code"]) == (409, "record.taken")


def test_what_changed_since_comes_back_and_says_why(leader: TestClient, engine: Engine) -> None:
    for code in (HERE, BESIDE):
        assert decide(leader, code, 0).status_code == 200
    assert waiting(leader) == {}
    store_run(engine, {HERE: 3, BESIDE: 0})
    assert waiting(leader) == {HERE: ["hotter"], BESIDE: ["gone"]}
    store_run(engine, {HERE: 0, BESIDE: 3}, border_only=True)
    assert waiting(leader) == {HERE: ["hotter"]}
    store_run(engine, {HERE: 1, BESIDE: 0}, "emerging")
    # A unit in a cluster is no hotspot by that, its centre is.
    store_run(engine, {BESIDE: 3, "17266": 3}, "scan_poisson", centre=BESIDE)
    assert waiting(leader) == {HERE: ["hotter", "category"], BESIDE: ["cluster"]}
    [told] = [one for one in leader.get(PATH).json()["hotspots"] if one["code"] == HERE]
    assert (told["class_country"], told["class_border"], told["category"]) == (3, 0, 1)


def test_a_run_over_replaced_boundaries_says_nothing(leader: TestClient, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE hotspot_run SET boundary_fingerprint = 'old'"))
    assert waiting(leader) == {}
    nothing = decide(leader, HERE, 0)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "review.not_hot")


def test_a_decision_is_on_the_run_that_was_looked_at(leader: TestClient, engine: Engine) -> None:
    seen = leader.get(of(HERE)).json()["run_id"]
    store_run(engine, CLASSES)
    late = decide(leader, HERE, 0, run_id=seen)
    assert (late.status_code, late.json()["code"]) == (409, "review.run_changed")
    fresh = leader.get(of(HERE)).json()["run_id"]
    assert fresh != seen
    assert decide(leader, HERE, 0, run_id=fresh).status_code == 200


def test_an_overdue_hotspot_comes_back_by_itself(leader: TestClient, engine: Engine) -> None:
    past = decide(leader, HERE, 0, due_on="2020-01-31")
    assert (past.status_code, past.json()["code"]) == (422, "review.due_past")
    assert decide(leader, HERE, 0, due_on="2099-01-31").status_code == 200
    with engine.begin() as connection:
        connection.execute(text("UPDATE hotspot_review SET due_on = '2020-01-31'"))
    assert waiting(leader)[HERE] == ["due"]


@pytest.mark.parametrize(
    ("role", "unit", "status", "sees"),
    [
        ("officer", NGHE_AN, 403, True),
        ("planner", NGHE_AN, 403, True),
        ("administrator", COUNTRY, 403, True),
        ("leader", HANOI, 403, False),
        ("leader", MON_SON, 200, True),
        ("leader", COUNTRY, 200, True),
    ],
)
def test_leaders_alone_decide_and_in_their_own_units(
    engine: Engine, joining: Cast, role: str, unit: Jurisdiction, status: int, sees: bool
) -> None:
    person = joining(role, unit)
    assert person.get(of(HERE)).status_code == (200 if sees else 403)
    assert decide(person, HERE, 0).status_code == status


def test_a_leader_of_a_commune_knows_nothing_of_the_next(engine: Engine, joining: Cast) -> None:
    assert joining("leader", MON_SON).get(of(BESIDE)).status_code == 403


def test_nobody_reads_without_signing_in(engine: Engine) -> None:
    with TestClient(create_api(load_settings(), as_server(engine))) as visitor:
        assert visitor.get(PATH).status_code == visitor.get(of(HERE)).status_code == 401


def test_what_is_wrong_is_refused_with_a_way_to_mend_it(leader: TestClient) -> None:
    assert decide(leader, HERE, 0, reason="  a ").status_code == 422
    named = decide(leader, HERE, 0, reason="Nạn nhân Lò Thị Mai đã về nhà, số 0912 345 678.")
    assert (named.status_code, named.json()["code"]) == (422, "record.personal_data")
    assert {one["code"] for one in named.json()["errors"]} == {"personal_name", "personal_phone"}
    checked = decide(leader, HERE, 0, reason="Anh Sơn Quang", personal_data_checked=True)
    assert checked.status_code == 200
    unknown = decide(leader, BESIDE, 0, responsible={"level": "commune", "code": "99999"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unit.unknown")
    assert leader.get(of("99999")).status_code == 404
    assert leader.get(f"{PATH}/2025/district/421").json()["code"] == "level.abolished"
    absent = leader.get(PATH, params={"edition": "2024", "level": "commune"})
    assert (absent.status_code, absent.json()["code"]) == (404, "units.not_loaded")


def test_two_persons_confirm_where_the_installation_asks_for_it(engine: Engine) -> None:
    with ExitStack() as stack:
        joining = Cast(engine, stack, two_persons=True)
        decided_by_two(*(joining("leader", NGHE_AN, number=number) for number in (1, 2)))


def decided_by_two(one: TestClient, two: TestClient) -> None:
    """A proposal, one's own agreement, which is none, and that of the other."""
    proposed = decide(one, HERE, 0).json()
    assert proposed["two_persons"]
    assert (proposed["versions"][0]["stands"], proposed["review"]["standing_decision"]) == (
        False,
        None,
    )
    assert waiting(one).keys() == {BESIDE}
    assert waiting(two)[HERE] == ["second"]
    # One's own agreement is none.
    assert decide(one, HERE, 1).json()["versions"][0]["stands"] is False
    agreed = decide(two, HERE, 2, reason="Đồng ý.").json()
    assert (agreed["versions"][0]["stands"], agreed["versions"][0]["seconds"]) == (True, 2)
    assert agreed["review"]["standing_decision"] == "confirm"
    assert waiting(one).keys() == waiting(two).keys() == {BESIDE}
    # A proposal to dismiss leaves the confirmation standing; to watch needs nobody else.
    pending = decide(one, HERE, 3, decision="dismiss").json()["review"]
    assert (pending["decision"], pending["standing_decision"]) == ("dismiss", "confirm")
    assert decide(two, HERE, 4, decision="watch").json()["review"]["standing_decision"] == "watch"
