"""Networks laid over each other, against graphs worked out by hand and networkx itself."""

import networkx
import pytest

from geo.analysis.flows import Case, Flow, Merged, Move, Stop, merge


def recruit(sequence: int, place: str | None) -> Stop:
    return Stop(sequence, "recruit", "VN", place)


def leaving(sequence: int, place: str, gate_m: float, gate: str = "cau-treo") -> Stop:
    return Stop(sequence, "exit", "VN", place, "LAO", f"LAO-{place}", gate, gate_m)


def abroad(sequence: int, country: str, role: str = "dest") -> Stop:
    return Stop(sequence, role, country, country)


@pytest.fixture
def merged() -> Merged:
    """Three networks, worked out by hand in the tests below.

    a: Hà Nội (01) and Thanh Hóa (38) by Nghệ An (40, at the gate) to Laos; 01 and 38 -> 40 -> LA
    b: Hà Nội by Nghệ An (a trail 9 km from the gate) to Laos and on to Thailand
    c: within Nghệ An, then to a place in Vietnam that is not known
    """
    return merge(
        [
            Case(
                "a",
                [recruit(1, "01"), recruit(2, "38"), leaving(3, "40", 400.0), abroad(4, "LA")],
                [Move(1, 3), Move(2, 3), Move(3, 4, "intl_gate")],
            ),
            Case(
                "b",
                [recruit(1, "01"), leaving(2, "40", 9_000.0), abroad(3, "LA", "receive"),
                 abroad(4, "TH")],
                [Move(1, 2), Move(2, 3, "trail"), Move(3, 4)],
            ),
            Case(
                "c",
                [recruit(1, "40"), Stop(2, "gather", "VN", "40"), Stop(3, "dest", "VN", None)],
                [Move(1, 2), Move(2, 3)],
            ),
        ]
    )  # fmt: skip


def test_flows_count_networks_and_legs(merged: Merged) -> None:
    assert merged.flows == [
        Flow("01", "40", 2, 2),
        Flow("40", "LA", 2, 2),
        Flow("38", "40", 1, 1),
        Flow("LA", "TH", 1, 1),
    ]
    assert (merged.stops_unplaced, merged.legs_unplaced, merged.legs_within) == (1, 1, 1)


def test_routes_lead_from_each_recruitment_to_each_destination(merged: Merged) -> None:
    found = {route.steps: route.networks for route in merged.routes}
    assert found == {
        (("recruit", "01"), ("exit", "40"), ("dest", "LA")): 1,
        (("recruit", "38"), ("exit", "40"), ("dest", "LA")): 1,
        (("recruit", "01"), ("exit", "40"), ("receive", "LA"), ("dest", "TH")): 1,
    }  # the destination of the third is not known


def test_crossings_are_told_by_the_end_in_vietnam(merged: Merged) -> None:
    # 9 km from the gate is not at it. The way on from Laos to Thailand is no crossing of ours.
    assert [
        (one.crossing, one.border_section, one.gate, one.networks, one.legs)
        for one in merged.crossings
    ] == [
        ("intl_gate", "LAO-40", "cau-treo", 1, 1),
        ("trail", "LAO-40", None, 1, 1),
    ]


def test_shared_places_come_first(merged: Merged) -> None:
    hubs = {hub.place: hub for hub in merged.hubs}
    assert [hub.place for hub in merged.hubs[:2]] == ["40", "LA"]
    assert hubs["40"].networks == ("a", "b", "c")
    assert hubs["40"].roles == {"exit": 2, "gather": 1, "recruit": 1}
    assert hubs["01"].networks == ("a", "b")
    assert hubs["38"].networks == ("a",)


def test_betweenness_by_hand(merged: Merged) -> None:
    # Of 4 x 3 ordered pairs of other places, 40 lies on 01 and 38 to LA and to TH: 4 of 12. LA lies
    # on 01, 38 and 40 to TH: 3 of 12.
    between = {hub.place: hub.betweenness for hub in merged.hubs}
    assert between == pytest.approx({"40": 4 / 12, "LA": 3 / 12, "01": 0, "38": 0, "TH": 0})


def test_betweenness_is_that_of_networkx_on_a_graph_with_ways_of_equal_length() -> None:
    legs = [(1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (5, 6), (6, 4), (3, 6)]
    stops = [Stop(number, "transit", "VN", f"{number:02d}") for number in range(1, 7)]
    found = merge([Case("a", stops, [Move(*leg) for leg in legs])])
    expected = networkx.betweenness_centrality(networkx.DiGraph(legs))
    assert {int(hub.place): hub.betweenness for hub in found.hubs} == pytest.approx(expected)
    assert found.flows[0].networks == 1


def test_a_network_counts_once_however_many_legs_it_has() -> None:
    stops = [recruit(1, "01"), recruit(2, "01"), abroad(3, "CN")]
    found = merge([Case("a", stops, [Move(1, 3, "air"), Move(2, 3, "air")])])
    assert found.flows == [Flow("01", "CN", 1, 2)]
    assert [(one.crossing, one.gate, one.networks, one.legs) for one in found.crossings] == [
        ("air", None, 1, 2)
    ]
    assert [route.networks for route in found.routes] == [1]


def test_rings_and_lone_places_are_no_routes() -> None:
    ring = Case("a", [recruit(1, "01"), recruit(2, "38")], [Move(1, 2), Move(2, 1)])
    alone = Case("b", [recruit(1, "40")], [])
    found = merge([ring, alone])
    assert found.routes == []
    assert {hub.place for hub in found.hubs} == {"01", "38", "40"}
    assert merge([]).hubs == []
