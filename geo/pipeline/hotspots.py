"""Hotspot runs: read what is needed, analyse, store the result with all it came from."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, text

from geo import __version__
from geo.analysis.hotspots import Observations, Parameters, Result, analyse, neighbourhood
from geo.errors import NotFoundError
from geo.store.boundaries import stored_units
from geo.store.database import query, transaction
from geo.store.hotspots import RunHeader, find_run, mark_standard, populations, save_run
from geo.store.reference import border_lines
from geo.store.statistics import Selection, UnitCounts, unit_counts

STANDARD_PERIOD = timedelta(days=365)
# What changed since a run was computed: the units it was computed for, or what was counted in them.
StaleReason = Literal["boundaries", "data"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a run: which units, and which days (`period_to` is exclusive)."""

    edition: str
    level: str
    period_from: date
    period_to: date
    kinds: Sequence[str] = ()
    parameters: Parameters = field(default_factory=Parameters)

    @property
    def selection(self) -> Selection:
        """The incidents that are counted."""
        return Selection(
            self.edition, self.level, self.period_from, self.period_to, tuple(self.kinds)
        )


def run_hotspots(engine: Engine, question: Question, *, is_standard: bool = False) -> UUID:
    """Analyse and store; the id of the run.

    The same question over the same data, boundaries and software is not computed twice: the run
    that is there answers.

    Args:
        is_standard: the run becomes what the map and the explanations show unless another is asked
            for; what a person asks for never does.

    Raises:
        NotFoundError: that level of that edition is not loaded.
    """
    with transaction(engine) as connection:
        counted = unit_counts(connection, question.selection, "incidents")
        codes = list(counted.codes)
        if not codes:
            raise NotFoundError(
                "hotspots.no_units",
                f"Chưa nạp cấp “{question.level}” của phiên bản {question.edition}.",
                f"The level “{question.level}” of edition {question.edition} is not loaded.",
            )
        counts = np.array(counted.values, dtype=np.float64)
        people = _people(connection, question.selection, counted)
        header = _header(connection, question, counted, people)
        if known := find_run(connection, header):
            if is_standard:
                mark_standard(connection, known)
            return known
        units = stored_units(connection, question.edition, question.level)
        border = border_lines(connection)
    observations = Observations(
        counts=counts,
        population=people,
        on_border=units["is_land_border"].to_numpy(bool),
        weights=neighbourhood(units.geometry, border.geometry, question.parameters),
        days=(question.period_to - question.period_from).days,
    )
    result = analyse(observations, question.parameters)
    with transaction(engine) as connection:
        made = save_run(connection, header, _rows(codes, observations, result))
        if is_standard:
            mark_standard(connection, made)
        return made


def run_standard(engine: Engine, edition: str | None = None) -> list[UUID]:
    """The runs that the map opens with, for every layer loaded, or those of one edition.

    By rate, for the whole country and for the land border alone, over the last twelve months that
    have records and in which the edition was in force: those of 2024 end on 30 June 2025.
    """
    with transaction(engine) as connection:
        layers = connection.execute(query("standard_layers")).all()
    questions = [
        Question(
            layer.edition,
            layer.level,
            layer.last_day + timedelta(days=1) - STANDARD_PERIOD,
            layer.last_day + timedelta(days=1),
            parameters=Parameters(border_only=border_only),
        )
        for layer in layers
        if edition in (None, layer.edition)
        for border_only in (False, True)
    ]
    return [run_hotspots(engine, question, is_standard=True) for question in questions]


def with_staleness(
    connection: Connection, runs: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The runs with `stale`, and `stale_reason`: what no longer matches their fingerprints.

    A run over units that have been replaced explains nothing on the new ones; a run over records or
    populations that changed since is of yesterday. Runs of one period and kinds are counted once.

    Args:
        runs: with the columns of hotspot_run.
    """
    boundaries = {
        (layer.edition, layer.level): layer.fingerprint
        for layer in connection.execute(
            text("SELECT edition, level, fingerprint FROM boundary_layer")
        )
    }
    fingerprints: dict[Selection, str] = {}

    def reason(run: Mapping[str, Any]) -> StaleReason | None:
        if boundaries.get((run["edition"], run["level"])) != run["boundary_fingerprint"]:
            return "boundaries"
        selection = Selection(
            run["edition"],
            run["level"],
            run["period_from"],
            run["period_to"],
            tuple(run["parameters"]["kinds"]),
        )
        if selection not in fingerprints:
            counted = unit_counts(connection, selection, "incidents")
            people = _people(connection, selection, counted)
            fingerprints[selection] = _data_fingerprint(counted, people)
        return None if fingerprints[selection] == run["data_fingerprint"] else "data"

    reasons = [(run, reason(run)) for run in runs]
    return [dict(run) | {"stale": why is not None, "stale_reason": why} for run, why in reasons]


def _people(
    connection: Connection, selection: Selection, counted: UnitCounts
) -> NDArray[np.float64]:
    return populations(
        connection, selection.edition, selection.level, list(counted.codes), selection.last.year
    )


def _data_fingerprint(counted: UnitCounts, people: NDArray[np.float64]) -> str:
    data = hashlib.sha256("".join(counted.codes).encode())
    data.update(np.array(counted.values, dtype=np.float64).tobytes())
    data.update(np.nan_to_num(people, nan=-1.0).tobytes())
    return data.hexdigest()


def _header(
    connection: Connection,
    question: Question,
    counted: UnitCounts,
    people: NDArray[np.float64],
) -> RunHeader:
    boundary = connection.execute(
        text("SELECT fingerprint FROM boundary_layer WHERE edition = :edition AND level = :level"),
        {"edition": question.edition, "level": question.level},
    ).scalar_one()
    return RunHeader(
        method=question.parameters.method,
        edition=question.edition,
        level=question.level,
        period_from=question.period_from,
        period_to=question.period_to,
        parameters=question.parameters.as_dict() | {"kinds": sorted(question.kinds)},
        data_fingerprint=_data_fingerprint(counted, people),
        boundary_fingerprint=boundary,
        software_version=__version__,
        records_used=sum(counted.values),
        records_left_out=counted.total - sum(counted.values),
    )


def _rows(codes: list[str], observations: Observations, result: Result) -> list[tuple[Any, ...]]:
    def plain(values: NDArray[np.float64]) -> list[float | None]:
        return [None if np.isnan(value) else float(value) for value in values]

    def whole(values: NDArray[np.float64]) -> list[int | None]:
        return [None if np.isnan(value) else int(value) for value in values]

    return list(
        zip(
            codes,
            whole(observations.counts),
            whole(observations.population),
            plain(result.value),
            plain(result.expected),
            plain(result.neighbour_mean),
            result.neighbours.tolist(),
            plain(result.z),
            plain(result.p),
            plain(result.q),
            whole(result.classes),
            strict=True,
        )
    )
