"""Layers that colour units: hotspots, counts, rates, outreach."""

from layers.colours import HOT_90, HOT_95, HOT_99, NO_DATA, NOTHING
from layers.coverage import COVERAGE
from layers.definition import Layer, LegendEntry, Text
from layers.space_time import CLUSTERS, EMERGING

# Cold classes are striped, so that a grey print tells them from hot ones.
HOTSPOT_CLASSES = (
    LegendEntry(
        "3",
        HOT_99,
        "fill",
        Text("Điểm nóng, tin cậy 99 %", "Hot spot, 99 % confidence"),
    ),
    LegendEntry(
        "2",
        HOT_95,
        "fill",
        Text("Điểm nóng, tin cậy 95 %", "Hot spot, 95 % confidence"),
    ),
    LegendEntry(
        "1",
        HOT_90,
        "fill",
        Text("Điểm nóng, tin cậy 90 %", "Hot spot, 90 % confidence"),
    ),
    LegendEntry("0", NOTHING, "fill", Text("Chưa khác biệt rõ", "Not clearly different")),
    LegendEntry(
        "-1",
        "#cfe1ee",
        "striped",
        Text("Điểm lạnh, tin cậy 90 %", "Cold spot, 90 % confidence"),
    ),
    LegendEntry(
        "-2",
        "#9cc3de",
        "striped",
        Text("Điểm lạnh, tin cậy 95 %", "Cold spot, 95 % confidence"),
    ),
    LegendEntry(
        "-3",
        "#5b98c4",
        "striped",
        Text("Điểm lạnh, tin cậy 99 %", "Cold spot, 99 % confidence"),
    ),
    NO_DATA,
)

INCIDENT_SCALE = ("#fbe9c6", "#f5c987", "#e99a4c", "#cc6a20", "#9a420c", "#5f2506")
OUTREACH_SCALE = ("#dcefdc", "#aed8b4", "#74b787", "#3f9160", "#1d6a45", "#0b452b")

HOTSPOTS = Layer(
    id="hotspots",
    group="theme",
    renderer="choropleth",
    title=Text("Điểm nóng", "Hotspots"),
    hint=Text(
        "Nơi số vụ cao bất thường so với số dân, cùng các đơn vị láng giềng (Getis-Ord Gi*).",
        "Where incidents are unusually high for the population, together with the neighbouring "
        "units (Getis-Ord Gi*).",
    ),
    source="/hotspot-runs/{run}/results",
    legend=HOTSPOT_CLASSES,
    style={"scale": "classes", "method": "gi_star"},
    shown=True,
)


def _sequential(
    identifier: str, title: Text, hint: Text, measure: str, colours: tuple[str, ...]
) -> Layer:
    return Layer(
        id=identifier,
        group="theme",
        renderer="choropleth",
        title=title,
        hint=hint,
        source="/statistics",
        style={"scale": "sequential", "measure": measure, "colours": colours, "nothing": NOTHING},
    )


SMOOTHED = Layer(
    id="incidents-smoothed",
    group="theme",
    renderer="choropleth",
    title=Text("Tỷ suất làm trơn", "Smoothed rate"),
    hint=Text(
        "Tỷ suất trên 100.000 dân mỗi năm, làm trơn Bayes thực nghiệm: nơi ít dân được kéo về"
        " mức chung.",
        "Incidents a year per 100,000 inhabitants by empirical Bayes: few inhabitants are drawn"
        " towards the common level.",
    ),
    source="/rates",
    style={"scale": "times", "measure": "rate", "colours": INCIDENT_SCALE, "nothing": NOTHING},
)

THEMES = (
    HOTSPOTS,
    EMERGING,
    CLUSTERS,
    _sequential(
        "incidents-count",
        Text("Số vụ việc", "Number of incidents"),
        Text("Số vụ trong kỳ đã chọn.", "Incidents in the chosen period."),
        "incidents",
        INCIDENT_SCALE,
    ),
    _sequential(
        "incidents-rate",
        Text("Tỷ suất trên 100.000 dân", "Rate per 100,000 inhabitants"),
        Text(
            "Số vụ mỗi năm trên 100.000 dân trong kỳ đã chọn.",
            "Incidents a year per 100,000 inhabitants in the chosen period.",
        ),
        "rate",
        INCIDENT_SCALE,
    ),
    SMOOTHED,
    _sequential(
        "victims-count",
        Text("Số nạn nhân", "Number of victims"),
        Text("Số nạn nhân trong kỳ đã chọn.", "Victims in the chosen period."),
        "victims",
        INCIDENT_SCALE,
    ),
    _sequential(
        "outreach-count",
        Text("Hoạt động truyền thông", "Outreach events"),
        Text("Số hoạt động trong kỳ đã chọn.", "Outreach events in the chosen period."),
        "outreach",
        OUTREACH_SCALE,
    ),
    COVERAGE,
)
