"""Dismantled networks laid over each other: flows, routes, crossings, places between others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import networkx

HOME = "VN"
# A place of exit within 5 km of a gate is at it: gates are known to about 2 km, places to 1 or 2.
AT_GATE_M = 5_000.0

Key = TypeVar("Key")
# Kind, neighbour, section and gate.
Way = tuple[str | None, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of one network.

    `place` is what it is merged by: the code of its unit, or its country where that is not Vietnam;
    None where it lies in Vietnam and its unit is not known. `section`, `neighbour` and `gate` are
    of the land border and the nearest gate, None from 20 km on.
    """

    sequence: int
    role: str
    country: str
    place: str | None
    neighbour: str | None = None
    section: str | None = None
    gate: str | None = None
    gate_m: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A leg of a network between two of its stops, by their sequence."""

    start: int
    end: int
    crossing: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A network: its stops, no two of one sequence, and the moves between them."""

    identifier: str
    stops: Sequence[Stop]
    moves: Sequence[Move]


@dataclass(frozen=True, slots=True)
class Flow:
    """What was moved from one place to another: by how many networks, and on how many legs."""

    start: str
    end: str
    networks: int
    legs: int


@dataclass(frozen=True, slots=True)
class Hub:
    """A place of the merged graph: the networks that used it, as what, and what lies through it.

    `betweenness` is the share of the pairs of other places whose shortest ways lead through it.
    """

    place: str
    networks: tuple[str, ...]
    roles: Mapping[str, int]
    betweenness: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """A way over the border of Vietnam: how it was crossed, where, and by how many networks."""

    crossing: str | None
    neighbour: str | None
    border_section: str | None
    gate: str | None
    networks: int
    legs: int


@dataclass(frozen=True, slots=True)
class Route:
    """The way from a place of recruitment to a destination, as roles and places in their order."""

    steps: tuple[tuple[str, str], ...]
    networks: int


@dataclass(frozen=True, slots=True)
class Merged:
    """Networks laid over each other; each list has what most networks share first.

    `stops_unplaced` are those without a known unit, `legs_unplaced` the legs that lead to or from
    one; `legs_within` begin and end in the same place. Neither kind of leg is in a flow.
    """

    flows: list[Flow]
    hubs: list[Hub]
    crossings: list[Crossing]
    routes: list[Route]
    stops_unplaced: int
    legs_unplaced: int
    legs_within: int


@dataclass(slots=True)
class _Tally:
    """The networks behind a merged thing, and how often it occurred."""

    networks: set[str] = field(default_factory=set)
    times: int = 0

    def add(self, network: str) -> None:
        self.networks.add(network)
        self.times += 1


def merge(cases: Iterable[Case]) -> Merged:
    """Lay networks over each other.

    Betweenness is that of the directed graph of flows, all steps of the same length, as the share
    of the (n - 1)(n - 2) ordered pairs of other places: it says over which places most ways lead,
    not how many people took them. It takes places times flows steps.

    Sources: Freeman (1977), Sociometry 40, 35-41; Brandes (2001), Journal of Mathematical Sociology
    25, 163-177, as networkx computes it.

    >>> stops = [Stop(1, "recruit", "VN", "40"), Stop(2, "dest", "LA", "LA")]
    >>> merge([Case("a", stops, [Move(1, 2, "trail")])]).flows
    [Flow(start='40', end='LA', networks=1, legs=1)]
    """
    flows: dict[tuple[str, str], _Tally] = defaultdict(_Tally)
    crossings: dict[Way, _Tally] = defaultdict(_Tally)
    routes: dict[tuple[tuple[str, str], ...], _Tally] = defaultdict(_Tally)
    uses: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    unplaced = legs_unplaced = within = 0
    for case in cases:
        stops = {stop.sequence: stop for stop in case.stops}
        for stop in case.stops:
            if stop.place is None:
                unplaced += 1
            else:
                uses[stop.place][stop.role].add(case.identifier)
        for move in case.moves:
            start, end = stops[move.start], stops[move.end]
            if (start.country == HOME) != (end.country == HOME):
                crossings[_crossing(start, end, move)].add(case.identifier)
            if start.place is None or end.place is None:
                legs_unplaced += 1
            elif start.place == end.place:
                within += 1
            else:
                flows[start.place, end.place].add(case.identifier)
        for steps in _routes(case):
            routes[steps].add(case.identifier)
    return Merged(
        [Flow(*key, len(one.networks), one.times) for key, one in _by_use(flows)],
        _hubs(uses, flows),
        [Crossing(*key, len(one.networks), one.times) for key, one in _by_use(crossings)],
        [Route(key, len(one.networks)) for key, one in _by_use(routes)],
        unplaced,
        legs_unplaced,
        within,
    )


def _by_use(tallies: Mapping[Key, _Tally]) -> list[tuple[Key, _Tally]]:
    """Most networks first, then most legs; equal ones always in the same order."""
    return sorted(
        tallies.items(), key=lambda one: (-len(one[1].networks), -one[1].times, repr(one[0]))
    )


def _crossing(start: Stop, end: Stop, move: Move) -> Way:
    """Kind, neighbour, section and gate of a leg over the border, by its end in Vietnam."""
    home = start if start.country == HOME else end
    at_gate = home.gate_m is not None and home.gate_m < AT_GATE_M
    return move.crossing, home.neighbour, home.section, home.gate if at_gate else None


def _hubs(
    uses: Mapping[str, Mapping[str, set[str]]], flows: Iterable[tuple[str, str]]
) -> list[Hub]:
    graph = networkx.DiGraph()
    graph.add_nodes_from(sorted(uses))
    graph.add_edges_from(sorted(flows))
    between = networkx.betweenness_centrality(graph)
    hubs = [
        Hub(
            place,
            tuple(sorted(set().union(*roles.values()))),
            {role: len(networks) for role, networks in sorted(roles.items())},
            between[place],
        )
        for place, roles in uses.items()
    ]
    return sorted(hubs, key=lambda hub: (-len(hub.networks), -hub.betweenness, hub.place))


def _routes(case: Case) -> Iterator[tuple[tuple[str, str], ...]]:
    """The ways with the fewest legs from each place of recruitment to each destination it reaches.

    Where a network names none, it begins where no leg leads to and ends where none leads on. Of
    ways with as many legs the one whose stops come first counts. Ends that are not known make none.
    """
    graph = networkx.DiGraph()
    graph.add_nodes_from(sorted(stop.sequence for stop in case.stops))
    graph.add_edges_from(sorted((move.start, move.end) for move in case.moves))
    stops = {stop.sequence: stop for stop in case.stops}
    begins = [one for one in graph if stops[one].role == "recruit"]
    ends = {one for one in graph if stops[one].role == "dest"}
    begins = begins or [one for one in graph if not graph.in_degree(one)]
    ends = ends or {one for one in graph if not graph.out_degree(one)}
    seen = set()
    for begin in begins:
        ways = networkx.single_source_shortest_path(graph, begin)
        for end, way in ways.items():
            if end not in ends or end == begin or None in (stops[begin].place, stops[end].place):
                continue
            steps = _steps(stops[one] for one in way)
            if len(steps) > 1 and steps not in seen:
                seen.add(steps)
                yield steps


def _steps(stops: Iterable[Stop]) -> tuple[tuple[str, str], ...]:
    """Roles and places, without stops whose place is unknown; what is said twice stands once."""
    steps: list[tuple[str, str]] = []
    for stop in stops:
        if stop.place is not None and (not steps or steps[-1] != (stop.role, stop.place)):
            steps.append((stop.role, stop.place))
    return tuple(steps)
