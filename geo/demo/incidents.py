"""Synthetic incidents, as the table that the store loads."""

from dataclasses import dataclass

import numpy as np
import pyarrow
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.demo import calendar, narratives, profiles, victims
from geo.demo.clusters import Draw
from geo.demo.draws import Indices, Mix, lists, nulled, texts
from geo.demo.location import located
from geo.demo.places import Places
from geo.demo.profiles import ERAS, SECTIONS

# Incidents of the last months are still being verified.
SETTLED_AFTER_DAYS = 120
INLAND = SECTIONS.index("inland")

KIND = Mix.of(profiles.KIND)
STATUS = Mix.of(profiles.STATUS)
DESTINATION = Mix.of(profiles.DESTINATION)
PURPOSE = Mix.of(profiles.PURPOSE)
TACTIC = Mix.of(profiles.TACTIC)
CHANNEL = Mix.of(profiles.CHANNEL)
MEANS = Mix.of(profiles.MEANS)
ACTS = Mix.of(profiles.ACTS)
AGENCY = Mix.of(profiles.AGENCY)


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, as indices into the codes of the mixes; one entry per incident."""

    kind: Indices
    status: Indices
    destination: Indices
    purpose: Indices
    profile: Indices
    tactic: Indices
    channel: Indices


def incident_table(
    rng: np.random.Generator, places: Places, draw: Draw, districts: NDArray[np.object_] | None
) -> pyarrow.Table:
    """One row per drawn incident: columns of the table incident, with row_number, lon, lat.

    What links a row to others, network_id and content_hash, is not yet there.

    Args:
        districts: for each commune of `places` a code of the 2024 edition's district, or None
            where unknown; without them no incident is known by its former district only.
    """
    size = len(draw.day)
    section = places.section[draw.commune]
    story = _story(rng, section, draw.day)
    kind = np.array(KIND.codes, dtype=object)[story.kind]
    status = np.array(STATUS.codes, dtype=object)[story.status]
    drawn = victims.Drawn(kind, status, story.profile, section)
    total = victims.totals(rng, drawn)
    start, end = calendar.periods(rng, draw.day)
    acts = np.array([ACTS.groups.index(_acts_group(code)) for code in KIND.codes])[story.kind]
    columns = {
        "row_number": pyarrow.array(np.arange(1, size + 1)),
        "external_id": identifiers("DEMO-I", size),
        "kind": texts(KIND.codes, story.kind),
        "status": texts(STATUS.codes, story.status),
        "occurred_from": start,
        "occurred_to": end,
        "acts": lists(ACTS.codes, ACTS.draw(rng, acts)),
        "means": lists(MEANS.codes, MEANS.draw(rng, story.profile)),
        "purposes": lists(PURPOSE.codes, story.purpose),
        "channels": lists(CHANNEL.codes, story.channel),
        "tactic": nulled(texts(TACTIC.codes, story.tactic), _known(TACTIC, story.tactic)),
        "origin": _origins(rng, places, draw.commune, section),
        "destination": texts(DESTINATION.codes, story.destination),
        "victims": pyarrow.array(total),
        "victims_by": victims.breakdown(rng, drawn, total),
        "suspects": pyarrow.array(_suspects(rng, kind)),
        "agency": texts(AGENCY.codes, AGENCY.draw(rng, (section == INLAND).astype(np.intp))),
    } | located(rng, places, draw.commune, districts)
    columns["narrative"] = narratives.of_incidents(columns)
    return pyarrow.table(columns)


def _story(rng: np.random.Generator, section: Indices, day: Indices) -> Story:
    """Draw what happened, each choice given those before it."""
    # The share of the later pattern grows from none to all over the period.
    late = (rng.random(len(day)) < day / calendar.DAYS).astype(np.intp)
    kind = KIND.draw(rng, (section == INLAND).astype(np.intp))
    recent = calendar.DAYS - day <= SETTLED_AFTER_DAYS
    destination = DESTINATION.draw(rng, section * len(ERAS) + late)
    known = [code if f"{code} early" in PURPOSE.groups else "other" for code in DESTINATION.codes]
    group = PURPOSE.group_of([f"{code} {era}" for code in known for era in ERAS])
    purpose = PURPOSE.draw(rng, group[destination * len(ERAS) + late])
    profile_of = [
        victims.PROFILES.index(profiles.PROFILE_OF_PURPOSE[key.split("+")[0]])
        for key in PURPOSE.codes
    ]
    profile = np.array(profile_of)[purpose]
    return Story(
        kind=kind,
        status=STATUS.draw(rng, (~recent).astype(np.intp)),
        destination=destination,
        purpose=purpose,
        profile=profile,
        tactic=TACTIC.draw(rng, profile),
        channel=CHANNEL.draw(rng, profile),
    )


def _acts_group(kind: str) -> str:
    return profiles.ACTS_OF_KIND.get(kind, "reported")


def _known(mix: Mix, index: Indices) -> NDArray[np.bool_]:
    return np.array([bool(code) for code in mix.codes])[index]


def identifiers(prefix: str, size: int) -> pyarrow.Array:
    """Numbers from 1 in seven digits, after the prefix."""
    numbers = pc.cast(pyarrow.array(np.arange(1, size + 1)), pyarrow.string())
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(numbers, 7, "0"), "-")


def _origins(
    rng: np.random.Generator, places: Places, commune: Indices, section: Indices
) -> pyarrow.Array:
    """Where those affected come from: inland mostly the same commune, at the border another."""
    weight = np.cumsum(np.where(places.section == INLAND, places.risk, 0))
    elsewhere = np.searchsorted(weight, rng.random(len(commune)) * weight[-1], side="right")
    local = rng.random(len(commune)) < np.where(section == INLAND, 0.85, 0.3)
    return texts(list(places.code), np.where(local, commune, elsewhere))


def _suspects(rng: np.random.Generator, kind: NDArray[np.object_]) -> NDArray[np.int64]:
    caught = np.isin(kind, ("case150", "case151", "foiled", "exit_lead", "rescue", "fetus"))
    return np.where(caught, rng.geometric(0.55, len(kind)), rng.binomial(1, 0.15, len(kind)))
