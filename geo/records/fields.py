"""The fields of the record types: the one place that says what a file of records may hold.

A field bears the name of its column in the store, except those of kind `unit` (names of units,
which become stated_edition, stated_level and stated_code, of a figure edition and code) and
`breakdown` (which become victims_by, of a figure value_by).
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from geo.errors import Language
from geo.records.code_lists import code_list

Kind = Literal[
    "identity",
    "code",
    "codes",
    "open_code",
    "open_codes",
    "period_from",
    "period_to",
    "day",
    "coordinate",
    "count",
    "number",
    "text",
    "unit",
    "breakdown",
    "breakdown_json",
    "months",
    "flag",
    "year",
    "people",
]
RecordType = Literal["incident", "outreach_event", "network", "support_measure", "prevention_model"]
# What people send as files by the page; the other types come in on the machine itself.
UploadedType = Literal["incident", "outreach_event", "network"]
# What files may hold: records, names for the gazetteer, and inhabitants of units.
RowType = RecordType | Literal["place_name", "population"]

# The identity of a row that shows how to fill in a template, and that no import takes.
EXAMPLE: dict[Language, str] = {
    "vi": "VÍ DỤ (xóa hàng này)",
    "en": "EXAMPLE (delete this row)",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    `codes` names the code list; kinds `open_…` also take words that are not in it. `default` fills
    empty cells. `aliases` are headings, in any case and with or without tones.
    """

    name: str
    kind: Kind
    label_vi: str
    label_en: str
    aliases: tuple[str, ...] = ()
    codes: str | None = None
    required: bool = False
    default: str | int | None = None


IDENTITY = Field(
    "external_id",
    "identity",
    "Mã hồ sơ",
    "External ID",
    ("mã", "id", "mã vụ việc", "mã vụ", "mã bản ghi", "số hồ sơ", "mã hoạt động", "record id",
     "case id", "external_id", "mã số"),
)  # fmt: skip
UNITS = (
    Field("province", "unit", "Tỉnh/Thành phố", "Province",
          ("tỉnh", "tỉnh thành", "tên tỉnh", "mã tỉnh", "province code", "province name")),
    Field("district", "unit", "Huyện/Quận", "District",
          ("huyện", "quận huyện", "huyện cũ", "tên huyện", "mã huyện", "district code")),
    Field("commune", "unit", "Xã/Phường", "Commune",
          ("xã", "phường", "xã phường thị trấn", "xã phường đặc khu", "tên xã", "mã xã",
           "commune code", "ward", "commune name", "đơn vị hành chính")),
    Field("stated_edition", "unit", "Phiên bản địa giới", "Boundary edition",
          ("edition", "phiên bản", "năm địa giới", "stated_edition")),
    Field("stated_level", "unit", "Cấp đơn vị", "Unit level", ("level", "cấp", "stated_level")),
    Field("stated_code", "unit", "Mã đơn vị hành chính", "Unit code",
          ("mã đvhc", "mã đơn vị", "mã địa bàn", "stated_code", "administrative code")),
)  # fmt: skip
WHERE = (
    Field("lon", "coordinate", "Kinh độ", "Longitude", ("lon", "long", "lng", "x", "kinh độ đông")),
    Field("lat", "coordinate", "Vĩ độ", "Latitude", ("lat", "y", "vĩ độ bắc")),
    *UNITS,
)  # fmt: skip
PLACE = (
    *WHERE,
    Field("precision", "code", "Độ chính xác vị trí", "Precision",
          ("độ chính xác", "mức chính xác", "coord precision"), codes="coord_precision"),
    Field("accuracy_m", "number", "Sai số (m)", "Accuracy (m)", ("sai số", "accuracy")),
    Field("place_text", "text", "Địa điểm", "Place",
          ("nơi xảy ra", "địa chỉ", "địa bàn", "nơi tổ chức", "thôn bản", "mô tả địa điểm",
           "location", "address", "place_text")),
)  # fmt: skip
PERIOD = (
    Field("occurred_from", "period_from", "Ngày", "Date",
          ("ngày xảy ra", "thời gian", "ngày tháng", "thời điểm", "từ ngày", "ngày bắt đầu",
           "ngày tổ chức", "from", "start", "start date", "occurred", "occurred from",
           "date from", "ngày tiếp nhận"), required=True),
    Field("occurred_to", "period_to", "Đến ngày", "Date to",
          ("ngày kết thúc", "to", "end", "end date", "occurred to")),
)  # fmt: skip


