"""The layer registry: complete in both languages, and colours that hold in print."""

import json

import pytest

from geo.errors import NotFoundError
from layers.definition import Text
from layers.registry import LAYERS, layer, layers_for
from layers.themes import HOTSPOT_CLASSES, INCIDENT_SCALE, OUTREACH_SCALE


def lightness(colour: str) -> float:
    """Relative luminance of #rrggbb by WCAG 2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("identifier", LAYERS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_layer_is_complete_in_both_languages(identifier: str, language: str) -> None:
    configuration = layer(identifier).configuration(language)
    assert json.loads(json.dumps(configuration))["id"] == identifier
    assert configuration["title"]
    assert configuration["hint"]
    assert '"vi":' not in json.dumps(configuration), "a text was left in two languages"


def test_an_unknown_layer_is_named_in_both_languages() -> None:
    with pytest.raises(NotFoundError) as raised:
        layer("no-such-layer")
    assert "no-such-layer" in raised.value.message("vi")
    assert "no-such-layer" in raised.value.message("en")


def test_records_are_not_for_the_public() -> None:
    public = {layer.id for layer in layers_for("public")}
    assert public.isdisjoint({"incidents", "outreach", "prevention-models", "networks"})
    assert {"hotspots", "border-lines", "place-names"} <= public


def test_hot_classes_darken_steadily_and_cold_ones_are_striped() -> None:
    by_key = {entry.key: entry for entry in HOTSPOT_CLASSES}
    hot = [lightness(by_key[key].colour) for key in ("0", "1", "2", "3")]
    cold = [lightness(by_key[key].colour) for key in ("0", "-1", "-2", "-3")]
    assert hot == sorted(hot, reverse=True)
    assert cold == sorted(cold, reverse=True)
    assert {by_key[key].mark for key in ("1", "2", "3")} == {"fill"}
    assert {by_key[key].mark for key in ("-1", "-2", "-3")} == {"striped"}
    assert by_key["none"].mark == "hatched"


@pytest.mark.parametrize("scale", [INCIDENT_SCALE, OUTREACH_SCALE])
def test_sequential_scales_darken_steadily(scale: tuple[str, ...]) -> None:
    assert [lightness(colour) for colour in scale] == sorted(map(lightness, scale), reverse=True)


def test_both_archipelagos_and_the_sea_are_named_in_vietnamese_in_both_languages() -> None:
    for language in ("vi", "en"):
        places = layer("place-names").configuration(language)["style"]["places"]
        names = {place["name"] for place in places}
        assert {"Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "Biển Đông"} <= names


def test_a_text_is_read_in_the_language_asked_for() -> None:
    text = Text("Lớp", "Layer")
    assert (text.in_language("vi"), text.in_language("en")) == ("Lớp", "Layer")
