"""Which places an address can mean, the likeliest first.

Each way to read the text makes a claim: these words are the commune, those the district, those the
province. A claim gains for every word that it explains, and pays for every letter, mark or kind of
unit that differs from what is written; what it leaves unexplained stays on its account. All claims
are weighed against each other and against none being right, which gives the confidence.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log

from geo.places.areas import Area
from geo.places.costs import LABEL_COST, WORD_COST, heads_of_below, word_costs
from geo.places.gazetteer import Gazetteer
from geo.places.hits import LEVEL_KINDS, Hit, find_hits
from geo.places.spelling import Word, clean, words_of
from geo.places.streets import is_street

MOST_CANDIDATES = 8
# A text whose best reading has less chance than this share of that of none names no place; a
# candidate this far behind the first is none.
LEAST_CHANCE, LEAST_SHARE = 0.05, 0.01
GAP_COST = 0.5
# A slip by which the name of one district or province would just be that of another place.
NOT_SLIPPED = -2.0
# A finer unit is named, but in no list: what is found above it says less.
UNKNOWN_BELOW, UNKNOWN_COMMUNE = -1.5, -3.0
NO_PROVINCE, NO_DISTRICT, DISTRICT_OF_OTHER_EDITION = -0.4, -1.2, -0.8
DISTRICT_ALONE, PROVINCE_ALONE, PLACE = -0.5, -0.5, -0.5
# A hamlet before a name that a former district bore too: its own commune was left out. And one
# that bears the name of a commune of the district named with it lies there more often than not.
NAMESAKE_OF_DISTRICT, HAMLET_OF_COMMUNE = -2.0, 2.0
# A gate that goes by the name of a unit, where nothing says that the gate is meant.
NAMESAKE_OF_UNIT = -3.0
# None of all: words in no list are written too, so they tell less against it, but in a long text
# no more than so much less.
NOTHING_SHARE, MOST_FOR_NOTHING, NOTHING = 0.45, 6.0, -1.0
MOST_SLIPPED = 400
MOST_NAMESAKES = 200

# A district or province is named without doubt, and the claim lies outside it.
CONTRADICTED = -3.5
_SURE_GAIN = WORD_COST + LABEL_COST


@dataclass(frozen=True, slots=True)
class Claim:
    """One reading: the finest unit first, then what confirms it.

    `apart` is the name of a gate that the words can mean beside the commune of that name.
    """

    hits: tuple[Hit, ...]
    score: float
    apart: str = ""

    @property
    def area(self) -> Area:
        """The finest unit."""
        return self.hits[0].area

    @property
    def former(self) -> Area | None:
        """The commune of 2024, where it is named: alone, or beside the one that took it."""
        areas = (hit.area for hit in self.hits)
        return next((a for a in areas if (a.edition, a.role) == ("2024", "commune")), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that the text can mean.

    `commune` is the code of the commune of 2025, none where only more is known; `confidence`
    between 0 and 1 is the chance that it is this and no other.
    """

    claim: Claim
    commune: str | None
    confidence: float


def read_address(
    text: str,
    gazetteer: Gazetteer,
    provinces: frozenset[str] = frozenset(),
    most: int = MOST_CANDIDATES,
) -> list[Candidate]:
    """The places that a text can mean, the likeliest first; none if it names no known place.

    Args:
        provinces: codes of the 2024 edition in which the place is said to lie, if any.
        most: how many of them are told.
    """
    words = tuple(words_of(clean(text)))
    reader = _Reader(words, gazetteer)
    claims = [
        claim for claim in reader.claims() if not provinces or claim.area.old_provinces & provinces
    ]
    return _weighed(claims, reader.nothing, most)


def _weighed(claims: list[Claim], nothing: float, most: int) -> list[Candidate]:
    """Claims to the same place add up; the best of them speaks for it."""
    weights: dict[tuple[str, str, str], float] = defaultdict(float)
    best: dict[tuple[str, str, str], tuple[float, Claim]] = {}
    for claim in claims:
        for target, share in _targets(claim.area):
            key = (*target, claim.apart)
            score = claim.score + log(share)
            weights[key] += exp(score)
            if key not in best or score > best[key][0]:
                best[key] = (score, claim)
    total = sum(weights.values()) + exp(nothing)
    if not weights or max(weights.values()) < LEAST_CHANCE * exp(nothing):
        return []
    ranked = sorted(weights, key=lambda key: (-weights[key], key))[:most]
    # A gate stays as long as the commune of its name does, however much likelier that is.
    least = LEAST_SHARE * weights[ranked[0]]
    return [
        Candidate(best[key][1], key[1] if key[0] == "commune" else None, weights[key] / total)
        for key in ranked
        if weights[key] >= least or (key[2] and weights.get((*key[:2], ""), 0.0) >= least)
    ]


