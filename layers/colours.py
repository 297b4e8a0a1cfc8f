"""Colours that hotspots have whatever the method, and what stands for no data.

Lightness falls steadily towards hot: the scale holds for all common kinds of colour blindness
(red-orange against blue) and on a grey print.
"""

from layers.definition import LegendEntry, Text

HOT_90, HOT_95, HOT_99 = "#f0a573", "#cf4a2c", "#8f1220"
NOTHING = "#f3efe6"
NO_DATA = LegendEntry("none", "#d9dadb", "hatched", Text("Không có dữ liệu", "No data"))
