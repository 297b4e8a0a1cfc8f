"""Whether the classes of a stored run hold when it is computed a little otherwise."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple, get_args
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from geo.analysis.hotspots import Neighbourhood, Parameters, neighbourhood
from geo.analysis.scan_windows import TooManyWindows
from geo.analysis.space_time import EmergingParameters, ScanParameters
from geo.analysis.stability import DRAWS, FAMILIES, Family, stability, thinned
from geo.analysis.weights import Weights
from geo.dates import first_day, nearest_month
from geo.errors import ConflictError
from geo.pipeline.hotspot_disclosure import narrow
from geo.pipeline.hotspot_methods import Ground, sides, sides_of, whole_numbers
from geo.pipeline.hotspot_questions import WEEK, Counted, Question, count, question_of
from geo.pipeline.hotspots import read_ground, require_unchanged
from geo.store.database import transaction
from geo.store.hotspots import get_run, run_results, save_stability

# How far the whole period is moved, and what part of it is cut off at either end.
SHIFT = timedelta(days=30)
CUT = 4
NEIGHBOURHOODS: tuple[Neighbourhood, ...] = get_args(Neighbourhood)
WIDEST_SHARE = 0.5
# As many as a class of 99 % asks for; more would only make p finer, a dozen times.
SCAN_REPLICATIONS = 99

Progress = Callable[[float], None]


class Variant(NamedTuple):
    """A question put a little otherwise; `draws` times each without a part of the records."""

    family: Family
    question: Question
    draws: int = 0


def examine(engine: Engine, identifier: UUID, progress: Progress = lambda _: None) -> None:
    """Compute the variants of a run, and store how its classes held.

    What was examined before is not examined again. Chance comes from the run's own seed.

    Args:
        progress: is told the part that is done, between 0 and 1.

    Raises:
        NotFoundError: there is no such run.
        ConflictError: the data or the boundaries have changed since it was computed.
    """
    with transaction(engine) as connection:
        run = get_run(connection, identifier, also_restricted=True)
        if run["variants"]:
            return
        question = question_of(run)
        require_unchanged(connection, run)
        counted = [(one, count(connection, one.question)) for one in variants_of(question)]
        ground = read_ground(connection, run["edition"], run["level"])
        stored = run_results(connection, identifier)
    classes: dict[Family, list[NDArray[np.float64]]] = {family: [] for family in FAMILIES}
    whole = sum(one.draws or 1 for one, _ in counted)
    for done, (family, found) in enumerate(_computed(counted, ground), 1):
        classes[family].append(found)
        progress(done / whole)
    own = np.array([np.nan if one is None else one for one in stored["class"]], dtype=np.float64)
    held = stability(sides(question, own), classes)
    columns: dict[str, list[Any]] = {
        "code": list(stored["code"]),
        **{f"kept_{family}": whole_numbers(kept) for family, kept in held.kept.items()},
        "lowest_class": whole_numbers(held.lowest),
        "highest_class": whole_numbers(held.highest),
    }
    with transaction(engine) as connection:
        save_stability(connection, identifier, held.tried, columns)


def unexamined(connection: Connection, runs: Sequence[UUID]) -> list[UUID]:
    """Those of the runs whose variants were not computed yet."""
    known = [get_run(connection, run, also_restricted=True) for run in runs]
    return [run["id"] for run in known if not run["variants"]]


def examine_all(engine: Engine, runs: Sequence[UUID], progress: Progress) -> None:
    """Examine those of the runs that lack it and still match what is stored."""
    with transaction(engine) as connection:
        waiting = unexamined(connection, runs)
    for place, run in enumerate(waiting):

        def within(share: float, place: int = place) -> None:
            progress((place + share) / len(waiting))

        # A record that came in meanwhile makes it a run of before: the next night has a new one.
        with suppress(ConflictError):
            examine(engine, run, within)


def _computed(
    counted: Sequence[tuple[Variant, Counted]], ground: Ground
) -> Iterator[tuple[Family, NDArray[np.float64]]]:
    """The classes of each variant; neighbours are looked for once of a kind."""
    known: dict[Neighbourhood, Weights] = {}
    for one, found in counted:
        asked = one.question.parameters
        weights = None
        if not isinstance(asked, ScanParameters):
            kind = asked.neighbourhood
            if kind not in known:
                known[kind] = neighbourhood(ground.units.geometry, ground.border.geometry, asked)
            weights = known[kind]
        for part in _parts(one, found):
            # Wider circles may be too many: that says nothing of any unit.
            with suppress(TooManyWindows):
                yield one.family, sides_of(one.question, part, ground, weights)


def _parts(variant: Variant, counted: Counted) -> Iterator[Counted]:
    """What was counted as a whole, or as often as the variant says without a part of it."""
    if not variant.draws:
        yield counted
    random = np.random.default_rng(variant.question.parameters.seed)
    for _ in range(variant.draws):
        fewer = thinned(counted.counts.ravel(), random).reshape(counted.counts.shape)
        yield replace(counted, counts=fewer)


def variants_of(question: Question) -> list[Variant]:
    """Among other neighbours (in other circles), over other periods, with fewer records."""
    asked = question.parameters
    if isinstance(asked, ScanParameters):
        asked = replace(asked, replications=min(asked.replications, SCAN_REPLICATIONS))
        question = replace(question, parameters=asked)
        places = _circles(question, asked)
    else:
        places = _neighbourhoods(question, asked)
    if isinstance(asked, Parameters):
        periods = _other_days(question)
    else:
        periods = _other_steps(question, asked)
    if not narrow(question):
        # How its classes hold is told to whom the run is.
        periods = [one for one in periods if not narrow(one)]
    return [
        *(Variant("neighbours", one) for one in places),
        *(Variant("periods", one) for one in periods),
        Variant("records", question, DRAWS),
    ]


def _neighbourhoods(question: Question, asked: Parameters | EmergingParameters) -> list[Question]:
    kinds = [kind for kind in NEIGHBOURHOODS if kind != asked.neighbourhood]
    return [replace(question, parameters=replace(asked, neighbourhood=kind)) for kind in kinds]


def _circles(question: Question, asked: ScanParameters) -> list[Question]:
    """That may hold half as much, and twice as much."""
    shares = [asked.largest_share / 2, min(asked.largest_share * 2, WIDEST_SHARE)]
    return [replace(question, parameters=replace(asked, largest_share=share)) for share in shares]


def _other_days(question: Question) -> list[Question]:
    """A month earlier, and without the first or the last quarter; for everybody whole months."""
    first, last = question.period_from, question.period_to
    quarter = (last - first) // CUT
    spans = [(first - SHIFT, last - SHIFT), (first + quarter, last), (first, last - quarter)]
    if not narrow(question):
        spans = [(_month_near(begin), _month_near(end)) for begin, end in spans]
    return [replace(question, period_from=begin, period_to=end) for begin, end in spans]


def _month_near(day: date) -> date:
    return first_day(nearest_month(day))


def _other_steps(question: Question, asked: EmergingParameters | ScanParameters) -> list[Question]:
    """A step earlier; without the first quarter, and in steps twice as long, if enough stay."""
    edges, step, fewest = question.edges, asked.step, asked.fewest_steps
    cells = len(edges) - 1
    if question.by_weeks:
        begin, end = (edge - step * WEEK for edge in (edges[0], edges[-1]))
    else:
        begin, end = (first_day(month - step) for month in question.months)
    others = [replace(question, period_from=begin, period_to=end)]
    cut = cells // step // CUT * step
    if cut and cells - cut >= fewest * step:
        others.append(replace(question, period_from=edges[cut]))
    if cells >= 2 * fewest * step:
        begin = edges[cells % (2 * step)]
        others.append(replace(question, period_from=begin, parameters=asked.coarser()))
    return others
