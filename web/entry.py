"""The page on which records are entered and corrected: forms that scripts build and send."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.records.code_lists import code_lists
from geo.records.personal_data import PATTERNS
from geo.store.actors import Actor
from web.assets import Assets
from web.i18n import messages
from web.maps import NATIONAL_BOUNDS, TEMPLATES, PageRequest

ENTERING_ROLES = ("officer", "leader")
CODE_LISTS = (
    "incident_kind",
    "status",
    "channel",
    "destination",
    "sex",
    "age_band",
    "ethnicity_count",
    "agency",
    "purpose",
    "coord_precision",
    "outreach_kind",
    "audience",
    "prevention_model",
    "network_scope",
    "network_status",
    "network_node_role",
    "crossing_type",
)


@dataclass(frozen=True, slots=True)
class EntryState:
    """What the page must know: the boundary levels that are loaded, and the account's agency."""

    levels: list[dict[str, Any]]
    agency: str | None
    is_demo: bool


def build_entry_page(request: PageRequest, assets: Assets, state: EntryState) -> str:
    """The page as HTML; whose role enters no records is told so."""
    may_enter = request.account is not None and request.account.role in ENTERING_ROLES
    return TEMPLATES.get_template("entry.html").render(
        page=request,
        assets=assets,
        state=state,
        may_enter=may_enter,
        modules=[assets.url(name) for name in assets.named("js/entry/")],
        t=messages(request.language),
        configuration=_configuration(request, assets, state) if may_enter else None,
    )


def _configuration(request: PageRequest, assets: Assets, state: EntryState) -> Mapping[str, Any]:
    text = messages(request.language)
    return {
        "language": request.language,
        "text": {key: value for key, value in text.items() if not key.startswith("page_")},
        "codeLists": {
            name: {code.code: code.label(request.language) for code in code_lists()[name].values()}
            for name in CODE_LISTS
        },
        # The order in which to show them: the labels come sorted by code.
        "codes": {name: list(code_lists()[name]) for name in CODE_LISTS},
        "levels": state.levels,
        "bounds": NATIONAL_BOUNDS,
        "assets": {"surroundings": assets.url("surroundings.json")},
        "account": _account(request.account, state.agency),
        # Pairs, in the order in which one kind goes before another.
        "personalData": list(PATTERNS.items()),
    }


def _account(account: Actor | None, agency: str | None) -> Mapping[str, Any] | None:
    if account is None:
        return None
    units = [
        {"edition": one.edition, "level": one.level, "code": one.code}
        for one in account.jurisdictions
    ]
    return {"agency": agency, "jurisdictions": units}
