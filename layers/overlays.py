"""Layers that lie over the units: records, flows, borders, gates."""

from geo.records.code_lists import code_list
from layers.definition import STAFF, Layer, LegendEntry, PopupField, Text
from layers.density import DENSITY
from layers.place_names import PLACE_NAMES
from layers.support import PILOTS, SUPPORT

INCIDENT_COLOUR = "#5c1a4a"
OUTREACH_COLOUR = "#1d6a45"
MODEL_COLOUR = "#7a4d00"
FLOW_COLOUR = "#8c1d5e"

ROLE_COLOURS = {
    "recruit": "#b3471f",
    "gather": "#a0741a",
    "transit": "#6f6a2a",
    "exit": "#8c1d5e",
    "receive": "#4a3f8f",
    "dest": "#1f4e79",
}
NODE_ROLES = tuple(
    LegendEntry(role.code, ROLE_COLOURS[role.code], "dot", Text(role.label_vi, role.label_en))
    for role in code_list("network_node_role").values()
)

INCIDENTS = Layer(
    id="incidents",
    group="records",
    renderer="clusters",
    title=Text("Vụ việc", "Incidents"),
    hint=Text("Gộp cụm khi thu nhỏ.", "Clustered when zoomed out."),
    source="/incidents",
    legend=(LegendEntry("incident", INCIDENT_COLOUR, "dot", Text("Vụ việc", "Incident")),),
    popup=(
        PopupField("kind", Text("Loại", "Kind"), "incident_kind"),
        PopupField("status", Text("Tình trạng", "Status"), "status"),
        PopupField("occurred_from", Text("Thời gian", "Time")),
        PopupField("place_text", Text("Địa điểm", "Place")),
        PopupField("border_m", Text("Cách biên giới (m)", "From the border (m)")),
        PopupField("gate_m", Text("Cách cửa khẩu gần nhất (m)", "From the nearest gate (m)")),
        PopupField("precision", Text("Độ chính xác vị trí", "Precision"), "coord_precision"),
        PopupField("location_shown", Text("Vị trí trên bản đồ", "Place shown"), "location_shown"),
        PopupField("purposes", Text("Mục đích", "Purpose"), "purpose"),
        PopupField("victims", Text("Nạn nhân", "Victims")),
        PopupField("suspects", Text("Nghi phạm", "Suspects")),
        PopupField("agency", Text("Cơ quan", "Agency"), "agency"),
        PopupField("external_id", Text("Mã hồ sơ", "Record number")),
    ),
    style={"filtered_by_kind": True},
    audience=STAFF,
)

OUTREACH = Layer(
    id="outreach",
    group="records",
    renderer="clusters",
    title=Text("Truyền thông phòng ngừa", "Outreach events"),
    hint=Text("Tuyên truyền, tập huấn, sinh hoạt câu lạc bộ.", "Sessions, training, clubs."),
    source="/outreach-events",
    legend=(LegendEntry("outreach", OUTREACH_COLOUR, "diamond", Text("Hoạt động", "Event")),),
    popup=(
        PopupField("kind", Text("Loại", "Kind"), "outreach_kind"),
        PopupField("occurred_from", Text("Thời gian", "Time")),
        PopupField("place_text", Text("Địa điểm", "Place")),
        PopupField("border_m", Text("Cách biên giới (m)", "From the border (m)")),
        PopupField("gate_m", Text("Cách cửa khẩu gần nhất (m)", "From the nearest gate (m)")),
        PopupField("topics", Text("Chủ đề", "Topics")),
        PopupField("audiences", Text("Đối tượng", "Audience"), "audience"),
        PopupField("attendance", Text("Người dự", "Attendance")),
        PopupField("organiser", Text("Đơn vị tổ chức", "Organiser"), "agency"),
        PopupField("partners", Text("Đơn vị phối hợp", "Partners"), "agency"),
        PopupField("notes", Text("Ghi chú", "Notes")),
    ),
    audience=STAFF,
)

PREVENTION_MODELS = Layer(
    id="prevention-models",
    group="records",
    renderer="clusters",
    title=Text("Câu lạc bộ, mô hình phòng ngừa", "Prevention clubs and models"),
    hint=Text(
        "Hoạt động trong thời gian đã chọn, ngày nào cũng tính.",
        "Those that existed on any day of the period.",
    ),
    source="/prevention-models",
    legend=(LegendEntry("model", MODEL_COLOUR, "dot", Text("Mô hình", "Model")),),
    popup=(
        PopupField("kind", Text("Loại", "Kind"), "prevention_model"),
        PopupField("name", Text("Tên gọi", "Name")),
        PopupField("state", Text("Tình trạng", "State"), "model_state"),
        PopupField("started_on", Text("Thành lập", "Started on")),
        PopupField("ended_on", Text("Kết thúc", "Ended on")),
        PopupField("members", Text("Thành viên", "Members")),
        PopupField("organiser", Text("Đơn vị chủ trì", "Organiser"), "agency"),
        PopupField("place_text", Text("Địa điểm", "Place")),
        PopupField("precision", Text("Độ chính xác vị trí", "Precision"), "coord_precision"),
        PopupField("notes", Text("Ghi chú", "Notes")),
    ),
    audience=STAFF,
)

