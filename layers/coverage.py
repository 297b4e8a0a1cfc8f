"""The layer of the coverage gap: where risk is ahead of outreach, and where nobody ever went."""

from layers.colours import NO_DATA, NOTHING
from layers.definition import Layer, LegendEntry, Text

# Darker is wider. Violet, since red is what hotspots are: a gap is no crime.
CLEARLY_AHEAD, AHEAD, REACH_AHEAD = "#5b2a86", "#b48fd0", "#bfe0cf"
INK, DARK_INK, PALE_INK = "#ffffff", "#5b2a86", "#a796b8"

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
            Text("Có lẽ vượt, chưa từng có buổi nào", "Likely ahead, no session ever"),
            DARK_INK,
        ),
        LegendEntry(
            "never0",
            NOTHING,
            "dotted",
            Text("Chưa rõ, chưa từng có buổi nào", "Not clear, no session ever"),
            PALE_INK,
        ),
        LegendEntry(
            "2", CLEARLY_AHEAD, "fill", Text("Nguy cơ vượt rõ", "Risk clearly ahead of outreach")
        ),
        LegendEntry("1", AHEAD, "fill", Text("Nguy cơ có lẽ vượt", "Risk likely ahead")),
        LegendEntry("0", NOTHING, "fill", Text("Chưa rõ", "Not clear")),
        LegendEntry(
            "-1", REACH_AHEAD, "striped", Text("Tuyên truyền vượt rõ", "Outreach clearly ahead")
        ),
        NO_DATA,
    ),
    style={"scale": "coverage"},
)
