"""Layers of runs with a time axis: emerging hotspots, and clusters of the space-time scan."""

from layers.colours import HOT_90, HOT_95, HOT_99, NO_DATA, NOTHING
from layers.definition import Layer, LegendEntry, Mark, Text

# Hot categories are dark with light marks, cold ones light with dark marks: so the two sides differ
# on a grey print, too. Each category has a mark of its own, the same on both sides.
HOT_INK = "#ffe3c2"
COLD, COLD_INK = "#d3e5f2", "#1f5f8b"
CATEGORIES: tuple[tuple[int, Mark, Text], ...] = (
    (3, "fill", Text("tăng cường", "intensifying")),
    (1, "dotted", Text("mới", "new")),
    (2, "striped", Text("liên tiếp", "consecutive")),
    (4, "crossed", Text("bền vững", "persistent")),
    (6, "barred", Text("rải rác", "sporadic")),
    (7, "hatched", Text("dao động", "oscillating")),
    (5, "upright", Text("suy giảm", "diminishing")),
    (8, "checked", Text("lịch sử", "historical")),
)


def _hot(number: int, mark: Mark, name: Text) -> LegendEntry:
    label = Text(f"Điểm nóng {name.vi}", f"Hot spot, {name.en}")
    return LegendEntry(str(number), HOT_99, mark, label, HOT_INK)


def _cold(number: int, mark: Mark, name: Text) -> LegendEntry:
    label = Text(f"Điểm lạnh {name.vi}", f"Cold spot, {name.en}")
    return LegendEntry(str(-number), COLD, mark, label, COLD_INK)


EMERGING = Layer(
    id="emerging",
    group="theme",
    renderer="choropleth",
    title=Text("Điểm nóng mới nổi", "Emerging hotspots"),
    hint=Text(
        "Điểm nóng thay đổi ra sao theo từng quý: mới, liên tiếp, tăng cường, suy giảm…",
        "How hotspots went from quarter to quarter: new, consecutive, intensifying, diminishing…",
    ),
    source="/hotspot-runs/{run}/results",
    legend=(
        *(_hot(*category) for category in CATEGORIES),
        LegendEntry("0", NOTHING, "fill", Text("Không có mẫu hình", "No pattern")),
        *(_cold(*category) for category in CATEGORIES),
        NO_DATA,
    ),
    style={"scale": "classes", "method": "emerging", "present_only": True},
)

CLUSTERS = Layer(
    id="clusters",
    group="theme",
    renderer="choropleth",
    title=Text("Cụm không gian - thời gian", "Space-time clusters"),
    hint=Text(
        "Nhóm đơn vị gần nhau có nhiều vụ hơn mức chung trong những tháng gần đây (Kulldorff).",
        "Groups of nearby units with more incidents than due in the last months (Kulldorff).",
    ),
    source="/hotspot-runs/{run}/results",
    legend=(
        LegendEntry("3", HOT_99, "fill", Text("Cụm, tin cậy 99 %", "Cluster, 99 % confidence")),
        LegendEntry("2", HOT_95, "striped", Text("Cụm, tin cậy 95 %", "Cluster, 95 % confidence")),
        LegendEntry(
            "1", HOT_90, "dotted", Text("Cụm, tin cậy 90 %", "Cluster, 90 % confidence"), HOT_99
        ),
        LegendEntry("0", NOTHING, "fill", Text("Không thuộc cụm nào", "In no cluster")),
        NO_DATA,
    ),
    style={"scale": "classes", "method": "scan_poisson", "circles": True},
)
