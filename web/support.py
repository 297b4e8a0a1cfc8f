"""The page of support figures: a province's months to read and fill in, and a form for clubs."""

from typing import Any

from sqlalchemy import Engine, select

from geo.errors import Language
from geo.records.code_lists import code_lists
from geo.records.figures import GROUPS
from geo.records.personal_data import PATTERNS
from geo.store.database import transaction
from geo.store.tables import Unit
from web.assets import Assets
from web.i18n import messages
from web.maps import TEMPLATES, PageRequest

LISTS = ("support_programme", "support_measure", "coord_precision")
# The parts that are asked for; others are shown where an import brought them.
ASKED = ("sex", "ethnicity")
WRITERS = ("officer", "planner", "leader")


def build_support_page(request: PageRequest, assets: Assets, engine: Engine) -> str:
    """The page as HTML; it opens with the first province of who asks, else with the country.

    Raises:
        ResourceError: the database is away.
    """
    provinces = _provinces(engine)
    text, actor = messages(request.language), request.account
    own = [one for one in (actor.jurisdictions if actor else ()) if one.level == "province"]
    return TEMPLATES.get_template("support.html").render(
        assets=assets,
        language=request.language,
        nonce=request.nonce,
        page=request,
        t=text,
        provinces=provinces,
        chosen=f"{own[0].edition}-{own[0].code}" if own else "2025-VN",
        kinds=_labels("prevention_model", request.language),
        may_enter_models=actor is not None and actor.role in WRITERS,
        configuration={
            "language": request.language,
            "text": {key: value for key, value in text.items() if not key.startswith("page_")},
            "codeLists": {name: _labels(name, request.language) for name in LISTS}
            | {name: {c.code: c.label(request.language) for c in group.codes.values()}
               for name, group in GROUPS.items()},
            "groups": {
                name: group.title_vi if request.language == "vi" else group.title_en
                for name, group in GROUPS.items()
            },
            "overlapping": [name for name, group in GROUPS.items() if group.overlaps],
            "asked": ASKED,
            # Pairs, in the order in which one kind goes before another.
            "personalData": list(PATTERNS.items()),
        },
    )  # fmt: skip


def _labels(name: str, language: Language) -> dict[str, str]:
    return {one.code: one.label(language) for one in code_lists()[name].values()}


def _provinces(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Names and codes of the provinces of each edition, today's first."""
    with transaction(engine) as connection:
        rows = connection.execute(
            select(Unit.edition, Unit.code, Unit.full_name)
            .where(Unit.level == "province")
            .order_by(Unit.edition.desc(), Unit.name)
        ).mappings()
        found: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            found.setdefault(row["edition"], []).append(dict(row))
    return found
