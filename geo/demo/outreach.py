"""Synthetic outreach events, with gaps where nobody ever went."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.demo import calendar
from geo.demo.draws import Indices, Mix, lists, nulled, texts
from geo.demo.incidents import identifiers
from geo.demo.location import located
from geo.demo.narratives import MARK, phrase
from geo.demo.places import Places
from geo.demo.profiles import SECTIONS

INLAND = SECTIONS.index("inland")
# Of the border communes, this share never had a session: the gap that coverage is to show.
NEVER_VISITED_SHARE = 0.22
# Planted clusters around which nobody works either.
NEVER_VISITED_CLUSTERS = ("le-thanh", "ta-lung")

KIND = Mix.of(
    {
        "border": {
            "legal_education": 22, "village": 18, "loudspeaker": 12, "market": 9, "door": 9,
            "school": 8, "mobile": 6, "leaflet": 4, "panel": 3, "pledge": 3, "bilateral": 2,
            "hotline": 2, "drama": 1, "training": 1,
        },
        "inland": {
            "legal_education": 22, "school": 18, "village": 12, "online": 8, "training": 8,
            "loudspeaker": 7, "leaflet": 6, "hotline": 5, "rally": 3, "press": 3, "drama": 3,
            "pledge": 3, "other": 2,
        },
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a kind: median attendance, hours, materials per head, audiences."""

    attendance: float | None
    hours: float
    materials: float
    audiences: Mapping[str, float]


PEOPLE = {"public": 40, "minority": 30, "women": 20, "women+youth": 10}
USUAL = {
    "legal_education": Usual(90, 2.0, 0.6, PEOPLE),
    "village": Usual(55, 1.5, 0.3, {"public": 40, "minority": 40, "elder+minority": 20}),
    "mobile": Usual(120, 2.0, 0.5, PEOPLE),
    "loudspeaker": Usual(None, 0.5, 0, {"public": 70, "minority": 30}),
    "market": Usual(160, 3.0, 0.7, {"public": 60, "minority": 40}),
    "school": Usual(280, 1.5, 0.5, {"children": 80, "children+parent": 20}),
    "door": Usual(40, 4.0, 1.0, {"minority": 50, "women": 30, "parent": 20}),
    "online": Usual(None, 1.0, 0, {"youth": 60, "worker": 40}),
    "leaflet": Usual(None, 2.0, 0, PEOPLE),
    "panel": Usual(None, 0.5, 0, {"public": 100}),
    "rally": Usual(320, 3.0, 0.8, {"public+youth": 100}),
    "training": Usual(45, 8.0, 1.0, {"cadre": 50, "trainer": 40, "cadre+trainer": 10}),
    "pledge": Usual(70, 1.0, 1.0, {"landlord": 30, "driver": 20, "public": 50}),
    "press": Usual(None, 0.3, 0, {"public": 100}),
    "drama": Usual(180, 1.5, 0.2, {"children": 40, "public": 60}),
    "bilateral": Usual(60, 3.0, 0.5, {"public": 50, "cadre": 50}),
    "hotline": Usual(80, 1.0, 1.0, {"children+parent": 50, "lodger+worker": 50}),
    "other": Usual(50, 1.5, 0.3, PEOPLE),
}
AUDIENCE = Mix.of({kind: USUAL[kind].audiences for kind in KIND.codes})
# Leaflets and panels are counted themselves, whoever sees them.
COUNTED_MATERIALS = {"leaflet": 300, "panel": 4}

ORGANISER = Mix.of(
    {
        "border": {"DBP": 55, "CA_X": 15, "HLHPN": 12, "UBND_X": 10, "BDBP_T": 5, "DTN": 3},
        "inland": {"HLHPN": 26, "CA_X": 26, "UBND_X": 18, "DTN": 10, "SGD": 8, "STP": 7, "MTTQ": 5},
    }
)
# Who took part beside the organiser; one who organises is no partner of the same event.
TOOK_PART = {
    "": 40, "HLHPN": 12, "CA_X": 10, "UBND_X": 10, "DTN": 8, "MTTQ": 4, "SGD": 4, "CA_X+HLHPN": 8,
    "DBP+UBND_X": 5, "HLHPN+DTN": 5, "CA_X+SGD+DTN": 3,
}  # fmt: skip
PARTNERS = Mix.of(
    {
        organiser: {
            key: share for key, share in TOOK_PART.items() if organiser not in key.split("+")
        }
        for organiser in ORGANISER.codes
    }
)
TOPIC = Mix.of(
    {"any": {"scam+labour": 34, "scam": 18, "marriage": 16, "labour": 14, "sexual": 12,
             "child_labour": 6}}
)  # fmt: skip
MODEL = Mix.of(
    {
        "inland": {
            "": 58, "M01": 8, "M02": 6, "M03": 6, "M04": 4, "M05": 5, "M06": 4, "M07": 2,
            "M08": 4, "M09": 3,
        },
        "border": {"": 80, "M04": 3, "M05": 4, "M06": 4, "M07": 2, "M08": 4, "M09": 3},
        "pilot": {"": 76, "M10": 12, "M05": 4, "M06": 4, "M09": 4},
    }
)  # fmt: skip
# Provinces of the reintegration pilot M10: Nghệ An, Hà Tĩnh, and Quảng Bình, now in Quảng Trị.
PILOT_PROVINCES = ("40", "42", "44")


