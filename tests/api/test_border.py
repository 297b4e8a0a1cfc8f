"""Distances to the border with every record and unit, and filters by band and neighbour."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow
import pytest
from sqlalchemy import Engine, Row, text
from starlette.testclient import TestClient

from geo.store.actors import COUNTRY
from geo.store.database import transaction
from geo.store.records import Origin, load_records
from tests.api.conftest import Joining, rows_of

# On the border, within 5, 10 and 20 km of it, and Hà Nội's Hoàn Kiếm.
COMMUNES = (
    *("18160", "01414", "25225", "14896", "00769", "01438", "01117"),
    *("30469", "04075", "16774", "25630", "00070"),
)
ALL_BANDS = ("0-5", "5-10", "10-20")


def found(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    features: list[dict[str, Any]] = answer.json()["features"]
    return features


@pytest.mark.parametrize("path", ["/incidents", "/outreach-events"])
def test_records_say_how_far_the_border_is(client: TestClient, path: str) -> None:
    by_place = {
        feature["geometry"]["coordinates"][0]: feature["properties"]
        for feature in found(client, path)
    }
    near, far = by_place[104.83], by_place[105.8342]
    # The point in Môn Sơn; the same as the place box says of it.
    [place] = client.get("/api/v1/places", params={"q": "18.97, 104.83"}).json()["places"]
    assert near["border_m"] == pytest.approx(place["border"]["distance_m"], abs=0.6)
    assert near["gate_m"] == pytest.approx(place["gate"]["distance_m"], abs=0.6)
    assert (near["neighbour"], near["border_section"]) == ("LAO", "LAO-40")
    # Hà Nội is farther than any band reaches.
    assert (far["neighbour"], far["measured_from"]) == ("LAO", "point")
    [place] = client.get("/api/v1/places", params={"q": "21.0278, 105.8342"}).json()["places"]
    assert far["border_m"] == pytest.approx(place["border"]["distance_m"], abs=0.6)
    assert min(far["border_m"], far["gate_m"]) > 100_000


@pytest.mark.parametrize("path", ["/incidents", "/outreach-events"])
def test_filters_by_band_and_neighbour(client: TestClient, path: str) -> None:
    distance = found(client, path)[0]["properties"]["border_m"]
    inside = next(b for b in ("0-5", "5-10", "10-20") if distance < int(b.split("-")[1]) * 1000)
    other = next(b for b in ("0-5", "5-10", "10-20") if b != inside)
    assert len(found(client, f"{path}?border_band={inside}")) == 10
    assert found(client, f"{path}?border_band={other}") == []
    assert len(found(client, f"{path}?border_band={inside}&border_band={other}")) == 10
    assert len(found(client, f"{path}?neighbour=LAO")) == 10
    assert len(found(client, f"{path}?neighbour=LAO&neighbour=CHN&border_band={inside}")) == 10
    assert found(client, f"{path}?neighbour=CHN") == []
    page = client.get(f"/api/v1{path}?border_band={inside}&limit=4").json()
    assert "border_band" in page["next"]
    rest = client.get(page["next"]).json()["features"]
    assert not {one["id"] for one in page["features"]} & {one["id"] for one in rest}


def test_an_unknown_band_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/incidents?border_band=0-7").status_code == 422
    assert client.get("/api/v1/incidents?neighbour=THA").status_code == 422


def test_bands_are_drawn_inside_the_country_only(client: TestClient) -> None:
    bands = found(client, "/border-bands")
    keys = {(one["properties"]["band"], one["properties"]["neighbour"]) for one in bands}
    assert keys == {(b, n) for b in ("0-5", "5-10", "10-20") for n in ("CHN", "LAO", "KHM")}


def test_a_unit_says_how_far_the_border_is(client: TestClient) -> None:
    on_it = client.get("/api/v1/units/2025/commune/17263").json()
    assert (on_it["border_m"], on_it["nearest_neighbour"]) == (0, "LAO")
    district = client.get("/api/v1/units/2024/district/001").json()
    assert district["border_m"] > 50_000
    assert district["gate_m"] >= district["border_m"] * 0.5


@pytest.fixture(scope="module")
def along_the_border(api_engine: Engine) -> Engine:
    """Three hundred records of each type up to some 30 km from the border, and 36 by commune.

    They stay: the tests above, which know of twenty records, come first.
    """
    random = np.random.default_rng(7)
    with transaction(api_engine) as connection:
        line = connection.execute(
            text("SELECT ST_X(p.geom), ST_Y(p.geom) FROM border_line, ST_DumpPoints(geom) AS p")
        ).all()
        for record_type in ("incident", "outreach_event"):
            at = np.array(line)[random.choice(len(line), 300)] + random.uniform(-0.3, 0.3, (300, 2))
            rows = [
                rows_of(record_type)[0]
                | {"row_number": n, "id": None, "external_id": f"B-{n}", "content_hash": f"b{n}"}
                | {"lon": x, "lat": y}
                for n, (x, y) in enumerate(at.tolist(), 1)
            ]
            rows += [
                rows[0]
                | {"row_number": n, "external_id": f"B-{n}", "content_hash": f"b{n}"}
                | {"lon": None, "lat": None, "precision": "commune"}
                | {"stated_edition": "2025", "stated_level": "commune", "stated_code": code}
                for n, code in enumerate(3 * COMMUNES, 301)
            ]
            schema = pyarrow.Table.from_pylist(rows).schema
            for name in ("edition", "level", "code"):
                index = schema.get_field_index(f"stated_{name}")
                schema = schema.set(index, pyarrow.field(f"stated_{name}", pyarrow.string()))
            table = pyarrow.Table.from_pylist(rows, schema).drop_columns(["id"])
            load_records(connection, record_type, table, Origin("border"))
    return api_engine


@pytest.fixture(scope="module")
def measured(along_the_border: Engine) -> dict[str, Sequence[Row[Any]]]:
    """By measure: of every record its units, how far the border is and of whom, and its value."""
    with transaction(along_the_border) as connection:
        return {
            measure: connection.execute(
                text(
                    "SELECT commune_2025, district_2024, near.neighbour, near.border_m,"
                    f" {value} AS value FROM {table}"
                    " JOIN unit_set ON unit_set.id = unit_set_id, LATERAL ("
                    " SELECT neighbour, border_m FROM border_near(point)"
                    " UNION ALL SELECT line.neighbour,"
                    "  ST_Distance(unit.geom::geography, line.geom::geography)"
                    " FROM unit, border_line AS line WHERE point IS NULL"
                    "  AND unit.edition = '2025' AND unit.level = 'commune'"
                    "  AND unit.code = commune_2025"
                    " ORDER BY border_m LIMIT 1) AS near"
                )
            ).all()
            for measure, table, value in (
                ("incidents", "incident", "1"),
                ("victims", "incident", "victims"),
                ("outreach", "outreach_event", "1"),
            )
        }


def test_a_record_known_by_its_commune_is_as_far_as_the_commune(
    along_the_border: Engine, client: TestClient
) -> None:
    nearby, far = "/incidents?unit=01117", "/incidents?unit=00070"
    unit = client.get("/api/v1/units/2025/commune/01117").json()
    known = [one for one in found(client, nearby) if one["geometry"] is None]
    assert len(known) == 3
    for one in known:
        assert one["properties"]["measured_from"] == "edge"
        assert one["properties"]["border_m"] == pytest.approx(unit["border_m"], abs=0.6)
        assert one["properties"]["gate_m"] == pytest.approx(unit["gate_m"], abs=0.6)
    identifiers = {one["id"] for one in known}
    assert 5_000 < unit["border_m"] < 10_000
    for band in ALL_BANDS:
        inside = {one["id"] for one in found(client, f"{nearby}&border_band={band}&neighbour=CHN")}
        assert inside & identifiers == (identifiers if band == "5-10" else set())
    distant = client.get("/api/v1/units/2025/commune/00070").json()
    for one in found(client, far):
        assert one["properties"]["measured_from"] == "edge"
        assert one["properties"]["border_m"] == pytest.approx(distant["border_m"], abs=0.6)
    assert distant["border_m"] > 20_000
    assert found(client, f"{far}&neighbour=CHN") == []


def test_who_plans_learns_by_band_only_what_the_commune_says(
    along_the_border: Engine, joining: Joining
) -> None:
    planner = joining("planner", COUNTRY)
    as_told = text(
        "SELECT commune_2025, count(*) FROM incident JOIN unit_set ON unit_set.id = unit_set_id"
        " JOIN unit_border AS edge ON edge.edition = '2025' AND edge.level = 'commune'"
        "  AND edge.code = commune_2025"
        " LEFT JOIN LATERAL border_near(point) AS near ON true"
        " CROSS JOIN LATERAL (SELECT CASE WHEN victims > 0 OR point IS NULL THEN edge.border_m"
        "  ELSE near.border_m END AS metres) AS told"
        " WHERE metres >= :least AND metres < :most GROUP BY commune_2025"
    )
    for band in ALL_BANDS:
        least, most = (int(km) * 1000 for km in band.split("-"))
        with transaction(along_the_border) as connection:
            rows = connection.execute(as_told, {"least": least, "most": most})
            expected = dict(rows.tuples().all())
        answer = planner.get(
            f"/api/v1/statistics?edition=2025&level=commune&border_band={band}"
        ).json()
        counts = zip(answer["codes"], answer["values"], strict=True)
        assert {code: count for code, count in counts if count} == expected
        shown = planner.get(f"/api/v1/incidents?border_band={band}&limit=1000").json()["features"]
        assert len(shown) == sum(expected.values()) > 10


@pytest.mark.parametrize("measure", ["incidents", "victims", "outreach"])
@pytest.mark.parametrize(
    ("bands", "neighbours"),
    [
        (("0-5",), ()),
        (("5-10",), ()),
        (("0-5", "10-20"), ()),
        ((), ("CHN",)),
        (("10-20",), ("LAO", "KHM")),
        (ALL_BANDS, ("CHN", "LAO", "KHM")),
    ],
)
def test_counts_by_band_are_those_of_measuring_every_record(
    client: TestClient,
    measured: dict[str, Sequence[Row[Any]]],
    measure: str,
    bands: tuple[str, ...],
    neighbours: tuple[str, ...],
) -> None:
    limits = [tuple(int(km) * 1000 for km in band.split("-")) for band in bands or ALL_BANDS]
    taken = [
        row
        for row in measured[measure]
        if any(least <= row.border_m < most for least, most in limits)
        and (not neighbours or row.neighbour in neighbours)
    ]
    assert len(taken) > 15
    for edition, level, column in (("2025", "commune", 0), ("2024", "district", 1)):
        expected: Counter[str] = Counter()
        for row in taken:
            expected[row[column]] += row.value
        answer = client.get(
            "/api/v1/statistics",
            params={"edition": edition, "level": level, "measure": measure,
                    "border_band": bands, "neighbour": neighbours},
        ).json()  # fmt: skip
        counts = zip(answer["codes"], answer["values"], strict=True)
        assert {code: value for code, value in counts if value} == dict(+expected)
        assert answer["total"] == expected.total()
        assert (answer["apportioned"], answer["unassigned"]) == ({}, 0)
