"""All layers of the map, in the order in which they are drawn and listed."""

from geo.errors import NotFoundError
from layers.definition import Audience, Layer
from layers.overlays import OVERLAYS
from layers.themes import THEMES

LAYERS: dict[str, Layer] = {layer.id: layer for layer in (*THEMES, *OVERLAYS)}


def layers_for(audience: Audience) -> tuple[Layer, ...]:
    """The layers that this audience may put on a map."""
    return tuple(layer for layer in LAYERS.values() if audience in layer.audience)


def layer(identifier: str) -> Layer:
    """One layer.

    Raises:
        NotFoundError: there is no layer of that id.
    """
    if identifier not in LAYERS:
        raise NotFoundError(
            "layer.unknown",
            f"Không có lớp bản đồ “{identifier}”. Các lớp có: {', '.join(LAYERS)}.",
            f"There is no map layer “{identifier}”. The layers are: {', '.join(LAYERS)}.",
            layer=identifier,
        )
    return LAYERS[identifier]