def _targets(area: Area) -> Iterator[tuple[tuple[str, str], float]]:
    # Districts have any only where they became one special zone.
    if area.role != "province" and area.successors:
        for code, share in area.successors.items():
            # A share is an estimate, and never certain.
            yield ("commune", code), max(share, 0.01)
    elif area.role == "province":
        yield ("province", area.name), 1.0
    else:
        yield (area.role, area.code), 1.0


class _Reader:
    """The words of one text, what each of them costs, and the names among them."""

    def __init__(self, words: tuple[Word, ...], gazetteer: Gazetteer) -> None:
        self.words = words
        self.costs = word_costs(words)
        self._whole = -sum(self.costs)
        self.nothing = self._whole + min(-self._whole * NOTHING_SHARE, MOST_FOR_NOTHING) + NOTHING
        self._hamlets = {
            place for place in heads_of_below(words) if not is_street(words[place - 1])
        }
        self._contexts: dict[tuple[str, str, str], list[Hit]] = defaultdict(list)
        self._communes: list[Hit] = []
        # Gates of which only the district is known.
        self._gates: list[Hit] = []
        # Districts and provinces that are named without doubt.
        self._stated: dict[tuple[int, int], set[tuple[str, str, str]]] = defaultdict(set)
        self._kin: dict[str, list[Hit]] = defaultdict(list)
        # Communes of 2025 whose name, or that of a part, is among the words.
        self._named: set[str] = set()
        # What words name just as they stand.
        self._exact: dict[tuple[int, int], list[Area]] = defaultdict(list)
        hits = list(find_hits(words, self.costs, gazetteer))
        for hit in hits:
            if hit.match.exact:
                self._exact[hit.begin, hit.end].append(hit.area)
        for hit in hits:
            area = hit.area
            if not hit.match.exact and any(map(_is_upper, self._exact[hit.begin, hit.end])):
                hit = replace(hit, gain=hit.gain + NOT_SLIPPED)  # noqa: PLW2901
            if area.role in ("commune", "place"):
                self._communes.append(hit)
                if area.gate_en and not area.successors:
                    self._gates.append(hit)
                for code in area.successors:
                    self._kin[code].append(hit)
                    if area.role == "commune":
                        self._named.add(code)
            else:
                self._contexts[area.edition, area.role, area.code].append(hit)
                if hit.match.exact and hit.head < hit.begin and hit.gain > _SURE_GAIN:
                    self._stated[hit.begin, hit.end].add((area.edition, area.role, area.code))

    def claims(self) -> Iterator[Claim]:
        """Every reading that names a place."""
        exact = [hit for hit in self._communes if hit.match.exact]
        if len(exact) > MOST_NAMESAKES:
            # Thôn 3 is everywhere.
            exact = [
                hit for hit in exact if hit.area.role != "place" or self._is_confirmed(hit.area)
            ]
        rest = [hit for hit in self._communes if not hit.match.exact]
        # Slips are plenty; those that something confirms are looked at, and the least costly.
        near: list[Hit] = []
        far: list[Hit] = []
        for hit in sorted(rest, key=lambda hit: -hit.gain):
            (near if self._is_confirmed(hit.area) else far).append(hit)
        for hit in (*exact, *near[:MOST_SLIPPED], *far[: MOST_SLIPPED // 4]):
            yield self._commune_claim(hit)
        for (_, role, _), hits in self._contexts.items():
            for hit in hits:
                yield self._upper_claim(hit, role)

    def _is_confirmed(self, area: Area) -> bool:
        return not self._contexts.keys().isdisjoint(area.above) or (
            area.role == "place" and not self._named.isdisjoint(area.successors)
        )

    def _commune_claim(self, hit: Hit) -> Claim:
        area = hit.area
        options = [other for key in area.above for other in self._contexts.get(key, ())]
        # "xã Lục Dạ (nay là xã Môn Sơn)": the other name of the same place; or what a hamlet is in.
        options += [
            other
            for code in area.successors
            for other in self._kin[code]
            if other.area.role == "commune"
            and (area.role == "place" or (other.match.exact and other.area.name != area.name))
            and not self._is_district_instead(hit, other)
        ]
        if area.role == "commune":
            options += self._gates_of_district(hit)
        chosen = self._chosen(hit, options)
        roles = {one.area.role for one in chosen[1:]}
        score = self._score(chosen)
        score += PLACE if area.role == "place" else 0.0
        score += 0.0 if "province" in roles else NO_PROVINCE
        if area.edition == "2024" and "district" not in roles:
            score += NO_DISTRICT
        if area.edition == "2025" and area.role == "commune" and "district" in roles:
            score += DISTRICT_OF_OTHER_EDITION
        if area.role == "commune":
            score += self._beside_hamlet(hit, chosen, roles)
        if self._is_namesake(hit):
            return Claim(chosen, score + NAMESAKE_OF_UNIT, area.full_name)
        return Claim(chosen, score)

    def _is_district_instead(self, one: Hit, other: Hit) -> bool:
        """Whether a name beside a divided commune is rather that of the district it lay in.

        "Xã Phú Hội, An Phú": the district was there, and An Phú is but one of the heirs.
        """
        new, old = sorted((one, other), key=lambda hit: hit.area.edition, reverse=True)
        return (
            (new.area.edition, old.area.edition) == ("2025", "2024")
            and len(old.area.successors) > 1
            and self._names_district_of(new, old.area)
        )

    def _names_district_of(self, hit: Hit, area: Area) -> bool:
        """Whether a name, no kind of unit before it, is just that of a district of the area."""
        return hit.head == hit.begin and any(
            named.role == "district" and named.code in area.districts
            for named in self._exact[hit.begin, hit.end]
        )

    def _gates_of_district(self, commune: Hit) -> Iterator[Hit]:
        """Gates somewhere in the commune's district: named beside it they lie in it."""
        if self._names_district_of(commune, commune.area):
            # Without "xã" it is the district that stands beside the gate.
            return
        for hit in self._gates:
            if hit.area.districts & commune.area.districts:
                yield hit

    def _beside_hamlet(self, first: Hit, chosen: tuple[Hit, ...], roles: set[str]) -> float:
        """What a hamlet, or a name in no list, says for and against a commune named without it."""
        if first.begin in self._hamlets:
            return HAMLET_OF_COMMUNE if "district" in roles and "commune" not in roles else 0.0
        namesakes = self._exact[first.begin, first.end]
        is_of_district = any(area.role == "district" for area in namesakes)
        if first.head < first.begin or "district" in roles or not is_of_district:
            return 0.0
        unknown = self._unknown(chosen)
        covered = {place for hit in chosen for place in range(hit.head, hit.end)}
        is_left = any(covered.isdisjoint((place - 1, place)) for place in self._hamlets)
        return unknown + NAMESAKE_OF_DISTRICT if unknown or is_left else 0.0

    def _is_namesake(self, hit: Hit) -> bool:
        """Whether it is a gate, and the same words alone name a commune or district about it."""
        return (
            bool(hit.area.gate_en)
            and hit.head == hit.begin
            and any(
                area.role in ("commune", "district") and area.old_provinces & hit.area.old_provinces
                for area in self._exact[hit.begin, hit.end]
            )
        )

    def _upper_claim(self, hit: Hit, role: str) -> Claim:
        if role == "province":
            return Claim((hit,), self._score((hit,)) + self._unknown((hit,)) + PROVINCE_ALONE)
        options = [
            other
            for key in hit.area.above
            if key[1] == "province"
            for other in self._contexts.get(key, ())
        ]
        chosen = self._chosen(hit, options)
        missing = 0.0 if len(chosen) > 1 else NO_PROVINCE
        score = self._score(chosen) + self._unknown(chosen)
        return Claim(chosen, score + DISTRICT_ALONE + missing)

    def _unknown(self, hits: tuple[Hit, ...]) -> float:
        """What it takes from a coarse unit that words remain which name a finer one."""
        left = [
            place
            for place, cost in enumerate(self.costs)
            if cost >= WORD_COST and not any(hit.head <= place < hit.end for hit in hits)
        ]
        if any(place and self.words[place - 1].label in LEVEL_KINDS["commune"] for place in left):
            return UNKNOWN_COMMUNE
        return UNKNOWN_BELOW if left else 0.0

    def _chosen(self, first: Hit, options: list[Hit]) -> tuple[Hit, ...]:
        """The first, and of each role and edition the best that takes none of the others' words."""
        chosen = [first]
        taken: set[tuple[str, str]] = set()
        for other in sorted(options, key=lambda hit: -hit.gain):
            role = (other.area.role, other.area.edition)
            if other.gain > 0 and role not in taken and not any(map(other.overlaps, chosen)):
                chosen.append(other)
                taken.add(role)
        return tuple(chosen)

    def _score(self, hits: tuple[Hit, ...]) -> float:
        gaps = 0
        ordered = sorted(hits, key=lambda hit: hit.head)
        for one, other in pairwise(ordered):
            gaps += sum(cost >= WORD_COST for cost in self.costs[one.end : other.head])
        score = self._whole + sum(hit.gain for hit in hits) - GAP_COST * gaps
        contradictions = sum(
            not any(hit.head < end and begin < hit.end for hit in hits)
            and keys.isdisjoint(hits[0].area.above)
            for (begin, end), keys in self._stated.items()
        )
        return score + CONTRADICTED * contradictions


def _is_upper(area: Area) -> bool:
    return area.role in ("district", "province")
