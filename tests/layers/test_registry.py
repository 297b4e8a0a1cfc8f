"""The layer registry: complete in both languages, and colours that hold in print."""

import json
from itertools import pairwise

import pytest

from geo.errors import NotFoundError
from geo.records.figures import MEASURES_OF
from geo.store.rasters import BORDER_DISTANCE
from layers.definition import Text
from layers.density import density_legend
from layers.rasters import RAMPS, raster_overlay
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


@pytest.mark.parametrize("style", RAMPS)
def test_ramps_of_rasters_darken_in_steps_that_are_told_apart(style: str) -> None:
    steps = [lightness(colour) for colour in RAMPS[style]]
    ratios = [(light + 0.05) / (dark + 0.05) for light, dark in pairwise(steps)]
    assert min(ratios) > 1.3, ratios


def raster(**values: object) -> dict[str, object]:
    """A row of a raster layer."""
    row = {
        "id": "x", "name": "do-cao", "title_vi": "Độ cao", "title_en": "Elevation", "unit": "m",
        "style": "elevation", "west": 102, "south": 8, "east": 110, "north": 24,
        "minimum": -3.0, "maximum": 3143.0, "low": 0.0, "high": 2000.0,
    }  # fmt: skip
    return row | values


def labels(**values: object) -> list[str]:
    """What the legend says in Vietnamese."""
    return [entry.label.vi for entry in raster_overlay(raster(**values)).legend]


def test_the_legend_of_a_raster_says_what_its_colours_stand_for() -> None:
    assert labels() == ["≤ 0 m", "500 m", "1.000 m", "1.500 m", "≥ 2.000 m"]
    assert labels(minimum=0.0, maximum=2000.0)[0] == "0 m"
    small = labels(low=0.001, high=0.009, minimum=0.001, maximum=0.009, unit="")
    assert small == ["0,0010", "0,0030", "0,0050", "0,0070", "0,0090"]
    assert labels(low=7.0, high=7.0, minimum=7.0, maximum=7.0) == ["7,0 m"]
    picture = raster_overlay(raster(style="imagery", low=None, minimum=None))
    assert picture.legend == ()
    assert json.dumps(picture.configuration("vi"))


def test_near_the_border_is_darkest() -> None:
    far = [lightness(entry.colour) for entry in raster_overlay(raster()).legend]
    near = raster_overlay(raster(name=BORDER_DISTANCE)).legend
    assert [lightness(entry.colour) for entry in near] == far[::-1]
    assert near[0].label.vi == "≤ 0 m"


def test_a_legend_by_ratio_has_the_same_multiple_from_stop_to_stop() -> None:
    told = [entry.label.en for entry in density_legend(low=0.0001, high=0.16, most=0.5)]
    # Per 100 km2, 0.01 to 16: each stop is the fourth root of 1600, 6.3, times the one before.
    assert told == ["≤ 0.010", "0.063", "0.40", "2.5", "≥ 16"]


def test_a_density_is_for_staff_and_others_are_told_why() -> None:
    density = layer("density")
    assert "public" not in density.audience
    assert "administrator" not in density.audience
    assert density.closed is not None
    assert [one.id for one in LAYERS.values() if one.closed] == ["density"]


def test_measures_of_support_are_those_asked_for_each_month() -> None:
    measures = layer("support").configuration("en")["style"]["measures"]
    assert measures[0] == {"key": "hotline_111.calls", "label": "Hotline 111: calls"}
    assert len(measures) == sum(map(len, MEASURES_OF.values()))


def test_both_archipelagos_and_the_sea_are_named_in_vietnamese_in_both_languages() -> None:
    for language in ("vi", "en"):
        places = layer("place-names").configuration(language)["style"]["places"]
        names = {place["name"] for place in places}
        assert {"Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "Biển Đông"} <= names


def test_a_text_is_read_in_the_language_asked_for() -> None:
    text = Text("Lớp", "Layer")
    assert (text.in_language("vi"), text.in_language("en")) == ("Lớp", "Layer")
