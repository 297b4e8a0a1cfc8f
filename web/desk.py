"""The leader's desk: hotspots that wait for a look, their evidence, and the form to decide."""

from geo.records.code_lists import code_lists
from geo.records.personal_data import PATTERNS
from layers.themes import HOTSPOTS
from web.assets import Assets
from web.i18n import messages
from web.maps import NATIONAL_BOUNDS, TEMPLATES, PageRequest
from web.page_data import MapState

# Who has work there; everybody else is told so.
DESK_ROLES = ("planner", "leader")
LISTS = ("outreach_kind",)


def build_desk_page(request: PageRequest, assets: Assets, state: MapState) -> str:
    """The page as HTML, for planners and leaders; whoever else is signed in is told so."""
    text = messages(request.language)
    may_use = request.account is not None and request.account.role in DESK_ROLES
    levels = [level for level in state.levels if level["level"] != "province"]
    configuration = {
        "language": request.language,
        "text": {key: said for key, said in text.items() if not key.startswith("page_")},
        "codeLists": {
            name: {one.code: one.label(request.language) for one in code_lists()[name].values()}
            for name in LISTS
        },
        "levels": state.levels,
        "months": state.months,
        "legend": HOTSPOTS.configuration(request.language)["legend"],
        "bounds": NATIONAL_BOUNDS,
        # Pairs, in the order in which one kind goes before another.
        "personalData": list(PATTERNS.items()),
    }
    return TEMPLATES.get_template("desk.html").render(
        page=request,
        assets=assets,
        is_demo=state.is_demo,
        levels=levels,
        may_use=may_use,
        modules=assets.modules("js/desk/main.js"),
        t=text,
        configuration=configuration if may_use else None,
    )
