"""Interventions over the API: whose networks, from whose counts, and what is refused."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cli.main import app
from geo.store.actors import Jurisdiction
from geo.store.database import transaction
from tests.api.conftest import BORDER_POINT, HANOI_POINT, Joining
from tests.api.test_bad_input import assert_problem
from tests.api.test_roles import feature, network
from tests.people import NGHE_AN

ROUTE = "/api/v1/intervention-effect"
HERE, ELSEWHERE = UUID(int=0xE1), UUID(int=0xE2)
# Ten events were held and ten incidents happened in xã Môn Sơn in August 2025, as many in Hà Nội.
MON_SON = "17263"
CAMPAIGN = f"unit={MON_SON}&from=2025-08-01&to=2025-08-31"
READINGS = text(
    "SELECT count(*) FROM audit_link JOIN audit_entry ON audit_entry.id = entry_id"
    " WHERE content::jsonb ->> 'action' = 'READ' AND content::jsonb -> 'ids' ? :network"
)


@pytest.fixture(scope="module", autouse=True)
def networks(client: TestClient) -> None:
    """One at Môn Sơn and one at Hà Nội, dismantled in July 2025: the incidents came after.

    Records go back to May 2024, with a single incident elsewhere.
    """
    old = feature("rescue", (106.0, 21.2), occurred_from="2024-05-10T08:00:00+07:00")
    answer = client.post("/api/v1/incidents", json=old)
    assert answer.status_code == 201, answer.text
    for identifier, point in ((HERE, BORDER_POINT), (ELSEWHERE, HANOI_POINT)):
        sent = network(point) | {"id": str(identifier)}
        sent["properties"]["dismantled_on"] = "2025-07-15"
        answer = client.post("/api/v1/networks", json=sent)
        assert answer.status_code == 201, answer.text


def effect(client: TestClient, query: str = f"network={HERE}", language: str = "en") -> Any:
    answer = client.get(f"{ROUTE}?{query}", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_network_is_told_by_its_months_and_units(client: TestClient) -> None:
    told = effect(client)
    assert told["intervention"]["units"] == [MON_SON]
    assert told["before"] == {"from": "2024-07-01", "to": "2025-06-30"}
    assert told["after"] == {"from": "2025-08-01", "to": "2026-07-31"}
    treated = told["treated"]
    assert (treated["incidents_before"], treated["incidents_after"]) == (0, 10)
    assert treated["is_exact"]
    assert MON_SON not in told["ring"]["codes"] + told["controls"]["codes"]
    # Incidents lie in two communes of the country: nothing to compare with.
    assert (told["verdict"], treated["ratio"]) == ("cannot_tell", None)
    assert "The data cannot tell" in told["explanation"]
    assert "Dữ liệu không cho biết" in effect(client, language="vi")["explanation"]
    assert told["parameters"]["months_after"] == 12
    assert told["used"]["records"] + told["left_out"]["records_in_other_units"] == 20


def test_months_before_the_first_record_are_not_months_without_incidents(
    client: TestClient,
) -> None:
    told = effect(client, f"network={HERE}&months_before=24")
    assert told["before"] == {"from": "2024-05-01", "to": "2025-06-30"}
    assert told["parameters"]["months_before"] == 14
    early = client.get(f"{ROUTE}?unit={MON_SON}&from=2024-05-01&to=2024-05-31")
    assert_problem(early, 422)


def test_a_campaign_is_what_was_held_in_its_units(client: TestClient) -> None:
    told = effect(client, f"{CAMPAIGN}&unit=17266&months_before=3&months_after=6&controls=4")
    assert told["intervention"]["kind"] == "campaign"
    assert told["intervention"]["units"] == [MON_SON]
    assert told["left_out"]["units_without_outreach"] == 1
    # Hà Nội had outreach too.
    assert told["left_out"]["units_with_other_interventions"] == 1
    assert told["before"] == {"from": "2025-05-01", "to": "2025-07-31"}
    assert told["after"] == {"from": "2025-09-01", "to": "2026-02-28"}
    assert len(told["controls"]["codes"]) == 4


def test_networks_are_those_that_one_may_read(
    client: TestClient, stranger: TestClient, joining: Joining
) -> None:
    assert_problem(stranger.get(f"{ROUTE}?network={HERE}"), 401)
    assert_problem(stranger.get(f"{ROUTE}?{CAMPAIGN}"), 401)
    planner = joining("planner", NGHE_AN)
    hidden = planner.get(f"{ROUTE}?network={ELSEWHERE}")
    assert_problem(hidden, 404)
    nothing = planner.get(f"{ROUTE}?network={UUID(int=0xE3)}")
    assert hidden.json()["detail"].replace(str(ELSEWHERE), "") == nothing.json()["detail"].replace(
        str(UUID(int=0xE3)), ""
    )
    # The other network tells nothing of itself, not even by what is no control.
    assert effect(client)["left_out"]["units_with_other_interventions"] == 1
    assert effect(planner)["left_out"]["units_with_other_interventions"] == 0


def test_counts_are_those_that_one_is_told(joining: Joining) -> None:
    own = effect(joining("planner", NGHE_AN))
    assert own["treated"]["incidents_after"] == 10
    assert own["treated"]["is_exact"]
    # Who is responsible for Hà Nội may ask of outreach in Nghệ An, and is told what all are told.
    other = joining("planner", Jurisdiction("2025", "province", "01"))
    told = effect(other, f"unit={MON_SON}&from=2025-07-01&to=2025-08-31&months_before=2")
    counts = other.get(
        "/api/v1/statistics?edition=2025&level=commune&from=2025-09-01&to=2026-08-31"
    ).json()
    assert told["treated"]["is_exact"] is False
    assert told["treated"]["incidents_after"] % counts["protection"]["base"] == 0
    assert "rounded" in told["explanation"]


def test_reading_leaves_a_trace_and_is_kept_by_nobody_else(
    client: TestClient, api_engine: Engine
) -> None:
    def readings() -> int:
        with transaction(api_engine) as connection:
            return int(connection.scalar(READINGS, {"network": str(HERE)}) or 0)

    before = readings()
    answer = client.get(f"{ROUTE}?network={HERE}")
    assert readings() == before + 1
    assert answer.headers["cache-control"] == "private, no-store"
    again = client.get(f"{ROUTE}?network={HERE}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "intervention.which"),
        (f"network={HERE}&{CAMPAIGN}", "intervention.which"),
        (f"unit={MON_SON}&from=2025-08-01", "intervention.which"),
        (f"unit={MON_SON}&from=2025-08-31&to=2025-08-01", "period.reversed"),
        ("unit=00000&from=2025-08-01&to=2025-08-31", "unit.unknown"),
        (f"unit={MON_SON}&from=2024-08-01&to=2024-08-31", "intervention.no_outreach"),
        (f"{CAMPAIGN}&months_before=60&months_after=0", None),
        (f"network={HERE}&level=district", "level.abolished"),
        (f"network={HERE}&controls=11", None),
        ("network=everything", None),
    ],
)
def test_what_cannot_be_asked_is_said(client: TestClient, query: str, code: str | None) -> None:
    answer = client.get(f"{ROUTE}?{query}")
    assert_problem(answer, 422)
    if code:
        assert answer.json()["code"] == code


def test_a_network_without_a_day_or_a_place_is_said(client: TestClient) -> None:
    sent = network(BORDER_POINT)
    assert client.post("/api/v1/networks", json=sent).status_code == 201
    answer = client.get(f"{ROUTE}?network={sent['id']}")
    assert_problem(answer, 422)
    assert answer.json()["code"] == "intervention.unknown_when_or_where"


def test_the_command_tells_and_writes_the_same(
    client: TestClient, api_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = api_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    written = tmp_path / "effect.json"
    command = ["effect", "--network", str(HERE), "--language", "en"]
    shown = CliRunner().invoke(app, [*command, "--output", str(written)])
    assert shown.exit_code == 0, shown.output
    assert "Incidents in " in shown.output
    assert json.loads(written.read_bytes()) == effect(client)
    for wrong in (["effect"], [*command, "--unit", MON_SON], [*command, "--output", "x.csv"]):
        assert CliRunner().invoke(app, wrong).exit_code == 2