PERSONS_BY = (
    ("sex", "sex", "giới tính", "sex"),
    ("age", "age_band", "tuổi", "age"),
    ("ethnicity", "ethnicity_count", "dân tộc", "ethnicity"),
)
FIGURES_BY = (
    *PERSONS_BY,
    ("support", "support", "chế độ hỗ trợ", "kind of support"),
    ("model", "prevention_model", "mô hình", "model"),
)


def _breakdowns(groups: tuple[tuple[str, str, str, str], ...]) -> tuple[Field, ...]:
    """A count for each code of each group: name, code list, what it is in both languages."""
    fields = []
    for group, name, vi, en in groups:
        for code, entry in code_list(name).items():
            label_vi, label_en = entry.label_vi, entry.label_en
            aliases: tuple[str, ...] = (f"{group}_{code}", f"victims {code}")
            if code == "u":
                label_vi, label_en = f"Chưa rõ {vi}", f"Unknown {en}"
                aliases = (f"{group}_u", f"{vi} chưa rõ", f"{en} unknown")
            else:
                aliases += (
                    *(f"{word} {label_vi}" for word in ("số", "nạn nhân", "nạn nhân là")),
                    f"victims {label_en}",
                    f"{label_en} victims",
                    f"{code} tuổi",
                )
            fields.append(Field(f"{group}.{code}", "breakdown", label_vi, label_en, aliases))
    return tuple(fields)


INCIDENT = (
    IDENTITY,
    Field("kind", "code", "Loại vụ việc", "Kind",
          ("loại", "loại việc", "loại sự việc", "loại vụ", "hình thức", "type", "incident kind",
           "incident type"), codes="incident_kind", required=True),
    *PERIOD,
    *PLACE,
    Field("status", "code", "Tình trạng", "Status", ("trạng thái", "tình trạng xử lý"),
          codes="status", default="received"),
    Field("acts", "codes", "Hành vi", "Acts", ("act",), codes="act"),
    Field("means", "codes", "Thủ đoạn", "Means", (), codes="means"),
    Field("purposes", "codes", "Mục đích", "Purposes", ("purpose", "mục đích bóc lột"),
          codes="purpose"),
    Field("channels", "codes", "Kênh tiếp cận", "Channels",
          ("channel", "kênh", "kênh dụ dỗ", "mạng xã hội"), codes="channel"),
    Field("tactic", "code", "Chiêu thức", "Tactic", ("chiêu trò", "phương thức"), codes="tactic"),
    Field("origin", "text", "Nơi đi", "Origin", ("quê quán nạn nhân", "nơi xuất phát")),
    Field("destination", "code", "Nơi đến", "Destination",
          ("nước đến", "điểm đến", "destination country"), codes="destination"),
    Field("victims", "count", "Số nạn nhân", "Victims",
          ("nạn nhân", "tổng số nạn nhân", "number of victims", "victim count", "số người"),
          default=0),
    *_breakdowns(PERSONS_BY),
    Field("victims_by", "breakdown_json", "Cơ cấu nạn nhân", "Victims by", ("victims_by",)),
    Field("suspects", "count", "Số đối tượng", "Suspects",
          ("đối tượng", "số nghi phạm", "number of suspects"), default=0),
    Field("agency", "open_code", "Cơ quan xử lý", "Agency",
          ("cơ quan", "đơn vị xử lý", "đơn vị thụ lý", "cơ quan thụ lý"), codes="agency"),
    Field("narrative", "text", "Nội dung", "Narrative",
          ("diễn biến", "tóm tắt", "mô tả", "nội dung vụ việc", "ghi chú", "description",
           "summary", "notes")),
)  # fmt: skip

