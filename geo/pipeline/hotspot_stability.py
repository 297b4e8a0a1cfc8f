"""Whether the classes of a stored run hold when it is computed a little otherwise."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from geo.analysis.hotspots import METHODS, Neighbourhood, Parameters, neighbourhood
from geo.analysis.stability import DRAWS, FAMILIES, Family, stability, thinned
from geo.analysis.weights import Weights
from geo.errors import ConflictError, InputError
from geo.pipeline.hotspot_methods import Ground, classes_of, whole_numbers
from geo.pipeline.hotspot_questions import Counted, Question, count, question_of
from geo.pipeline.hotspots import read_ground, require_unchanged
from geo.store.database import transaction
from geo.store.hotspots import get_run, run_results, save_stability

# How far the whole period is moved, and what part of it is cut off at either end.
SHIFT = timedelta(days=30)
CUT = 4
NEIGHBOURHOODS: tuple[Neighbourhood, ...] = get_args(Neighbourhood)
# One for each other neighbourhood, three periods, and the draws.
VARIANTS = len(NEIGHBOURHOODS) - 1 + 3 + DRAWS

Progress = Callable[[float], None]
Variant = tuple[Family, NDArray[np.float64]]


def examine(engine: Engine, identifier: UUID, progress: Progress = lambda _: None) -> None:
    """Compute the variants of a run of Gi* or local Moran, and store how its classes held.

    What was examined before is not examined again. Chance comes from the run's own seed.

    Args:
        progress: is told the part that is done, between 0 and 1.

    Raises:
        NotFoundError: there is no such run.
        InputError: its method has no variants.
        ConflictError: the data or the boundaries have changed since it was computed.
    """
    with transaction(engine) as connection:
        run = get_run(connection, identifier)
        if run["variants"]:
            return
        question = question_of(run)
        if not isinstance(question.parameters, Parameters):
            raise InputError(
                "hotspots.no_variants",
                f"Chưa đánh giá được độ vững của phương pháp “{run['method']}”: hãy chọn lần tính"
                " theo gi_star hoặc local_moran.",
                f"Stability is not examined for the method “{run['method']}”: choose a run of"
                " gi_star or local_moran.",
            )
        require_unchanged(connection, run)
        counted = count(connection, question)
        others = [count(connection, one) for one in _other_periods(question)]
        ground = read_ground(connection, run["edition"], run["level"])
        stored = run_results(connection, identifier)["class"]
    variants: dict[Family, list[NDArray[np.float64]]] = {family: [] for family in FAMILIES}
    for done, (family, classes) in enumerate(_variants(question, counted, others, ground), 1):
        variants[family].append(classes)
        progress(done / VARIANTS)
    own = np.array([np.nan if one is None else one for one in stored], dtype=np.float64)
    found = stability(own, variants)
    columns: dict[str, list[Any]] = {
        "code": list(counted.codes),
        **{f"kept_{family}": whole_numbers(kept) for family, kept in found.kept.items()},
        "lowest_class": whole_numbers(found.lowest),
        "highest_class": whole_numbers(found.highest),
    }
    with transaction(engine) as connection:
        save_stability(connection, identifier, found.tried, columns)


def unexamined(connection: Connection, runs: Sequence[UUID]) -> list[UUID]:
    """Those of the runs that have variants, of which none were computed yet."""
    known = [get_run(connection, run) for run in runs]
    return [run["id"] for run in known if run["method"] in METHODS and not run["variants"]]


def examine_all(engine: Engine, runs: Sequence[UUID], progress: Progress) -> None:
    """Examine those of the runs that lack it and still match what is stored."""
    with transaction(engine) as connection:
        local = unexamined(connection, runs)
    for place, run in enumerate(local):

        def within(share: float, place: int = place) -> None:
            progress((place + share) / len(local))

        # A record that came in meanwhile makes it a run of before: the next night has a new one.
        with suppress(ConflictError):
            examine(engine, run, within)


def _variants(
    question: Question, counted: Counted, others: list[Counted], ground: Ground
) -> Iterator[Variant]:
    asked = question.parameters
    if not isinstance(asked, Parameters):
        raise TypeError(asked)
    for other in NEIGHBOURHOODS:
        if other != asked.neighbourhood:
            yield (
                "neighbours",
                classes_of(question, counted, ground, _weights(ground, asked, other)),
            )
    weights = _weights(ground, asked, asked.neighbourhood)
    for period, found in zip(_other_periods(question), others, strict=True):
        yield "periods", classes_of(period, found, ground, weights)
    random = np.random.default_rng(asked.seed)
    for _ in range(DRAWS):
        fewer = replace(counted, counts=thinned(counted.counts[0], random)[None, :])
        yield "records", classes_of(question, fewer, ground, weights)


def _weights(ground: Ground, asked: Parameters, kind: Neighbourhood) -> Weights:
    parameters = replace(asked, neighbourhood=kind)
    return neighbourhood(ground.units.geometry, ground.border.geometry, parameters)


def _other_periods(question: Question) -> list[Question]:
    """A month earlier as a whole, and without its first and its last quarter."""
    first, last = question.period_from, question.period_to
    quarter = (last - first) // CUT
    spans = [(first - SHIFT, last - SHIFT), (first + quarter, last), (first, last - quarter)]
    return [replace(question, period_from=begin, period_to=end) for begin, end in spans]
