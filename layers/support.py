"""Layers of the support of victims: figures by province, and where reintegration is piloted."""

from geo.records.code_lists import code_list
from geo.records.figures import MEASURES_OF
from layers.definition import Layer, LegendEntry, PopupField, Text

SUPPORT_COLOUR = "#14707a"
PILOT_COLOUR = "#0d5c3f"


def _measures() -> list[dict[str, str | Text]]:
    """What one may choose: the measures that are asked for each month, by "programme.measure"."""
    programmes, measures = code_list("support_programme"), code_list("support_measure")
    return [
        {
            "key": f"{programme}.{measure}",
            "label": Text(
                f"{programmes[programme].label_vi}: {measures[measure].label_vi.lower()}",
                f"{programmes[programme].label_en}: {measures[measure].label_en.lower()}",
            ),
        }
        for programme, asked in MEASURES_OF.items()
        for measure in asked
    ]


# Symbols and not colours of units: what is known by province alone can lie over any colours.
SUPPORT = Layer(
    id="support",
    group="records",
    renderer="symbols",
    title=Text("Hỗ trợ nạn nhân theo tỉnh", "Support of victims by province"),
    hint=Text(
        "Số liệu tháng của các tỉnh trong thời gian đã chọn; hình tròn càng lớn, số càng lớn.",
        "Monthly figures of provinces in the chosen period; the larger the circle, the more.",
    ),
    source="/support-measures/provinces",
    legend=(
        LegendEntry("value", SUPPORT_COLOUR, "dot", Text("Số liệu của tỉnh", "Of the province")),
        LegendEntry("zero", SUPPORT_COLOUR, "ring", Text("Báo cáo là 0", "Reported as 0")),
        LegendEntry(
            "withheld",
            "#6b7177",
            "dashed-ring",
            Text("Không nêu, để bảo vệ nạn nhân", "Withheld to protect victims"),
        ),
    ),
    popup=(
        PopupField("told", Text("Số liệu", "Figure")),
        PopupField("months", Text("Của số tháng", "Of months")),
        PopupField("withheld", Text("Số tháng không nêu", "Months withheld")),
        PopupField(
            "earlier", Text("Gồm số liệu trước sáp nhập của", "With figures before merger of")
        ),
        PopupField("citations", Text("Nguồn", "Source")),
    ),
    style={"measures": _measures()},
)

PILOTS = Layer(
    id="reintegration-pilots",
    group="reference",
    renderer="outlines",
    title=Text("Tỉnh thí điểm hòa nhập cộng đồng", "Provinces that pilot reintegration"),
    hint=Text(
        "Được công bố là nơi thí điểm hỗ trợ nạn nhân hòa nhập cộng đồng; theo ranh giới lúc đó.",
        "Published as piloting the reintegration of victims; in the boundaries of that time.",
    ),
    source="/reintegration-pilots",
    legend=(LegendEntry("pilot", PILOT_COLOUR, "ring", Text("Tỉnh thí điểm", "Pilot province")),),
    popup=(
        PopupField("now", Text("Nay thuộc", "Now in")),
        PopupField("years", Text("Được nêu cho năm", "Named for")),
        PopupField("citation", Text("Nguồn", "Source")),
    ),
)
