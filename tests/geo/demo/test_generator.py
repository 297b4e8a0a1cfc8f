"""What every synthetic data set must be, whatever its seed."""

import json
import re
import unicodedata

import geopandas
import pandas
import pyarrow
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.demo.generator import DemoData, generate
from geo.demo.narratives import MARK
from geo.records.code_lists import code_list
from geo.store.tables import Incident, Network, NetworkLeg, NetworkNode, OutreachEvent

# Written by the loader or derived in the database.
NOT_GENERATED = {
    "point", "unit_set_id", "assignment", "location_flags", "source", "is_demo",
    "import_batch_id", "created_at", "created_by", "updated_at", "updated_by", "version",
    "deleted_at", "deleted_reason", "updated_reason",
}  # fmt: skip
LISTS = {
    "kind": "incident_kind", "status": "status", "acts": "act", "means": "means",
    "purposes": "purpose", "channels": "channel", "tactic": "tactic",
    "destination": "destination", "agency": "agency", "precision": "coord_precision",
}  # fmt: skip
OUTREACH_LISTS = {
    "kind": "outreach_kind", "audiences": "audience", "organiser": "agency", "partners": "agency",
    "prevention_model": "prevention_model", "precision": "coord_precision", "topics": "purpose",
}  # fmt: skip


def tables_as_bytes(data: DemoData) -> list[bytes]:
    made = data.networks
    tables = (data.incidents, data.outreach_events, made.networks, made.nodes, made.legs)
    buffers = []
    for table in tables:
        sink = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks())
        buffers.append(sink.getvalue().to_pybytes())
    return buffers


def codes_used(table: pyarrow.Table, column: str) -> set[str]:
    values = table[column].combine_chunks()
    if pyarrow.types.is_list(values.type):
        values = values.flatten()
    return set(values.drop_null().to_pylist())


def test_same_seed_same_bytes_and_another_seed_other_bytes(
    communes: geopandas.GeoDataFrame,
    gates: geopandas.GeoDataFrame,
    crosswalk: pandas.DataFrame,
    data: DemoData,
) -> None:
    shuffled = communes.sample(frac=1, random_state=3)
    again = generate(shuffled, gates, crosswalk=crosswalk)
    other = generate(communes, gates, crosswalk=crosswalk, seed=2025)
    assert tables_as_bytes(again) == tables_as_bytes(data)
    assert (again.clusters, again.unvisited) == (data.clusters, data.unvisited)
    assert tables_as_bytes(other)[0] != tables_as_bytes(data)[0]


def test_columns_are_those_that_the_store_takes(data: DemoData) -> None:
    def generated(table: type) -> set[str]:
        return {column.name for column in table.__table__.columns} - NOT_GENERATED

    located = {"row_number", "lon", "lat"}
    node_keys = {"network_id"}
    made = data.networks
    assert set(data.incidents.column_names) == generated(Incident) - {"id"} | located
    assert set(data.outreach_events.column_names) == generated(OutreachEvent) - {"id"} | located
    assert set(made.networks.column_names) == generated(Network)
    assert set(made.nodes.column_names) == generated(NetworkNode) - node_keys | located | {
        "network_external_id"
    }
    assert set(made.legs.column_names) == generated(NetworkLeg) - node_keys | {
        "network_external_id"
    }


def test_default_amounts(data: DemoData) -> None:
    made = data.networks
    assert (data.incidents.num_rows, data.outreach_events.num_rows) == (6_000, 1_500)
    assert made.networks.num_rows == 40
    assert len(set(data.incidents["external_id"].to_pylist())) == 6_000
    assert set(made.networks["status"].to_pylist()) == {"dismantled"}
    assert set(made.networks["scope"].to_pylist()) == {"trans", "inter"}
    assert all(
        re.fullmatch(r"DEMO-202[3-6]-\d{3}", code)
        for code in made.networks["case_code"].to_pylist()
    )


def test_places_are_known_as_exactly_as_planned(data: DemoData) -> None:
    counts = pandas.Series(data.incidents["precision"].to_pylist()).value_counts(normalize=True)
    assert counts["exact"] == pytest.approx(0.60, abs=0.03)
    assert counts["commune"] == pytest.approx(0.25, abs=0.03)
    assert counts["legacy_district"] == pytest.approx(0.04, abs=0.015)


def test_incidents_concentrate_at_the_border_and_online_fraud_grows(
    communes: geopandas.GeoDataFrame, data: DemoData
) -> None:
    rows = data.incidents.to_pandas()
    pointed = rows[rows["lon"].notna()]
    points = geopandas.GeoSeries.from_xy(pointed["lon"], pointed["lat"], crs=4326)
    border = communes[communes["is_land_border"]]
    share = points.within(border.union_all()).mean()
    people = border["population"].sum() / communes["population"].sum()
    assert share > 6 * people
    fraud = rows["purposes"].map(lambda codes: "scam" in codes)
    year = rows["occurred_from"].dt.tz_convert("Asia/Ho_Chi_Minh").dt.year
    assert fraud[year == 2026].mean() > 1.4 * fraud[year == 2023].mean()


