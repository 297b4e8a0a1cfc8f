"""Names that people add to the place box: hamlets, markets, posts, other names of units.

Whoever has signed in reads them; they are added and removed within the units of the account.
"""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.actors import SignedIn, require_role
from api.dependencies import (
    Database,
    Edition,
    Level,
    check_level,
    get_engine,
    json_response,
    known_codes,
)
from api.documentation import answers, problems_of
from api.entries import Checked
from geo import pipeline
from geo.store import units
from geo.store.actors import Actor
from geo.store.database import transaction
from geo.store.place_names import NameFilter, list_names

router = APIRouter(prefix="/place-names", tags=["places"])
Writer = Annotated[Actor, Depends(require_role("officer", "planner", "leader", "administrator"))]
Kind = Literal["hamlet", "border_post", "market", "alternative", "other"]
MOST_IN_A_PAGE = 1_000


class PlaceNameEntry(BaseModel):
    """A name, and where: a point, or a unit by edition, level and code."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, examples=["bản Búng"])
    kind: Kind = "hamlet"
    source: str = Field(
        default="",
        max_length=200,
        description="Empty: the name of the account",
        examples=["Đồn Biên phòng Môn Sơn"],
    )
    longitude: float | None = Field(default=None, allow_inf_nan=False, examples=[104.83])
    latitude: float | None = Field(default=None, allow_inf_nan=False, examples=[18.97])
    stated_edition: Edition | None = None
    stated_level: Level | None = None
    stated_code: str | None = Field(default=None, pattern="^[0-9]{2,5}$")
    personal_data_checked: bool = Field(
        default=False,
        description="Somebody has read what looks like a person in name and source: it is none",
    )

    def cells(self) -> dict[str, str | None]:
        """As the cells of a file's row."""
        return {
            "name": self.name,
            "kind": self.kind,
            "lon": None if self.longitude is None else f"{self.longitude:.9f}",
            "lat": None if self.latitude is None else f"{self.latitude:.9f}",
            "stated_edition": self.stated_edition,
            "stated_level": self.stated_level,
            "stated_code": self.stated_code,
        }


@router.get(
    "",
    summary="Names that people added, a page at a time",
    responses=answers("place_names", 401, 422),
)
def listing(
    request: Request,
    connection: Database,
    _actor: SignedIn,
    kind: Annotated[list[str] | None, Query(description="Any of these; all if none")] = None,
    edition: Edition = "2025",
    level: Level = "commune",
    unit: Annotated[str | None, Query(pattern="^[0-9]{2,5}$", description="Code")] = None,
    after: Annotated[UUID | None, Query(description="Last id of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 100,
) -> Response:
    """By id, each with its units, source, and who added it when; `next` is the next page."""
    check_level(edition, level)
    if unit:
        units.require_unit(connection, edition, level, unit)
    kinds = known_codes("place_name_kind", kind, ("loại địa danh", "kind of place name"))
    wanted = NameFilter(kinds, (edition, level, unit) if unit else None, after, limit)
    found = list_names(connection, wanted)
    content: dict[str, object] = {"place_names": found}
    if len(found) == limit:
        query = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
        content["next"] = f"{request.url.path}?{urlencode([*query, ('after', found[-1]['id'])])}"
    return json_response(content, Cache_Control="no-store")


@router.post(
    "",
    status_code=201,
    summary="Add a name to the place box",
    responses=answers("place_name") | answers("place_name", 400, 401, 403, 409, 422, status=201),
)
def add(request: Request, actor: Writer, entry: PlaceNameEntry) -> Response:
    """Units follow from the point; `alternative` takes a unit and no point. Found from now on.

    Sent again it changes nothing (200); with another point in the same unit it is refused (409).
    """
    engine = get_engine(request)
    identifier, is_new = pipeline.add_place_name(
        engine,
        entry.cells(),
        entry.source.strip(),
        actor,
        personal_data_checked=entry.personal_data_checked,
    )
    with transaction(engine) as connection:
        (stored,) = list_names(connection, NameFilter(), identifier)
    response = json_response(stored, Cache_Control="no-store")
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = f"{request.url.path}/{identifier}"
    return response


@router.delete(
    "/{identifier}",
    status_code=204,
    summary="Remove a name, with the reason",
    responses=problems_of(401, 403, 404, 422),
)
def remove(
    request: Request,
    actor: Writer,
    identifier: UUID,
    reason: Annotated[str, Query(min_length=3, max_length=500, description="Why")],
    personal_data_checked: Checked = False,
) -> Response:
    """It is not found any more; it stays in the store, and in the audit."""
    pipeline.remove_place_name(
        get_engine(request),
        identifier,
        reason,
        actor,
        personal_data_checked=personal_data_checked,
    )
    return Response(status_code=204)
