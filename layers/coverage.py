"""The layer of the coverage gap: where risk is ahead of outreach, and where nobody ever went."""

from layers.colours import NO_DATA, NOTHING
from layers.definition import Layer, LegendEntry, Text

# Darker is wider. Violet, since red is what hotspots are: a gap is no crime.
CLEARLY_AHEAD, AHEAD, REACH_AHEAD = "#5b2a86", "#b48fd0", "#bfe0cf"
INK, INK_OF_NOTHING = "#ffffff", "#5b2a86"

COVERAGE = Layer(
    id="coverage",
    group="theme",
    renderer="choropleth",
    title=Text("Khoảng trống tuyên truyền", "Coverage gap"),
    hint=Text(
        "Nơi nguy cơ vượt độ phủ tuyên truyền; chấm: chưa từng có buổi tuyên truyền nào.",
        "Where risk is ahead of outreach; dots: no session was ever held there.",
    ),
    source="/coverage",
    # Keys are the classes of /coverage, with "never" before those of units nobody ever went to.
    legend=(
        LegendEntry(
            "never2",
            CLEARLY_AHEAD,
            "dotted",
            Text("Vượt rõ, chưa từng có buổi nào", "Clearly ahead, no session ever"),
            INK,
        ),
        LegendEntry(
            "never1",
            AHEAD,
            "dotted",
            Text("Vượt, chưa từng có buổi nào", "Ahead, no session ever"),
            INK_OF_NOTHING,
        ),
        LegendEntry(
            "never0",
            NOTHING,
            "dotted",
            Text("Nguy cơ thấp, chưa từng có buổi nào", "Low risk, no session ever"),
            INK_OF_NOTHING,
        ),
        LegendEntry(
            "2", CLEARLY_AHEAD, "fill", Text("Nguy cơ vượt rõ", "Risk clearly ahead of outreach")
        ),
        LegendEntry(
            "1", AHEAD, "fill", Text("Nguy cơ vượt, chưa chắc", "Risk ahead, not for certain")
        ),
        LegendEntry("0", NOTHING, "fill", Text("Tuyên truyền theo kịp", "Outreach keeps up")),
        LegendEntry(
            "-1", REACH_AHEAD, "striped", Text("Tuyên truyền vượt rõ", "Outreach clearly ahead")
        ),
        NO_DATA,
    ),
    style={"scale": "coverage"},
)