def test_some_border_communes_never_saw_outreach(
    communes: geopandas.GeoDataFrame, data: DemoData
) -> None:
    events = data.outreach_events.to_pandas()
    never = communes[communes["code"].isin(data.unvisited)]
    points = geopandas.GeoSeries.from_xy(
        *(events.loc[events["lon"].notna(), axis] for axis in ("lon", "lat")), crs=4326
    )
    assert len(never) >= 30
    assert not points.within(never.union_all()).any()
    assert not events["stated_code"].isin(data.unvisited).any()


def test_networks_lead_from_inland_over_the_border(
    communes: geopandas.GeoDataFrame, data: DemoData
) -> None:
    nodes = data.networks.nodes.to_pandas()
    points = geopandas.GeoSeries.from_xy(nodes["lon"], nodes["lat"], crs=4326)
    inside = points.within(communes.union_all())
    assert (inside == (nodes["country"] == "VN")).all()
    assert set(nodes["role"]) <= set(code_list("network_node_role"))
    assert set(nodes["country"]) <= set(code_list("destination"))
    legs = data.networks.legs.to_pandas()
    crossings = legs["crossing"].dropna()
    assert set(crossings) <= set(code_list("crossing_type"))
    keys = set(zip(nodes["network_external_id"], nodes["sequence"], strict=True))
    for end in ("from_sequence", "to_sequence"):
        assert set(zip(legs["network_external_id"], legs[end], strict=True)) <= keys
    scope = data.networks.networks.to_pandas().set_index("external_id")["scope"]
    assert set(legs.loc[crossings.index, "network_external_id"]) == set(
        scope[scope == "trans"].index
    )


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**63 - 1), size=st.integers(1, 1_500))
def test_laws_of_every_data_set(
    communes: geopandas.GeoDataFrame,
    gates: geopandas.GeoDataFrame,
    crosswalk: pandas.DataFrame,
    seed: int,
    size: int,
) -> None:
    data = generate(
        communes, gates, crosswalk=crosswalk, seed=seed, incidents=size, outreach_events=200,
        networks=5,
    )  # fmt: skip
    assert data.incidents.num_rows == size
    for row in data.incidents.to_pylist():
        by = json.loads(row["victims_by"])
        assert {axis: sum(by[axis].values()) for axis in by} == dict.fromkeys(
            ("sex", "age", "ethnicity"), row["victims"]
        )
        assert set(by["sex"]) <= set(code_list("sex"))
        assert set(by["age"]) <= set(code_list("age_band"))
        assert set(by["ethnicity"]) <= set(code_list("ethnicity_count"))
        check_text(row["narrative"])
    for table, lists in ((data.incidents, LISTS), (data.outreach_events, OUTREACH_LISTS)):
        for column, name in lists.items():
            assert codes_used(table, column) <= set(code_list(name)), column
        check_times(table)
        check_places(table.to_pandas(), communes)
    for row in data.outreach_events.to_pylist() + data.networks.networks.to_pylist():
        check_text(row["notes"])


def check_text(text: str) -> None:
    """Marked as synthetic, in NFC, and without what could be a telephone or identity number."""
    assert text.startswith(MARK)
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"(\d[ .]?){7,}", text)


def check_times(table: pyarrow.Table) -> None:
    start, end = (
        pandas.Series(table[name].to_pandas()).dt.tz_convert("Asia/Ho_Chi_Minh")
        for name in ("occurred_from", "occurred_to")
    )
    assert (start <= end).all()
    assert start.min() >= pandas.Timestamp("2023-01-01", tz="Asia/Ho_Chi_Minh")
    assert end.max() < pandas.Timestamp("2026-11-01", tz="Asia/Ho_Chi_Minh")


def check_places(rows: pandas.DataFrame, communes: geopandas.GeoDataFrame) -> None:
    """A point lies in the commune that the text names; without a point a unit is stated."""
    pointed = rows["lon"].notna()
    assert (pointed == rows["precision"].isin(["exact", "village"])).all()
    assert (pointed == rows["stated_code"].isna()).all()
    points = shapely.points(rows.loc[pointed, "lon"], rows.loc[pointed, "lat"])
    found = communes.sindex.query(points, predicate="within")
    assert set(found[0]) == set(range(len(points)))
    named = rows.loc[pointed, "place_text"].str.split(", ", n=1).str[1].to_numpy()
    matches = communes["full_name"].to_numpy()[found[1]] == named[found[0]]
    assert set(found[0][matches]) == set(range(len(points)))
    stated = rows[rows["stated_level"] == "commune"]
    assert set(stated["stated_code"]) <= set(communes["code"])
    assert set(stated["stated_edition"]) <= {"2025"}