OUTREACH_EVENT = (
    IDENTITY,
    Field("kind", "code", "Hình thức", "Kind",
          ("loại", "loại hoạt động", "hình thức tuyên truyền", "type", "activity"),
          codes="outreach_kind", required=True),
    *PERIOD,
    *PLACE,
    Field("topics", "open_codes", "Chủ đề", "Topics", ("topic", "nội dung tuyên truyền")),
    Field("audiences", "codes", "Đối tượng", "Audiences",
          ("audience", "đối tượng tuyên truyền", "thành phần tham dự"), codes="audience"),
    Field("attendance", "count", "Lượt người", "Attendance",
          ("số người tham dự", "lượt người tham dự", "số lượt người", "số người", "người tham dự",
           "attendances", "participants")),
    Field("sessions", "count", "Số buổi", "Sessions", ("số cuộc", "số cuộc buổi", "buổi"),
          default=1),
    Field("organiser", "open_code", "Đơn vị tổ chức", "Organiser",
          ("cơ quan tổ chức", "cơ quan", "đơn vị", "organizer", "agency"), codes="agency"),
    Field("partners", "codes", "Đơn vị phối hợp", "Partners",
          ("cơ quan phối hợp", "phối hợp", "đối tác", "partner", "partner agencies"),
          codes="agency"),
    Field("hours", "number", "Số giờ", "Hours", ("thời lượng", "thời lượng giờ", "duration")),
    Field("materials", "count", "Số tài liệu", "Materials",
          ("tài liệu", "tờ rơi", "số tờ rơi", "leaflets")),
    Field("prevention_model", "code", "Mô hình", "Prevention model",
          ("model", "mô hình phòng ngừa"), codes="prevention_model"),
    Field("prevention_model_id", "text", "Mã mô hình, câu lạc bộ", "Model ID",
          ("mã mô hình", "mã câu lạc bộ", "mã clb", "club id")),
    Field("notes", "text", "Ghi chú", "Notes", ("nội dung", "mô tả", "description")),
)  # fmt: skip

# One row for each place; what belongs to the network may stand in its first row or in all.
NETWORK = (
    IDENTITY,
    Field("case_code", "text", "Chuyên án", "Case code",
          ("mã chuyên án", "bí số", "case", "mã đường dây", "network"), required=True),
    Field("scope", "code", "Phạm vi", "Scope", ("quy mô",), codes="network_scope", required=True),
    Field("status", "code", "Tình trạng", "Status", ("trạng thái",), codes="network_status",
          default="dismantled"),
    Field("dismantled_on", "day", "Ngày triệt phá", "Dismantled on",
          ("ngày phá án", "date", "ngày", "dismantled")),
    Field("lead_agency", "open_code", "Cơ quan chủ trì", "Lead agency",
          ("đơn vị chủ trì", "agency"), codes="agency"),
    Field("joint_agencies", "open_codes", "Cơ quan phối hợp", "Joint agencies",
          ("đơn vị phối hợp",), codes="agency"),
    Field("arrested", "count", "Số bị bắt", "Arrested", ("bắt giữ", "số đối tượng bị bắt")),
    Field("rescued", "count", "Số được giải cứu", "Rescued", ("giải cứu", "số nạn nhân giải cứu")),
    Field("notes", "text", "Ghi chú", "Notes", ("nội dung", "description")),
    Field("sequence", "count", "Thứ tự", "Sequence", ("thứ tự điểm", "điểm số", "seq", "order")),
    Field("role", "code", "Vai trò", "Role", ("vai trò điểm", "loại điểm", "node role"),
          codes="network_node_role", required=True),
    Field("country", "code", "Nước", "Country", ("quốc gia",), codes="destination", default="VN"),
    Field("crossing", "code", "Cách qua biên giới", "Crossing",
          ("cách đến", "loại cửa khẩu", "crossing type"), codes="crossing_type"),
    *PLACE,
)  # fmt: skip
# The columns of a network file that describe the network; the others describe the place.
NETWORK_COLUMNS = (
    "case_code",
    "scope",
    "status",
    "dismantled_on",
    "lead_agency",
    "joint_agencies",
    "arrested",
    "rescued",
    "notes",
)
PLACE_NAME = (
    Field("name", "text", "Tên", "Name",
          ("tên gọi", "tên địa danh", "địa danh", "tên thôn", "thôn bản", "thôn", "bản", "ấp",
           "tên đồn", "đồn biên phòng", "place name"), required=True),
    Field("kind", "code", "Loại", "Kind", ("loại địa danh", "type"), codes="place_name_kind",
          default="hamlet"),
    *WHERE,
)  # fmt: skip
# A figure is known by its unit and year; the unit becomes edition, level and code.
POPULATION = (
    *UNITS[:-1],
    Field("stated_code", "unit", "Mã đơn vị hành chính", "Unit code",
          ("mã", "mã đvhc", "mã đơn vị", "mã địa bàn", "code", "stated_code",
           "administrative code")),
    Field("year", "year", "Năm", "Year",
          ("năm số liệu", "năm thống kê", "năm điều tra", "population year"), required=True),
    Field("value", "people", "Số dân", "Population",
          ("dân số", "tổng số dân", "tổng dân số", "số dân người", "dân số người",
           "dân số trung bình", "dân số trung bình người", "quy mô dân số", "số người", "số liệu",
           "giá trị", "inhabitants", "people", "value"), required=True),
    Field("estimated", "flag", "Ước tính", "Estimated", ("là ước tính", "số ước tính", "estimate")),
    Field("source", "text", "Nguồn", "Source", ("nguồn số liệu", "văn bản", "citation")),
)  # fmt: skip

