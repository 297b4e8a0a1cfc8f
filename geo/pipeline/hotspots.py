"""Hotspot runs: read what is needed, analyse, store the result with all it came from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from geo import __version__
from geo.analysis.hotspots import Parameters
from geo.analysis.space_time import EmergingParameters, ScanParameters, usual_share
from geo.dates import first_day, month_number
from geo.errors import ConflictError
from geo.pipeline.hotspot_disclosure import (
    NarrowQuestionError,
    narrow,
    refuse_narrow,
    sparse,
)
from geo.pipeline.hotspot_methods import Ground, answer, too_little
from geo.pipeline.hotspot_questions import (
    Counted,
    MethodParameters,
    Question,
    count,
    question_of,
)
from geo.pipeline.observed import refuse_unfinished
from geo.pipeline.progress import COMPUTING, READING, STORING, Step, Watch, nobody
from geo.pipeline.releases import EVERYTHING, Audience
from geo.pipeline.taking_part import taking_part
from geo.store.boundaries import stored_units
from geo.store.database import query, transaction
from geo.store.hotspots import (
    RESULT_COLUMNS,
    RunHeader,
    border_line_fingerprint,
    cluster_rows,
    find_run,
    get_run,
    mark_standard,
    run_results,
    save_run,
)
from geo.store.reference import border_lines
from geo.store.unit_sets import UnitIndex
from geo.store.units import not_loaded

STANDARD_MONTHS = 12
# How far standard runs with a time axis look back: five years of slices, three of scanned months.
EMERGING_MONTHS = 60
SCAN_MONTHS = 36
# What changed since a run was computed: the units it was computed for, or what was counted in them.
StaleReason = Literal["boundaries", "data"]


def run_hotspots(
    engine: Engine,
    question: Question,
    *,
    audience: Audience = EVERYTHING,
    is_standard: bool = False,
    ground: Ground | None = None,
    watch: Watch = nobody,
) -> UUID:
    """Analyse and store; the id of the run.

    The same question over the same data, boundaries and software is not computed twice: the run
    that is there answers. One that is too narrow for everybody is kept as restricted, whoever asks.

    Args:
        audience: who asks: who does not see all counts is not answered what is too narrow.
        is_standard: the run becomes what the map and the explanations show unless another is asked
            for; what a person asks for never does.
        ground: where the units lie, for who has read it before.
        watch: told what is being done; where it raises, nothing is stored.

    Raises:
        NotFoundError: that level of that edition is not loaded.
        InputError: the method cannot take the period, part of it is still to come, there is nothing
            or too little to analyse, or too much to scan.
        NarrowQuestionError: the run would tell the audience of single incidents.
    """
    watch(READING, 0.0)
    refuse_unfinished(question.period_from, question.period_to)
    refuse_narrow(narrow(question), audience)
    with transaction(engine) as connection:
        counted = count(connection, question)
        if not counted.codes:
            raise not_loaded(question.edition, question.level)
        ground = ground or read_ground(connection, question.edition, question.level)
        header, fault = _header(connection, question, counted, ground)
        refuse_narrow(fault, audience)
        if not header.records_used and not is_standard:
            raise too_little()
        if known := find_run(connection, header):
            if is_standard:
                mark_standard(connection, known)
            return known
    watch(COMPUTING, 0.05)
    findings = answer(question, counted, ground, lambda share: watch(COMPUTING, 0.05 + 0.9 * share))
    watch(STORING, 0.95)
    with transaction(engine) as connection:
        made = save_run(connection, header, findings)
        if is_standard:
            mark_standard(connection, made)
        return made


def rerun(engine: Engine, identifier: UUID, watch: Watch = nobody) -> bool:
    """Compute a stored run again from its parameters: whether every number is the same.

    Args:
        watch: told what is being done.

    Raises:
        NotFoundError: there is no such run.
        ConflictError: the data or the boundaries have changed since.
    """
    watch(READING, 0.0)
    with transaction(engine) as connection:
        run = get_run(connection, identifier, also_restricted=True)
        require_unchanged(connection, run)
        question = question_of(run)
        counted = count(connection, question)
        ground = read_ground(connection, run["edition"], run["level"])
        stored = run_results(connection, identifier)
        clusters = cluster_rows(connection, identifier)
    watch(COMPUTING, 0.05)
    findings = answer(
        question, counted, ground, lambda share: watch(COMPUTING, 0.05 + 0.95 * share)
    )
    rows = zip(*(stored[name] for name in RESULT_COLUMNS), strict=True)
    by_code = [sorted(some, key=itemgetter(0)) for some in (findings.rows, rows)]
    return by_code[0] == by_code[1] and list(findings.clusters) == clusters


def require_unchanged(connection: Connection, run: Mapping[str, Any]) -> None:
    """Refuse to compare a run with what is stored now, unless it was computed from that.

    Raises:
        ConflictError: the data or the boundaries have changed since.
    """
    [checked] = with_staleness(connection, [run])
    if checked["stale"]:
        raise ConflictError(
            "hotspots.stale",
            "Dữ liệu hoặc địa giới đã thay đổi từ khi tính: không thể so sánh. Hãy tính lại.",
            "The data or the boundaries have changed since: nothing to compare with. Run it anew.",
        )


def run_standard(engine: Engine, edition: str | None = None, watch: Watch = nobody) -> list[UUID]:
    """The runs that the map opens with, for every layer loaded, or those of one edition.

    For the whole country and for the land border alone: Gi* by rate over the last twelve whole
    months that have records and in which the edition was in force (those of 2024 end on 30 June
    2025), emerging hotspots over five years, and of the edition in force clusters that are there
    now. Where there are too few records for everybody to see them, a run is restricted, and the
    newest one that is not stays what the others see. What ended half-way is taken up where it was:
    a run that is stored answers the next time.

    Args:
        watch: told what is being done; it may end it by raising, between runs or within one.
    """
    planned = _standard_questions(engine, edition)
    made: list[UUID] = []
    for place, questions in groupby(planned, key=attrgetter("edition", "level")):
        with transaction(engine) as connection:
            ground = read_ground(connection, *place)
        for question in questions:
            name, done = " ".join((*place, question.parameters.method)), len(made)

            def within(step: Step, share: float, name: str = name, done: int = done) -> None:
                watch(step.of(name), (done + share) / len(planned))

            made.append(
                run_hotspots(engine, question, is_standard=True, ground=ground, watch=within)
            )
    return made


def _standard_questions(engine: Engine, edition: str | None) -> list[Question]:
    """The standard questions, those of one layer one after the other."""
    with transaction(engine) as connection:
        layers = connection.execute(query("standard_layers")).all()
        first = connection.execute(query("store_overview")).one()[0]
    return [
        question
        for layer in layers
        if edition in (None, layer.edition)
        for question in _questions_of_layer(layer, first)
    ]


def _questions_of_layer(layer: Any, first_month: int | None) -> Iterator[Question]:
    until = (layer.last_day + timedelta(days=1)).replace(day=1)
    for parameters in _standard_parameters(is_in_force=layer.is_in_force):
        begin = _standard_begin(parameters, first_month, until)
        if begin is not None:
            yield Question(layer.edition, layer.level, begin, until, (), parameters)


def _standard_parameters(*, is_in_force: bool) -> list[MethodParameters]:
    wanted: list[MethodParameters] = [
        *(Parameters(border_only=border_only) for border_only in (False, True)),
        *(EmergingParameters(border_only=border_only) for border_only in (False, True)),
    ]
    if is_in_force:
        country = ScanParameters()
        share = usual_share(country.method, border_only=True)
        wanted += [country, replace(country, border_only=True, largest_share=share)]
    return wanted


def _standard_begin(
    parameters: MethodParameters, first_month: int | None, until: date
) -> date | None:
    """The first day of a standard run; None where there are too few months with records."""
    end = month_number(until)
    if isinstance(parameters, Parameters):
        return first_day(end - STANDARD_MONTHS)
    most = EMERGING_MONTHS if isinstance(parameters, EmergingParameters) else SCAN_MONTHS
    months = 0 if first_month is None else min(end - first_month, most)
    months -= months % parameters.step_months
    if months < parameters.fewest_steps * parameters.step_months:
        return None
    return first_day(end - months)


def with_staleness(
    connection: Connection, runs: Iterable[Mapping[str, Any]], index: UnitIndex | None = None
) -> list[dict[str, Any]]:
    """The runs with `stale`, and `stale_reason`: what no longer matches their fingerprints.

    A run over units that have been replaced explains nothing on the new ones, nor one along a
    border that runs elsewhere now; a run over records or populations that changed since is of
    yesterday. Runs that count the same are counted once.

    Args:
        runs: with the columns of hotspot_run.
        index: keeps the places of sets from one question to the next.
    """
    index = index or UnitIndex()
    boundaries = {
        (layer.edition, layer.level): layer.fingerprint
        for layer in connection.execute(
            text("SELECT edition, level, fingerprint FROM boundary_layer")
        )
    }
    border = border_line_fingerprint(connection)
    fingerprints: dict[object, str] = {}

    def reason(run: Mapping[str, Any]) -> StaleReason | None:
        if boundaries.get((run["edition"], run["level"])) != run["boundary_fingerprint"]:
            return "boundaries"
        if run["border_fingerprint"] not in (None, border):
            return "boundaries"
        question = question_of(run)
        is_local = isinstance(question.parameters, Parameters)
        counted = question.selection, is_local, question.by_weeks
        if counted not in fingerprints:
            fingerprints[counted] = count(connection, question, index).fingerprint
        return None if fingerprints[counted] == run["data_fingerprint"] else "data"

    reasons = [(run, reason(run)) for run in runs]
    return [dict(run) | {"stale": why is not None, "stale_reason": why} for run, why in reasons]


def read_ground(connection: Connection, edition: str, level: str) -> Ground:
    """The units of a level, and the border beside which they lie."""
    return Ground(stored_units(connection, edition, level), border_lines(connection))


def _header(
    connection: Connection, question: Question, counted: Counted, ground: Ground
) -> tuple[RunHeader, NarrowQuestionError | None]:
    """What identifies the run, and why it is not for everybody; None where it is."""
    boundary = connection.execute(
        text("SELECT fingerprint FROM boundary_layer WHERE edition = :edition AND level = :level"),
        {"edition": question.edition, "level": question.level},
    ).scalar_one()
    used, left_out = _taking_part(question, counted, ground)
    fault = narrow(question) or _too_sparse(connection, question, counted, ground)
    header = RunHeader(
        method=question.parameters.method,
        edition=question.edition,
        level=question.level,
        period_from=question.period_from,
        period_to=question.period_to,
        # Of a scan the measure follows from its method.
        parameters=asdict(question.parameters)
        | {"measure": question.parameters.measure, "kinds": sorted(question.kinds)},
        data_fingerprint=counted.fingerprint,
        boundary_fingerprint=boundary,
        software_version=__version__,
        records_used=used,
        records_left_out=counted.total - used,
        border_fingerprint=border_line_fingerprint(connection) if question.needs_border else None,
        left_out=left_out,
        is_restricted=fault is not None,
    )
    return header, fault


def _taking_part(
    question: Question, counted: Counted, ground: Ground
) -> tuple[int, dict[str, int]]:
    inland = ~ground.on_border & question.parameters.border_only
    by_rate = question.parameters.measure != "count"
    values = counted.counts.sum(axis=0)
    return taking_part(values, counted.population, inland, counted.total, by_rate=by_rate)


def _too_sparse(
    connection: Connection, question: Question, counted: Counted, ground: Ground
) -> NarrowQuestionError | None:
    present, units = _present(question, counted, ground)
    fault = sparse(present, units)
    if fault or not question.kinds:
        return fault
    all_kinds = replace(question, kinds=())
    whole, _ = _present(all_kinds, count(connection, all_kinds), ground)
    return sparse(whole - present, units)


def _present(question: Question, counted: Counted, ground: Ground) -> tuple[int, int]:
    """Incidents that a class speaks of (of emerging hotspots the last slice), and all its units."""
    if isinstance(question.parameters, EmergingParameters):
        counted = replace(counted, counts=counted.counts[-question.parameters.step :])
    used, left_out = _taking_part(question, counted, ground)
    units = len(counted.codes) - left_out["units_inland"] - left_out["units_without_population"]
    return used, units