NETWORKS = Layer(
    id="networks",
    group="records",
    renderer="flows",
    title=Text("Đường dây đã triệt phá", "Dismantled networks"),
    hint=Text(
        "Theo ngày triệt phá; mũi tên chỉ chiều di chuyển nạn nhân.",
        "By the day they were dismantled; arrows show how victims were moved.",
    ),
    source="/networks",
    legend=NODE_ROLES,
    popup=(
        PopupField("case_code", Text("Chuyên án", "Case")),
        PopupField("scope", Text("Phạm vi", "Scope"), "network_scope"),
        PopupField("dismantled_on", Text("Ngày triệt phá", "Dismantled on")),
        PopupField("lead_agency", Text("Chủ trì", "Lead agency"), "agency"),
        PopupField("arrested", Text("Bắt giữ", "Arrested")),
        PopupField("rescued", Text("Giải cứu", "Rescued")),
        PopupField("notes", Text("Ghi chú", "Notes")),
    ),
    audience=STAFF,
)

NETWORK_FLOWS = Layer(
    id="network-flows",
    group="records",
    renderer="merged",
    title=Text("Luồng giữa các tỉnh", "Flows between provinces"),
    hint=Text(
        "Các đường dây chồng lên nhau; nét càng dày càng nhiều đường dây.",
        "Networks laid over each other; the wider, the more of them.",
    ),
    source="/network-flows",
    legend=(
        LegendEntry(
            "flow",
            FLOW_COLOUR,
            "line",
            Text("Càng dày càng nhiều đường dây", "Wider: more networks"),
        ),
        LegendEntry("hub", FLOW_COLOUR, "dot", Text("Tỉnh hoặc nước", "Province or country")),
    ),
    popup=(
        PopupField("networks", Text("Số đường dây", "Networks")),
        PopupField("legs", Text("Số chặng", "Legs")),
        PopupField("percent", Text("Nằm trên tuyến khác (%)", "On ways between others (%)")),
    ),
    audience=STAFF,
)

BORDER_LINES = Layer(
    id="border-lines",
    group="reference",
    renderer="lines",
    title=Text("Biên giới đất liền", "Land border"),
    hint=Text("Theo nước láng giềng.", "By neighbouring country."),
    source="/border-lines",
    legend=(
        LegendEntry("CHN", "#7a2230", "dashed", Text("với Trung Quốc", "with China")),
        LegendEntry("LAO", "#2f5d50", "dashed", Text("với Lào", "with Laos")),
        LegendEntry("KHM", "#3a4a7d", "dashed", Text("với Campuchia", "with Cambodia")),
    ),
    style={"key": "neighbour"},
    shown=True,
)

BORDER_BANDS = Layer(
    id="border-bands",
    group="reference",
    renderer="areas",
    title=Text("Dải dọc biên giới", "Bands along the border"),
    hint=Text(
        "Khoảng cách đến biên giới đất liền: 0-5, 5-10 và 10-20 km.",
        "Distance from the land border: 0-5, 5-10 and 10-20 km.",
    ),
    source="/border-bands",
    legend=(
        LegendEntry("0-5", "#5b3a8c", "veiled", Text("0-5 km", "0-5 km")),
        LegendEntry("5-10", "#8a6fb3", "veiled", Text("5-10 km", "5-10 km")),
        LegendEntry("10-20", "#b9a8d3", "veiled", Text("10-20 km", "10-20 km")),
    ),
    style={"key": "band"},
)

BORDER_GATES = Layer(
    id="border-gates",
    group="reference",
    renderer="points",
    title=Text("Cửa khẩu", "Border gates"),
    hint=Text("Vị trí ước lượng, sai số khoảng 2 km.", "Estimated position, within about 2 km."),
    source="/border-gates",
    legend=(LegendEntry("gate", "#14304f", "diamond", Text("Cửa khẩu", "Border gate")),),
    popup=(
        PopupField("name", Text("Tên", "Name")),
        PopupField("neighbour", Text("Sang", "To"), "neighbour"),
        PopupField("source", Text("Nguồn", "Source")),
    ),
)

# Background only: it says where land is, and of no place whose it is.
SURROUNDINGS = Layer(
    id="surroundings",
    group="reference",
    renderer="land",
    title=Text("Đất liền chung quanh, sông ngòi", "Land around, rivers"),
    hint=Text("Làm nền, chính xác khoảng 1 km.", "Background, within about a kilometre."),
    source="",
    style={"always": True, "land": "#e3e0d8", "border": "#b9b4a6", "river": "#5f8fae"},
    shown=True,
)

OVERLAYS = (
    SURROUNDINGS,
    INCIDENTS,
    OUTREACH,
    PREVENTION_MODELS,
    NETWORKS,
    NETWORK_FLOWS,
    SUPPORT,
    DENSITY,
    BORDER_BANDS,
    BORDER_LINES,
    BORDER_GATES,
    PILOTS,
    PLACE_NAMES,
)
