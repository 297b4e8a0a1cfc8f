"""What a class of Gi* or local Moran rests on, and the sentences that say it to an audience."""

from collections.abc import Mapping, Sequence
from typing import Any

from geo.analysis.explanation import (
    Evidence,
    explain,
    explain_absence,
    explain_class,
    explain_counts,
)
from geo.analysis.hotspots import is_drawn
from geo.analysis.rates import DAYS_PER_YEAR, PER
from geo.errors import Language
from geo.pipeline.releases import ReleasedCounts

Columns = Mapping[str, Sequence[Any]]


def evidence_of(result: Mapping[str, Any]) -> Evidence:
    """The evidence of one unit.

    Args:
        result: the columns of hotspot_result, with those of its run.
    """
    return Evidence(
        measure=result["parameters"]["measure"],
        incidents=result["incidents"],
        expected_incidents=expected_incidents(result),
        value=result["value"],
        expected=result["expected"],
        neighbour_mean=result["neighbour_mean"],
        p=result["p"],
        q=result["q"],
        permutations=_permutations(result),
        hot_class=result["class"],
    )


def expected_incidents(result: Mapping[str, Any]) -> float | None:
    """What the unit would count at the mean of all units."""
    if result["expected"] is None or result["parameters"]["measure"] == "count":
        expected: float | None = result["expected"]
        return expected
    if result["population"] is None:
        return None
    years = (result["period_to"] - result["period_from"]).days / DAYS_PER_YEAR
    return float(result["expected"] * result["population"] / PER * years)


def _permutations(result: Mapping[str, Any]) -> int | None:
    """How many neighbourhoods p comes from; none where it comes from the law of the incidents."""
    asked = result["parameters"]
    return asked.get("permutations") if is_drawn(result["method"], asked["measure"]) else None


def released_expectations(
    parameters: Mapping[str, Any], columns: Columns, counted: ReleasedCounts
) -> dict[str, float | None]:
    """What each unit would count at the mean of all, as far as these may be known.

    Released counts sum to the true ones but for their rounding, a few per cent of the country's.

    Args:
        parameters: of the run.
        columns: its results.
        counted: incidents of its days and kinds.
    """
    told = dict(zip(counted.counts.codes, counted.counts.values, strict=True))
    among = [place for place, level in enumerate(columns["expected"]) if level is not None]
    incidents = sum(told.get(columns["code"][place], 0) for place in among)
    expected: dict[str, float | None] = dict.fromkeys(columns["code"])
    if parameters["measure"] == "count":
        return expected | {columns["code"][place]: incidents / len(among) for place in among}
    population = columns["population"]
    people = sum(population[place] or 0 for place in among)
    return expected | {
        columns["code"][place]: float(incidents / people * population[place])
        for place in among
        if population[place]
    }


def sentences(
    run: Mapping[str, Any], columns: Columns, counted: ReleasedCounts, language: Language
) -> dict[str, str]:
    """Why each unit of a run has its class, by code, as an audience may be told.

    In its own units that is the count, exactly, and what is to be expected; elsewhere the class.

    Args:
        run: with the columns of hotspot_run; its method has no time axis.
        columns: its results.
        counted: incidents of its days and kinds, as released to the audience.
    """
    rows = [
        dict(run) | dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]
    if counted.protection is None:
        return {row["code"]: _sentence(row, explain(evidence_of(row), language), language)
                for row in rows}  # fmt: skip
    expected = released_expectations(run["parameters"], columns, counted)
    own = {
        code: value
        for code, value, base in zip(
            counted.counts.codes, counted.shown, counted.bases, strict=True
        )
        if base is None
    }
    told = {}
    for row in rows:
        code, said = row["code"], ""
        if row["class"] is not None:
            said = explain_class(row["class"], language)
            if (known := own.get(code)) is not None:
                said = f"{explain_counts(known, expected[code], language)} {said}".strip()
        told[code] = _sentence(row, said, language)
    return told


def _sentence(row: Mapping[str, Any], explanation: str, language: Language) -> str:
    if row["class"] is not None:
        return explanation
    return explain_absence(
        language,
        border_only=row["parameters"]["border_only"],
        lacks_population=not (row["population"] or row["parameters"]["measure"] == "count"),
    )
