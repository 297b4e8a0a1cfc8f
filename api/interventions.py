"""What an intervention did: a dismantled network, or a campaign of outreach."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.actors import SignedIn
from api.dependencies import (
    Edition,
    First,
    InWords,
    Last,
    Level,
    check_level,
    get_engine,
    period,
    tagged,
    taking_turn,
)
from api.disclosure import Counts
from api.documentation import answers
from api.reading_audit import noted
from geo.analysis.intervention import CONTROLS
from geo.errors import InputError
from geo.pipeline.intervention import (
    FEWEST_MONTHS,
    MONTHS,
    MOST_CONTROLS,
    MOST_MONTHS,
    MOST_UNITS,
    Campaign,
    InterventionQuestion,
    Network,
    answer,
)
from geo.pipeline.intervention_answers import told
from geo.store.database import acting

router = APIRouter(tags=["statistics"])
# The controls of a large campaign take a core for seconds.
MOST_AT_ONCE, LONGEST_WAIT = 1, 20
BUSY = (
    "intervention.busy",
    "Máy chủ đang so sánh cho người khác. Hãy thử lại sau nửa phút.",
    "The server is busy with other comparisons. Try again in half a minute.",
)


def asked_intervention(
    network: Annotated[
        UUID | None, Query(description="A dismantled network; in place of units and days")
    ] = None,
    unit: Annotated[
        list[str] | None,
        Query(
            description="Units of a campaign: where outreach was held from `from` to `to`",
            examples=["17263"],
            max_length=MOST_UNITS,
        ),
    ] = None,
    first: First = None,
    last: Last = None,
) -> Network | Campaign:
    """The network or the campaign.

    Raises:
        InputError: neither is named, or both are.
    """
    campaign: tuple[list[str], date, date] | None = (
        (unit, first, last) if unit and first and last else None
    )
    if network and not (unit or first or last):
        return Network(network)
    if campaign and not network:
        days = period(*campaign[1:])
        return Campaign(tuple(sorted(set(campaign[0]))), days.first, days.last)
    raise InputError(
        "intervention.which",
        "Hãy nêu một đường dây (network=…), hoặc các đơn vị và kỳ của một đợt tuyên truyền (unit=…,"
        " from=…, to=…), không cả hai.",
        "Name a network (network=…), or the units and the days of a campaign (unit=…, from=…,"
        " to=…), and not both.",
    )


def asked_question(
    intervention: Annotated[Network | Campaign, Depends(asked_intervention)],
    edition: Edition = "2025",
    level: Level = "commune",
    months_before: Annotated[int, Query(ge=FEWEST_MONTHS, le=MOST_MONTHS)] = MONTHS,
    months_after: Annotated[
        int, Query(ge=1, le=MOST_MONTHS, description="Those that are over, at most so many")
    ] = MONTHS,
    controls: Annotated[
        int, Query(ge=1, le=MOST_CONTROLS, description="For each unit, at most")
    ] = CONTROLS,
) -> InterventionQuestion:
    """All that is asked."""
    check_level(edition, level)
    return InterventionQuestion(intervention, edition, level, months_before, months_after, controls)


@router.get(
    "/intervention-effect",
    summary="Before and after against controls, around a dismantled network or a campaign",
    responses=answers("intervention_effect", 401, 404, 422, 429),
)
def intervention_effect(
    request: Request,
    actor: SignedIn,
    door: Counts,
    language: InWords,
    question: Annotated[InterventionQuestion, Depends(asked_question)],
) -> Response:
    """Ratios below 1 say that there were fewer incidents than by the controls.

    `verdict` is `fell`, `rose`, or `cannot_tell` where the interval holds 1; `detectable` says
    which changes would have been seen. `ring` are the neighbours, `displacement` the weighted
    displacement quotient, `prevented` numbers of incidents. Null is what cannot be said
    (docs/methods/intervention.md).

    A network must be one that the account may read; its units, and those of all networks that it
    may read, are no controls. Incidents are exact in one's own units, elsewhere released as in
    /statistics: such units are compared among themselves, and `is_exact` says so.
    """
    state = request.app.state
    # Who waits holds no connection.
    turn = taking_turn(state.effects, LONGEST_WAIT, BUSY)
    with turn, acting(get_engine(request), actor.account_id) as connection:
        found = answer(connection, question, door.counts, door.releases.index, state.neighbours)
        response = tagged(request, told(found, language), audience=actor.account_id)
        asked = question.intervention
        read = [("network", asked.identifier)] if isinstance(asked, Network) else []
        return noted(connection, response, read)