PREVENTION_MODEL = (
    IDENTITY,
    Field("kind", "code", "Mô hình", "Kind",
          ("loại", "loại mô hình", "mô hình phòng ngừa", "model", "type"),
          codes="prevention_model", required=True),
    Field("name", "text", "Tên gọi", "Name", ("tên", "tên mô hình", "tên câu lạc bộ")),
    Field("state", "code", "Tình trạng", "State", ("trạng thái", "status"), codes="model_state",
          default="active"),
    Field("started_on", "day", "Ngày thành lập", "Started on",
          ("ngày", "thành lập", "ngày ra mắt", "từ ngày", "start", "start date", "date")),
    Field("ended_on", "day", "Ngày kết thúc", "Ended on",
          ("đến ngày", "end", "end date", "ended")),
    Field("members", "count", "Số thành viên", "Members",
          ("thành viên", "số hội viên", "hội viên", "số người")),
    Field("organiser", "open_code", "Đơn vị chủ trì", "Organiser",
          ("cơ quan", "đơn vị", "cơ quan chủ trì", "organizer", "agency"), codes="agency"),
    *PLACE,
    Field("notes", "text", "Ghi chú", "Notes", ("nội dung", "mô tả", "description")),
)  # fmt: skip

# A figure is known by programme, measure, unit and period: it has no number of its own.
SUPPORT_MEASURE = (
    Field("programme", "code", "Chương trình", "Programme", ("program",),
          codes="support_programme", required=True),
    Field("measure", "code", "Chỉ tiêu", "Measure", ("chỉ số", "nội dung", "indicator"),
          codes="support_measure", required=True),
    Field("period", "months", "Kỳ", "Period",
          ("tháng", "năm báo cáo", "kỳ báo cáo", "thời gian", "month", "year"), required=True),
    Field("province", "unit", "Tỉnh/Thành phố", "Province",
          ("tỉnh", "tỉnh thành", "tên tỉnh", "mã tỉnh", "địa bàn", "province code", "unit")),
    Field("edition", "unit", "Phiên bản địa giới", "Boundary edition",
          ("phiên bản", "năm địa giới", "stated_edition")),
    Field("code", "unit", "Mã đơn vị hành chính", "Unit code",
          ("mã đvhc", "mã đơn vị", "mã địa bàn", "stated_code")),
    Field("value", "count", "Số liệu", "Value",
          ("giá trị", "tổng", "tổng số", "số lượng", "số người", "total", "count"), required=True),
    *_breakdowns(FIGURES_BY),
    Field("value_by", "breakdown_json", "Cơ cấu", "Value by", ("value_by",)),
    Field("includes_suspected", "flag", "Gồm nghi nạn nhân", "Includes suspected victims",
          ("gồm cả nghi là nạn nhân", "nghi nạn nhân", "suspected")),
    Field("published", "flag", "Đã công bố", "Published", ("công bố",)),
    Field("agencies", "open_codes", "Cơ quan", "Agencies",
          ("đơn vị", "cơ quan báo cáo", "agency"), codes="agency"),
    Field("citation", "text", "Nguồn", "Source",
          ("nguồn số liệu", "văn bản", "báo cáo", "citation")),
    Field("notes", "text", "Ghi chú", "Notes", ("mô tả", "description")),
)  # fmt: skip
ROWS: dict[RowType, tuple[Field, ...]] = {
    "incident": INCIDENT,
    "outreach_event": OUTREACH_EVENT,
    "network": NETWORK,
    "support_measure": SUPPORT_MEASURE,
    "prevention_model": PREVENTION_MODEL,
    "place_name": PLACE_NAME,
    "population": POPULATION,
}


@cache
def fields_of(record_type: RowType) -> dict[str, Field]:
    """The fields of a record type by name, in the order to show them."""
    return {field.name: field for field in ROWS[record_type]}
