"""What stands around a unit, as different people are told."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from tests.api.conftest import Joining
from tests.api.test_bad_input import assert_problem
from tests.hot_units import store_run
from tests.people import MON_SON, NGHE_AN

# Xã Môn Sơn touches five communes; before 2025 its ground was in huyện Con Cuông.
HERE, BESIDE, INLAND, DISTRICT = "17263", "17254", "17329", "422"
AUGUST = {"from": "2025-08-01", "to": "2025-08-31"}


def profile(client: TestClient, unit: str, **asked: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/units/{unit}/profile", params=AUGUST | asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def codes(units: list[dict[str, Any]]) -> set[str]:
    return {one["code"] for one in units}


@pytest.fixture(scope="module", autouse=True)
def run(api_engine: Engine) -> UUID:
    """A standard run in which Môn Sơn is hot and Con Cuông hotter."""
    return store_run(api_engine, {HERE: 2, BESIDE: 3, INLAND: 0})


def test_neighbours_come_with_their_class_and_name_each_other(client: TestClient) -> None:
    found = profile(client, f"2025/commune/{HERE}")["neighbours"]
    assert len(found) == 5
    assert {one["code"]: one["class"] for one in found if one["class"] is not None} == {
        BESIDE: 3,
        INLAND: 0,
    }
    for one in found:
        around = profile(client, f"2025/commune/{one['code']}")["neighbours"]
        assert {"code": HERE, "class": 2}.items() <= next(
            (other for other in around if other["code"] == HERE), {}
        ).items()


def test_a_district_and_what_became_of_it_lead_to_each_other(client: TestClient) -> None:
    now = profile(client, f"2025/commune/{HERE}")
    assert [(one["level"], one["code"]) for one in now["other_edition"]] == [("district", DISTRICT)]
    assert [one["full_name"] for one in now["former_communes"]] == ["Xã Lục Dạ", "Xã Môn Sơn"]
    district = profile(client, f"2024/district/{DISTRICT}")
    assert {HERE, BESIDE} <= codes(district["other_edition"])
    assert {one["class"] for one in district["other_edition"] if one["code"] == HERE} == {2}
    assert district["former_communes"] == []
    for code in codes(district["other_edition"]):
        before = profile(client, f"2025/commune/{code}")["other_edition"]
        assert DISTRICT in codes(before)


def test_a_province_leads_to_those_it_was_made_of(client: TestClient) -> None:
    before = profile(client, "2025/province/79")["other_edition"]
    assert [one["full_name"] for one in before] == [
        "Tỉnh Bà Rịa - Vũng Tàu",
        "Tỉnh Bình Dương",
        "Thành phố Hồ Chí Minh",
    ]
    assert [one["code"] for one in profile(client, "2024/province/74")["other_edition"]] == ["79"]


def test_when_a_unit_was_hot_is_for_who_has_signed_in(
    api_engine: Engine, client: TestClient, stranger: TestClient, run: UUID
) -> None:
    emerging = store_run(api_engine, {HERE: 6}, "emerging")
    with api_engine.begin() as connection:
        connection.execute(
            text("UPDATE hotspot_result SET states = '{1,0,-1,1}' WHERE run_id = :run"),
            {"run": emerging},
        )
        connection.execute(
            text(
                "UPDATE hotspot_run SET parameters = parameters || '{\"step_months\": 3}'"
                " WHERE id = :run"
            ),
            {"run": emerging},
        )
    told = {one["run_id"]: one for one in profile(client, f"2025/commune/{HERE}")["history"]}
    assert told[str(run)]["class"] == 2
    assert told[str(run)]["slices"] is None
    assert [(one["from"], one["to"], one["state"]) for one in told[str(emerging)]["slices"]] == [
        ("2025-11", "2026-01", 1),
        ("2026-02", "2026-04", 0),
        ("2026-05", "2026-07", -1),
        ("2026-08", "2026-10", 1),
    ]
    history = profile(stranger, f"2025/commune/{HERE}")["history"]
    assert {one["run_id"]: one["class"] for one in history} == {str(run): 2, str(emerging): 6}
    assert {one["slices"] for one in history} == {None}


def test_a_restricted_run_is_in_no_profile_but_for_who_sees_all(
    api_engine: Engine, client: TestClient, stranger: TestClient
) -> None:
    hidden = store_run(api_engine, {BESIDE: 1}, "local_moran")
    with api_engine.begin() as connection:
        connection.execute(
            text("UPDATE hotspot_run SET is_restricted = true WHERE id = :run"), {"run": hidden}
        )

    def runs(who: TestClient) -> set[str]:
        return {one["run_id"] for one in profile(who, f"2025/commune/{BESIDE}")["history"]}

    assert str(hidden) in runs(client)
    assert str(hidden) not in runs(stranger)
    assert runs(stranger)


def test_outreach_is_counted_for_everybody_and_as_elsewhere(
    client: TestClient, stranger: TestClient
) -> None:
    asked = AUGUST | {"edition": "2025", "level": "commune", "measure": "outreach"}
    counted = client.get("/api/v1/statistics", params=asked).json()
    here = counted["values"][counted["codes"].index(HERE)]
    for who in (client, stranger):
        [talks] = profile(who, f"2025/commune/{HERE}")["outreach"]
        assert talks == {
            "kind": "talk",
            "events": here,
            "sessions": 10,
            "participants": 400,
            "uncounted": 0,
            "last_day": "2025-08-19",
        }
    [later] = profile(stranger, f"2025/commune/{HERE}", **{"from": "2025-08-20"})["outreach"]
    assert (later["events"], later["last_day"]) == (0, "2025-08-19")


def test_channels_are_told_to_who_is_responsible_and_nobody_else(
    client: TestClient, stranger: TestClient, joining: Joining
) -> None:
    unit = f"2025/commune/{HERE}"
    all_of_them = {"incidents": 10, "unstated": 0, "by_channel": {"zalo": 10}}
    allowed = (joining("officer", MON_SON), joining("planner", NGHE_AN), client)
    assert [profile(who, unit)["channels"] for who in allowed] == [all_of_them] * 3
    refused = (stranger, joining("administrator"), joining("officer", MON_SON))
    units = (unit, unit, "2025/province/40")
    for who, where in zip(refused, units, strict=True):
        assert profile(who, where)["channels"] is None


def test_an_incident_of_several_channels_counts_in_each(
    client: TestClient, api_engine: Engine
) -> None:
    with api_engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE incident SET channels = CASE external_id WHEN 'T-2' THEN '{}'::text[]"
                " ELSE '{facebook,broker_job}' END WHERE external_id IN ('T-2', 'T-4')"
            )
        )
    told = profile(client, "2025/province/01")["channels"]
    assert told == {
        "incidents": 10,
        "unstated": 1,
        "by_channel": {"zalo": 8, "facebook": 1, "broker_job": 1},
    }
    assert profile(client, "2025/province/01", to="2025-08-01")["channels"]["incidents"] == 0


@pytest.mark.parametrize(
    ("path", "status"), [("2025/commune/99999", 404), ("2025/district/422", 422)]
)
def test_what_is_no_unit_has_no_profile(client: TestClient, path: str, status: int) -> None:
    assert_problem(client.get(f"/api/v1/units/{path}/profile"), status)