def never_visited(
    rng: np.random.Generator, places: Places, protected: frozenset[str], gaps: frozenset[str]
) -> Indices:
    """Communes (indices) without any outreach: a share of those at the border, and `gaps`.

    Args:
        protected: codes that must not be drawn.
        gaps: codes that are gaps in any case.
    """
    chosen = places.on_border & (rng.random(len(places.code)) < NEVER_VISITED_SHARE)
    chosen &= ~np.isin(places.code, list(protected))
    return np.flatnonzero(chosen | np.isin(places.code, list(gaps)))


def outreach_table(
    rng: np.random.Generator, places: Places, unvisited: Indices, size: int
) -> tuple[pyarrow.Table, Indices, Indices]:
    """One row per event: columns of the table outreach_event, with row_number, lon, lat.

    Returns:
        The table, without the models that held events, and each event's commune (as an index into
        `places`) and day.
    """
    weight = np.where(places.on_border, 12.0, np.where(places.section == INLAND, 0.35, 4.0))
    weight *= rng.gamma(1.2, 1.0, len(weight))
    weight[unvisited] = 0
    cumulative = np.cumsum(weight)
    commune = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    day = np.sort(rng.integers(0, calendar.DAYS, size))
    inland = (places.section[commune] == INLAND).astype(np.intp)
    kind = KIND.draw(rng, inland)
    kinds = texts(KIND.codes, kind)
    start, end, hours = _times(rng, day, kind)
    attendance, materials = _reach(rng, kind)
    location = located(rng, places, commune, None)
    model = MODEL.draw(rng, _model_group(places, commune, inland))
    title = phrase(f"{MARK} ", "outreach_kind", kinds)
    columns = {
        "row_number": pyarrow.array(np.arange(1, size + 1)),
        "external_id": identifiers("DEMO-O", size),
        "kind": kinds,
        "occurred_from": start,
        "occurred_to": end,
        "topics": lists(TOPIC.codes, TOPIC.draw(rng, np.zeros(size, dtype=np.intp))),
        "audiences": lists(AUDIENCE.codes, AUDIENCE.draw(rng, kind)),
        "attendance": attendance,
        "sessions": pyarrow.array(1 + rng.binomial(3, 0.12, size)),
        "hours": hours,
        "materials": materials,
        "prevention_model": nulled(texts(MODEL.codes, model), model > 0),
        "notes": pc.binary_join_element_wise(title, " tại ", location["place_text"], ".", ""),
    }
    columns |= _agencies(rng, inland) | location
    return pyarrow.table(columns), commune, day


def _times(
    rng: np.random.Generator, day: Indices, kind: Indices
) -> tuple[pyarrow.Array, pyarrow.Array, pyarrow.Array]:
    """Start, end and hours: between 7 and 19 o'clock, as long as is usual, by half hours."""
    usual = np.array([USUAL[code].hours for code in KIND.codes])[kind]
    hours = np.maximum(0.5, np.round(usual * rng.lognormal(0, 0.25, len(day)) * 2) / 2)
    begin = day.astype(np.int64) * calendar.DAY_SECONDS - calendar.COUNTRY_OFFSET_SECONDS
    begin += rng.integers(14, 39, len(day)) * 1800
    end = begin + (hours * 3600).astype(np.int64)
    return calendar.timestamps(begin), calendar.timestamps(end), pyarrow.array(hours)


def _reach(rng: np.random.Generator, kind: Indices) -> tuple[pyarrow.Array, pyarrow.Array]:
    """Attendance, null where nobody can be counted, and pieces handed out or put up."""
    usual = [USUAL[code] for code in KIND.codes]
    median = np.array([item.attendance or 0 for item in usual])[kind]
    people = np.round(median * rng.lognormal(0, 0.45, len(kind))).astype(np.int64)
    counted = np.array([COUNTED_MATERIALS.get(code, 0) for code in KIND.codes])[kind]
    per_head = np.array([item.materials for item in usual])[kind]
    pieces = np.round(people * per_head + counted * rng.lognormal(0, 0.4, len(kind)))
    return pyarrow.array(people, mask=median == 0), pyarrow.array(pieces.astype(np.int64))


def _agencies(rng: np.random.Generator, inland: Indices) -> dict[str, pyarrow.Array]:
    """Who held the event, and who took part in it."""
    organiser = ORGANISER.draw(rng, inland)
    return {
        "organiser": texts(ORGANISER.codes, organiser),
        "partners": lists(PARTNERS.codes, PARTNERS.draw(rng, organiser)),
    }


def _model_group(places: Places, commune: Indices, inland: Indices) -> Indices:
    pilot = np.isin(places.parent[commune], PILOT_PROVINCES)
    border, rest = MODEL.groups.index("border"), MODEL.groups.index("inland")
    group = np.where(inland == 1, rest, border)
    return np.where(pilot, MODEL.groups.index("pilot"), group)
