"""Interventions over the demonstration data, against a scan of the records as they lie there."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine, text

from geo.analysis.weights import queen
from geo.errors import InputError, NotFoundError
from geo.pipeline.intervention import Answer, Campaign, InterventionQuestion, Network, answer
from geo.pipeline.intervention_answers import told
from geo.pipeline.neighbours import NeighbourIndex
from geo.pipeline.releases import EVERYTHING, Audience, Releases
from geo.settings import load_settings
from geo.store.actors import Jurisdiction
from geo.store.boundaries import stored_units
from geo.store.database import transaction

TODAY = date(2026, 11, 15)
NETWORKS = text(
    "SELECT network.id, dismantled_on, array_agg(DISTINCT commune_2025) AS codes FROM network"
    " JOIN network_node ON network_id = network.id JOIN unit_set ON unit_set.id = unit_set_id"
    " WHERE country = 'VN' AND commune_2025 IS NOT NULL GROUP BY network.id, dismantled_on"
    " ORDER BY dismantled_on"
)
INCIDENTS = text(
    "SELECT commune_2025, count(*) FROM incident JOIN unit_set ON unit_set.id = unit_set_id"
    " WHERE deleted_at IS NULL AND status NOT IN ('duplicate', 'not_victim')"
    " AND occurred_from >= CAST(:first AS date) AND occurred_from < CAST(:last AS date)"
    " GROUP BY commune_2025"
)
OUTREACH = text(
    "SELECT DISTINCT commune_2025 FROM outreach_event JOIN unit_set ON unit_set.id = unit_set_id"
    " WHERE deleted_at IS NULL AND commune_2025 IS NOT NULL"
    " AND occurred_from >= CAST(:first AS date) AND occurred_from < CAST(:last AS date)"
)


@pytest.fixture(scope="module")
def releases() -> Releases:
    """One door for all tests: what it reads it keeps."""
    return Releases(load_settings())


@pytest.fixture(scope="module")
def neighbours() -> NeighbourIndex:
    return NeighbourIndex()


@pytest.fixture(scope="module")
def networks(demo_engine: Engine) -> dict[UUID, tuple[date, set[str]]]:
    """By id the day and the communes of all networks."""
    with transaction(demo_engine) as connection:
        return {row.id: (row.dismantled_on, set(row.codes)) for row in connection.execute(NETWORKS)}


@pytest.fixture(scope="module")
def asked(networks: dict[UUID, tuple[date, set[str]]]) -> UUID:
    """A network of the middle of the records, with a year before and after."""
    return next(one for one, (day, _) in networks.items() if day >= date(2024, 9, 1))


def answered(
    engine: Engine,
    releases: Releases,
    neighbours: NeighbourIndex,
    question: InterventionQuestion,
    audience: Audience = EVERYTHING,
) -> Answer:
    with transaction(engine) as connection:
        counts = partial(releases.counts, audience=audience)
        return answer(connection, question, counts, releases.index, neighbours, TODAY)


@pytest.fixture(scope="module")
def found(
    demo_engine: Engine, releases: Releases, neighbours: NeighbourIndex, asked: UUID
) -> Answer:
    return answered(demo_engine, releases, neighbours, InterventionQuestion(Network(asked)))


def codes(found: Answer, units: np.ndarray) -> set[str]:
    return {found.units[unit].code for unit in units.ravel().tolist()}


def scanned(engine: Engine, found: Answer, part: int) -> dict[str, int]:
    first, last = found.windows.parts[part]
    with transaction(engine) as connection:
        rows = connection.execute(INCIDENTS, {"first": first, "last": last})
        return {row[0]: row[1] for row in rows}


def test_a_network_is_its_places_and_the_months_around_its_day(
    demo_engine: Engine,
    found: Answer,
    asked: UUID,
    networks: dict[UUID, tuple[date, set[str]]],
) -> None:
    day, places = networks[asked]
    assert codes(found, found.effect.matched) == places
    month = day.replace(day=1)
    before, after = found.windows.parts[0][0], found.windows.parts[2][0]
    assert found.windows.parts[1][1] == month
    assert before == month.replace(year=month.year - 1)
    assert after == (month + timedelta(days=31)).replace(day=1)
    counts = [scanned(demo_engine, found, part) for part in range(3)]
    for tally, units in zip(
        (found.effect.tallies[0], found.effect.tallies[1], found.effect.of_controls),
        (found.effect.matched, found.effect.ring, found.effect.controls),
        strict=True,
    ):
        halves = sum(counts[part].get(code, 0) for part in (0, 1) for code in codes(found, units))
        assert tally.before == halves
        assert tally.after == sum(counts[2].get(code, 0) for code in codes(found, units))
    assert found.effect.of_controls.before > 0


def test_the_ring_touches_it_and_controls_are_nothing_of_the_kind(
    demo_engine: Engine,
    found: Answer,
    asked: UUID,
    networks: dict[UUID, tuple[date, set[str]]],
) -> None:
    with transaction(demo_engine) as connection:
        weights = queen(stored_units(connection, "2025", "commune").geometry)
    first, last = found.windows.period
    elsewhere = set.union(
        *(places for one, (day, places) in networks.items() if one != asked and first <= day < last)
    )
    assert len(elsewhere) > 10
    treated = networks[asked][1]
    touching = {
        found.units[other].code
        for unit in found.effect.matched.tolist()
        for other in weights.indices[weights.indptr[unit] : weights.indptr[unit + 1]].tolist()
    }
    assert codes(found, found.effect.ring) == touching - treated - elsewhere
    controls = codes(found, found.effect.controls)
    assert len(controls) == 10 * len(treated)
    assert not controls & (treated | touching | elsewhere)
    borders = {unit.code: unit.is_land_border for unit in found.units}
    assert sum(map(borders.get, controls)) == 10 * sum(map(borders.get, treated))


def test_what_is_used_and_what_is_left_out_is_all_there_is(
    demo_engine: Engine, found: Answer
) -> None:
    total = sum(sum(scanned(demo_engine, found, part).values()) for part in range(3))
    left = (found.left_out["records_in_other_units"], found.left_out["records_in_no_unit"])
    assert found.used["records"] + sum(left) == total
    assert found.used["records"] == sum(
        one.before + one.after for one in (*found.effect.tallies[:2], found.effect.of_controls)
    )


def test_asked_again_every_digit_is_the_same(
    demo_engine: Engine, releases: Releases, found: Answer
) -> None:
    again = answered(demo_engine, releases, NeighbourIndex(), found.question)
    assert told(again, "vi") == told(found, "vi")
    assert again.data_fingerprint == found.data_fingerprint
    other = answered(demo_engine, releases, NeighbourIndex(), replace(found.question, seed=1))
    assert other.effect.changes == found.effect.changes
    assert other.effect.spill != found.effect.spill


def test_a_campaign_is_the_units_where_outreach_was_held(
    demo_engine: Engine, releases: Releases, neighbours: NeighbourIndex
) -> None:
    period = date(2025, 1, 10), date(2025, 3, 21)

    def held(first: date, last: date) -> set[str]:
        with transaction(demo_engine) as connection:
            return set(connection.scalars(OUTREACH, {"first": first, "last": last}))

    here = sorted(held(*period))[:6]
    with transaction(demo_engine) as connection:
        every = set(stored_units(connection, "2025", "commune")["code"])
    quiet = sorted(every - held(*period))[:2]
    question = InterventionQuestion(Campaign((*here, *quiet), *period), months_before=6)
    found = answered(demo_engine, releases, neighbours, question)
    assert found.found.codes == set(here)
    assert found.left_out["units_without_outreach"] == 2
    assert found.windows.parts[1][1] == date(2025, 1, 1)
    assert found.windows.parts[2] == (date(2025, 4, 1), date(2026, 4, 1))
    controls = codes(found, found.effect.controls)
    assert controls
    assert not controls & held(*found.windows.period)
    for units, code in ((tuple(quiet), "intervention.no_outreach"), (("00000",), "unit.unknown")):
        other = replace(question, intervention=Campaign(units, *period))
        with pytest.raises(InputError, match=re.escape(code)):
            answered(demo_engine, releases, neighbours, other)


def test_others_units_are_compared_as_they_are_told(
    demo_engine: Engine, releases: Releases, neighbours: NeighbourIndex, found: Answer
) -> None:
    province = next(iter({found.units[one].province_code for one in found.effect.matched}))
    audience = Audience(is_signed_in=True, own=(Jurisdiction("2025", "province", province),))
    seen = answered(demo_engine, releases, neighbours, found.question, audience)
    base = releases.bases.inside
    own = np.array([unit.province_code == province for unit in seen.units])
    assert (seen.panel.stands_for == np.where(own, 1, base)).all()
    assert not (seen.panel.before[~own] % base).any()
    effect = seen.effect
    assert len(effect.matched)
    assert (own[effect.controls] == own[effect.matched][:, None]).all()
    # Nothing that is exact is told but of one's own units.
    content = told(seen, "vi")
    assert not content["controls"]["is_exact"] or own[effect.controls].all()
    assert "làm tròn" in content["explanation"]


def test_what_is_not_over_is_cut_short_or_refused(
    demo_engine: Engine,
    releases: Releases,
    neighbours: NeighbourIndex,
    networks: dict[UUID, tuple[date, set[str]]],
) -> None:
    late = next(one for one, (day, _) in networks.items() if day >= date(2026, 3, 1))
    question = InterventionQuestion(Network(late))
    cut = answered(demo_engine, releases, neighbours, question)
    assert cut.windows.parts[2][1] == date(2026, 11, 1)
    assert cut.question.months_after == 10 - networks[late][0].month
    with transaction(demo_engine) as connection:
        counts = partial(releases.counts, audience=EVERYTHING)
        with pytest.raises(InputError, match=r"intervention\.too_recent"):
            answer(connection, question, counts, until=networks[late][0])
        with pytest.raises(NotFoundError, match=r"record\.unknown"):
            answer(connection, InterventionQuestion(Network(UUID(int=1))), counts)
    other = replace(question, edition="2024")
    with pytest.raises(NotFoundError, match=r"units\.not_loaded"):
        answered(demo_engine, releases, neighbours, other)


@pytest.mark.parametrize("layer", [("2025", "province"), ("2024", "district")])
def test_other_levels_and_editions_are_asked_too(
    demo_engine: Engine,
    releases: Releases,
    neighbours: NeighbourIndex,
    asked: UUID,
    layer: tuple[str, str],
) -> None:
    question = InterventionQuestion(Network(asked), *layer)
    found = answered(demo_engine, releases, neighbours, question)
    assert found.found.codes <= {unit.code for unit in found.units}
    # What could not be compared has no counts to tell.
    begins = "Incidents in " if len(found.effect.matched) else "The data cannot tell"
    assert told(found, "en")["explanation"].startswith(begins)
