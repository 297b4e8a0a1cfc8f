"""The page of one unit: all that is known of it, as whoever opens it may know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from sqlalchemy import Connection, Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.actors import actor_of_cookie
from api.coverage import explained
from api.disclosure import Door, open_door
from api.reading_audit import noted
from api.unit_hotspot import hotspot_of_unit
from api.unit_profile import profile_of
from geo.dates import first_day, month_number, today
from geo.errors import Language, NotFoundError
from geo.pipeline.coverage import CoverageQuestion, cover
from geo.pipeline.flows import FlowFilter, NetworkFlows, network_flows
from geo.store import hotspot_reviews, rasters, unit_profiles
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.hotspots import run_classes
from geo.store.reading import RecordFilter, list_records
from geo.store.units import find_units, get_unit
from web import unit_figures as figures
from web.assets import Assets
from web.desk import DESK_ROLES
from web.i18n import messages, page_language
from web.maps import TEMPLATES, PageRequest
from web.page_data import MapState, read_map_state
from web.sign_in import sign_in_address
from web.unit_view import LEGENDS, Words

# The level of the units that lie in one, by edition and level.
INSIDE = {("2025", "province"): "commune", ("2024", "province"): "district"}
NOT_KEPT = {"Cache-Control": "no-store"}
Months = Literal["12", "24", "36"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who opens the page, in which language, and what is opened to him.

    `connection` sees the records that he may see, and none without a sign-in.
    """

    connection: Connection
    door: Door
    actor: Actor | None
    language: Language


