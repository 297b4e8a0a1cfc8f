"""What seldom changes: health, code lists, editions, border, outline, published figures."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.dependencies import Database, get_engine, tagged
from api.documentation import answers
from geo import __version__
from geo.records.code_lists import code_lists
from geo.store import units
from geo.store.database import transaction

router = APIRouter(tags=["reference"])


@router.get(
    "/health", summary="Whether the service can answer, and why not", responses=answers("health")
)
def health(request: Request) -> dict[str, Any]:
    """Answers 503 with the reason while the database is away; it waits behind no other request."""
    with transaction(get_engine(request)) as connection:
        editions = units.editions(connection)
    loaded = {edition["name"]: len(edition["layers"]) for edition in editions}
    return {
        "status": "ok" if any(loaded.values()) else "empty",
        "version": __version__,
        "boundary_layers": loaded,
    }


@router.get(
    "/code-lists",
    summary="All code lists, with Vietnamese and English labels",
    responses=answers("code_lists"),
)
def lists(request: Request) -> Response:
    """Codes follow the law and IOM's HTCDS; see the user guide."""
    content = {
        name: [
            {"code": code.code, "label_vi": code.label_vi, "label_en": code.label_en}
            for code in entries.values()
        ]
        for name, entries in code_lists().items()
    }
    return tagged(request, content)


@router.get(
    "/editions",
    summary="Boundary editions and the layers loaded of each",
    responses=answers("editions"),
)
def editions(request: Request, connection: Database) -> Response:
    """`approximate` layers must be labelled so wherever they are shown."""
    return tagged(request, units.editions(connection))


@router.get(
    "/border-lines",
    summary="The land border by neighbour (GeoJSON)",
    responses=answers("border_lines"),
)
def border_lines(request: Request, connection: Database) -> Response:
    """Simplified to 200 m for drawing."""
    return tagged(request, units.features(connection, "border_lines"))


@router.get(
    "/border-bands",
    summary="What of the country lies 0-5, 5-10 and 10-20 km from the land border (GeoJSON)",
    responses=answers("border_bands"),
)
def border_bands(request: Request, connection: Database) -> Response:
    """By band and the nearest neighbour, on the ellipsoid, simplified to 100 m for drawing."""
    return tagged(request, units.features(connection, "border_bands"))


@router.get(
    "/border-gates",
    summary="Border gates (GeoJSON)",
    responses=answers("border_gates"),
)
def border_gates(request: Request, connection: Database) -> Response:
    """Positions that are estimates say so."""
    return tagged(request, units.features(connection, "border_gates"))


@router.get(
    "/outline",
    summary="The national territory with Hoàng Sa and Trường Sa (GeoJSON)",
    responses=answers("outline"),
)
def outline(request: Request, connection: Database) -> Response:
    """Simplified to 500 m for drawing."""
    return tagged(request, units.features(connection, "outline"))
