"""The map and the explanations take the newest standard run, whatever others ask for."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from starlette.testclient import TestClient

from geo import pipeline
from geo.analysis.hotspots import Parameters
from geo.store.actors import COUNTRY
from tests.api.conftest import Joining
from tests.people import NGHE_AN
from web.page_data import read_map_state

UNIT = "/api/v1/units/2025/commune/17263"
RUNS = "/api/v1/hotspot-runs?edition=2025&level=commune"
YEAR = {"from": "2024-09-01", "to": "2025-08-31"}


def question(last: date = date(2025, 9, 1)) -> pipeline.Question:
    """A year of all kinds, by rate; few permutations since no test looks at them."""
    first = last.replace(year=last.year - 1)
    return pipeline.Question("2025", "commune", first, last, (), Parameters(permutations=99))


def post(client: TestClient, **wanted: Any) -> str:
    """A run as a person asks for it; its id."""
    answer = client.post("/api/v1/hotspot-runs", json=YEAR | {"permutations": 99} | wanted)
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def shown(client: TestClient, engine: Engine) -> list[Any]:
    """What a leader of the country sees who asks for no run: explanation, map, and its ranking."""
    unit = client.get(UNIT).json()["hotspot"]
    opening = read_map_state(engine, also_restricted=True).opening_run
    ranking = opening and client.get(f"/api/v1/hotspot-runs/{opening['id']}/ranking").json()
    return [unit, opening, ranking]


def test_before_a_standard_run_a_persons_run_is_shown_to_nobody_else(
    client: TestClient, api_engine: Engine
) -> None:
    own = post(client)
    assert shown(client, api_engine) == [None, None, None]
    told = client.get(f"{UNIT}?run={own}").json()["hotspot"]
    assert (told["run_id"], told["is_standard"]) == (own, False)


def test_other_methods_measures_and_neighbourhoods_are_stored_with_what_they_were(
    client: TestClient, api_engine: Engine
) -> None:
    choices: list[dict[str, Any]] = [
        {"method": "local_moran"},
        {"measure": "smoothed_rate"},
        {"neighbourhood": "nearest", "nearest": 5},
        {"neighbourhood": "distance_band", "reach_metres": 30_000.0},
        {"neighbourhood": "border_section", "border_only": True},
    ]
    asked = [Parameters(permutations=99, **choice) for choice in choices]
    runs = [
        str(pipeline.run_hotspots(api_engine, replace(question(), parameters=parameters)))
        for parameters in asked
    ]
    assert len(set(runs)) == len(runs)
    for run, parameters in zip(runs, asked, strict=True):
        stored = client.get(f"/api/v1/hotspot-runs/{run}").json()
        assert stored["method"] == parameters.method
        assert stored["parameters"] == asdict(parameters) | {"kinds": []}
        told = client.get(f"{UNIT}?run={run}").json()["hotspot"]
        assert told["run_id"] == run
        if parameters.neighbourhood == "nearest":
            assert told["neighbours"] == 5


def test_a_persons_run_changes_neither_map_nor_explanation(
    client: TestClient, api_engine: Engine
) -> None:
    standard = str(pipeline.run_hotspots(api_engine, question(), is_standard=True))
    before = shown(client, api_engine)
    assert (before[0]["run_id"], before[0]["is_standard"]) == (standard, True)
    assert before[1]["id"] == standard
    odd = [
        # Just as a standard run is asked for, but by a person.
        post(client, permutations=199),
        post(client, **{"from": "2025-01-01", "to": "2025-12-31"}),
        post(client, measure="count"),
        post(client, kinds=["rescue"]),
        post(client, **{"from": "2025-08-01"}),
        post(client, border_only=True),
    ]
    assert shown(client, api_engine) == before
    listed = client.get(f"{RUNS}&standard=true").json()
    assert [run["id"] for run in listed] == [standard]
    others = {run["id"] for run in client.get(f"{RUNS}&standard=false").json()}
    assert others.issuperset(odd)
    assert standard not in others
    for run in odd:
        told = client.get(f"{UNIT}?run={run}").json()["hotspot"]
        assert (told["run_id"], told["is_standard"]) == (run, False)


def test_the_standard_run_made_or_confirmed_last_is_shown(
    client: TestClient, api_engine: Engine
) -> None:
    def run(last: date) -> UUID:
        return pipeline.run_hotspots(api_engine, question(last), is_standard=True)

    one, other = run(date(2025, 9, 1)), run(date(2025, 10, 1))
    assert shown(client, api_engine)[0]["run_id"] == str(other)
    # The data are again what they were: the run that is there answers, and is what is shown.
    assert run(date(2025, 9, 1)) == one
    assert [told.get("run_id", told.get("id")) for told in shown(client, api_engine)[:2]] == [
        str(one)
    ] * 2


def test_what_a_person_asked_first_can_become_standard(
    client: TestClient, api_engine: Engine
) -> None:
    asked = post(client, **{"from": "2024-11-01", "to": "2025-10-31"})
    before = shown(client, api_engine)[0]
    assert before is None or before["run_id"] != asked
    nightly = pipeline.run_hotspots(api_engine, question(date(2025, 11, 1)), is_standard=True)
    assert str(nightly) == asked
    # Asking for it again takes nothing away from it.
    assert post(client, **{"from": "2024-11-01", "to": "2025-10-31"}) == asked
    assert shown(client, api_engine)[0]["run_id"] == asked


def test_standard_runs_of_few_records_are_for_those_alone_who_see_all_counts(
    client: TestClient, stranger: TestClient, joining: Joining, api_engine: Engine
) -> None:
    run = str(pipeline.run_hotspots(api_engine, question(), is_standard=True))
    assert client.get(f"/api/v1/hotspot-runs/{run}").json()["is_restricted"]
    assert shown(client, api_engine)[0]["run_id"] == run
    assert read_map_state(api_engine).opening_run is None
    for other in (stranger, joining("leader", NGHE_AN), joining("administrator", COUNTRY)):
        assert other.get(UNIT).json()["hotspot"] is None
        assert run not in other.get(f"{RUNS}&standard=true").text
        assert other.get(f"/api/v1/hotspot-runs/{run}/results").status_code == 404
    desk = "/api/v1/hotspot-reviews/2025/commune/17263"
    classes = [
        joining("leader", *own).get(desk).json()["classes"] for own in ((COUNTRY,), (NGHE_AN,))
    ]
    assert classes[0]
    assert classes[1] == []