def create_unit_pages(engine: Engine, assets: Assets) -> APIRouter:
    """The route of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/don-vi/{edition}/{level}/{code}")
    def unit_page(
        request: Request,
        edition: Literal["2025", "2024"],
        level: Literal["province", "district", "commune"],
        code: Annotated[str, Path(pattern="^[0-9]{2,5}$")],
        months: Months = "12",
    ) -> Response:
        actor = actor_of_cookie(request)
        if actor is not None and actor.must_enrol:
            return RedirectResponse("/account", 303, NOT_KEPT)
        asked = PageRequest(page_language(request), request.state.nonce, actor)
        around = {"sign_in": sign_in_address(request), "address": (edition, level, code)}
        door, unit = open_door(request, actor), (edition, level, code)
        state = read_map_state(engine, also_restricted=door.sees_all)
        with acting(engine, actor.account_id if actor else None) as connection:
            reader = Reader(connection, door, actor, asked.language)
            try:
                found = _gather(reader, unit, state, int(months))
            except NotFoundError:
                return HTMLResponse(_render(asked, assets, state, around), 404, NOT_KEPT)
            told = [("network", one["id"]) for one in found["networks"]["cases"]]
            html = _render(asked, assets, state, around | found)
            return noted(connection, HTMLResponse(html, headers=NOT_KEPT), told)

    return router


def _render(
    asked: PageRequest,
    assets: Assets,
    state: MapState,
    found: Mapping[str, Any],
) -> str:
    return TEMPLATES.get_template("unit.html" if "unit" in found else "no-unit.html").render(
        page=asked,
        assets=assets,
        t=messages(asked.language),
        say=Words(asked.language),
        legends=LEGENDS,
        is_demo=state.is_demo,
        **found,
    )


def _gather(
    reader: Reader, unit: unit_profiles.Unit, state: MapState, months: int
) -> dict[str, Any]:
    """All that the template writes.

    Raises:
        NotFoundError: there is no such unit.
    """
    connection, door = reader.connection, reader.door
    facts = get_unit(connection, *unit)
    span = _span(state, months)
    days = first_day(span.first), first_day(span.last + 1)
    is_own = door.is_own(connection, unit)
    run = unit_profiles.country_run(connection, *unit[:2], also_restricted=door.sees_all)
    profile = profile_of(connection, door, unit, days, run)
    return _incidents(reader, unit, span) | {
        "unit": facts,
        "layer": _layer(state, unit),
        "months": months,
        "span": span,
        "days": days,
        "is_own": is_own,
        "may_judge": is_own and reader.actor is not None and reader.actor.role in DESK_ROLES,
        "profile": profile,
        "channels": figures.channels(profile["channels"], reader.language),
        "parts": unit_profiles.drawing(connection, unit, run),
        "size": unit_profiles.DRAWING_SIZE,
        "hotspots": _hotspots(reader, unit, state),
        "coverage": _coverage(reader, unit, days),
        "models": _models(reader, unit),
        "networks": _networks(reader, unit),
        "decisions": _decisions(reader, unit),
        "inside": _inside(reader, unit),
        "rasters": _rasters(reader, unit),
    }


def _rasters(reader: Reader, unit: unit_profiles.Unit) -> list[tuple[str, str]]:
    """The lines of raster layers that the reader may see; they are measured in units of today."""
    edition, level, code = unit
    if edition != rasters.EDITION:
        return []
    found = rasters.figures_of_unit(reader.connection, level, code)
    return [figures.raster_line(one, reader.language) for one in found]


def _incidents(reader: Reader, unit: unit_profiles.Unit, span: figures.Span) -> dict[str, Any]:
    """The months as they may be told; `base` is None where they are exact."""
    released, language = reader.door.months(reader.connection, unit), reader.language
    return {
        "base": released.base,
        "totals": figures.totals(released, span, language),
        "trend": figures.trend(released, span, language),
        "kinds": figures.kinds(released, span, language),
    }


def _span(state: MapState, months: int) -> figures.Span:
    """So many whole months up to the last one that has ended and has data."""
    ended = month_number(today()) - 1
    last = min(ended, state.months[1]) if state.months else ended
    return figures.Span(last - months + 1, last)


def _layer(state: MapState, unit: unit_profiles.Unit) -> Mapping[str, Any]:
    return next(one for one in state.levels if (one["edition"], one["level"]) == unit[:2])


def _hotspots(reader: Reader, unit: unit_profiles.Unit, state: MapState) -> list[dict[str, Any]]:
    """What the newest standard runs say: that of the country, and others where the unit stands out.

    Sentences that were said before are not said again.
    """
    found: list[dict[str, Any]] = []
    runs = [one for one in state.runs if (one["edition"], one["level"]) == unit[:2]]
    runs.sort(key=lambda one: (one["method"] != "gi_star", one["method"], _is_border(one)))
    for run in runs:
        identifier = UUID(run["id"])
        told = hotspot_of_unit(reader.connection, reader.door, unit, identifier, reader.language)
        if told is None or told["stale_reason"] == "boundaries":
            continue
        is_first = run["method"] == "gi_star" and not _is_border(run)
        is_new = told["explanation"] not in [one["explanation"] for one in found]
        if is_first or (told["class"] and is_new):
            found.append(told | {"border_only": _is_border(run)})
    return found


def _is_border(run: Mapping[str, Any]) -> bool:
    return bool(run["parameters"].get("border_only"))


def _coverage(reader: Reader, unit: unit_profiles.Unit, days: tuple[Any, Any]) -> str:
    """How outreach stands against risk, in words."""
    edition, level, code = unit
    door, question = reader.door, CoverageQuestion(edition, level, *days)
    covered = cover(reader.connection, question, door.counts, door.releases.index)
    number = [one.code for one in covered.units].index(code)
    return explained(covered, number, reader.language)


def _models(reader: Reader, unit: unit_profiles.Unit) -> list[dict[str, Any]]:
    """Clubs and models of prevention that the reader may see."""
    wanted = RecordFilter(unit=unit, limit=50)
    found = list_records(reader.connection, "prevention_model", wanted)
    return [one["properties"] for one in found]


def _networks(reader: Reader, unit: unit_profiles.Unit) -> dict[str, Any]:
    """Dismantled networks with a place in the unit, of those that the reader may see."""
    empty: dict[str, Any] = {"cases": [], "roles": {}, "flows": []}
    if reader.actor is None:
        return empty
    edition, level, code = unit
    found = network_flows(reader.connection, FlowFilter(edition, level))
    hub = next((one for one in found.merged.hubs if one.place == code), None)
    if hub is None:
        return empty
    return {
        "cases": unit_profiles.networks(reader.connection, hub.networks),
        "roles": dict(hub.roles),
        "flows": _flows(found, code, reader.language),
    }


def _flows(found: NetworkFlows, code: str, language: Language) -> list[dict[str, Any]]:
    def end(place: str) -> dict[str, Any]:
        mark = found.marks[place]
        is_unit = place.isdigit()
        name = mark.name if is_unit or language == "vi" else mark.name_en
        return {"code": place if is_unit and place != code else None, "name": name}

    return [
        {"start": end(one.start), "end": end(one.end), "networks": one.networks}
        for one in found.merged.flows
        if code in (one.start, one.end)
    ]


def _decisions(reader: Reader, unit: unit_profiles.Unit) -> list[dict[str, Any]]:
    return hotspot_reviews.versions(reader.connection, hotspot_reviews.Unit(*unit))


def _inside(reader: Reader, unit: unit_profiles.Unit) -> list[dict[str, Any]]:
    """The units that lie in it, the hottest first; none where no level below is loaded."""
    edition, _, code = unit
    level = INSIDE.get(unit[:2])
    if level is None:
        return []
    sees_all = reader.door.sees_all
    run = unit_profiles.country_run(reader.connection, edition, level, also_restricted=sees_all)
    classes = run_classes(reader.connection, run) if run else {}
    units = find_units(reader.connection, edition, level, parent=code)
    found: list[dict[str, Any]] = [
        {"edition": edition, "level": level, "class": classes.get(one["code"])} | one
        for one in units
    ]
    found.sort(key=lambda one: (-(one["class"] or 0), one["name"]))
    return found
