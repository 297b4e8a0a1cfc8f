"""The layer of the density of incidents, for those alone who may have it as a file."""

from layers.definition import STAFF, Layer, LegendEntry, Text
from layers.rasters import ramp_legend

STYLE = "density"
# Densities a year and km2 are small numbers; of a hundred km2 they can be read.
AREA_KM2 = 100

DENSITY = Layer(
    id="density",
    group="records",
    renderer="density",
    title=Text("Mật độ vụ việc", "Density of incidents"),
    hint=Text(
        "Số vụ mỗi năm trên 100 km², làm trơn, của các đơn vị bạn phụ trách; theo thời gian và loại"
        " vụ việc đã chọn.",
        "Incidents a year per 100 km2, smoothed, of your own units, by the chosen period and"
        " kinds.",
    ),
    source="/density/map",
    audience=STAFF,
    closed=Text(
        "Mật độ vụ việc: chỉ dành cho cán bộ, lãnh đạo và người lập kế hoạch, trong đơn vị mình phụ"
        " trách, vì từ bề mặt này có thể tính ngược ra nơi xảy ra vụ việc.",
        "Density of incidents: for officers, leaders and planners alone, in their own units, since"
        " places of incidents can be calculated back from the surface.",
    ),
)


def density_legend(low: float, high: float, most: float) -> tuple[LegendEntry, ...]:
    """The stops of the ramp, by ratio since densities differ by powers of ten.

    Args:
        low: incidents a year and km2 at which the colours begin; all three are told per 100 km2.
        high: where they end.
        most: the greatest density shown.
    """
    row = {"style": STYLE, "unit": "", "low": low * AREA_KM2, "high": high * AREA_KM2}
    return ramp_legend(row | {"minimum": 0, "maximum": most * AREA_KM2}, by_ratio=True)
