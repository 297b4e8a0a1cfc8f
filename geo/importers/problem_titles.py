"""Short names of what may be wrong with a row, for counts and lists."""

from geo.errors import Language

TITLES = {
    "breakdown_sum": ("Cơ cấu không khớp tổng số", "Parts do not add up"),
    "breakdown_unreadable": ("Cơ cấu không đọc được", "Unreadable breakdown"),
    "code_ambiguous": ("Chữ có thể là nhiều mục trong danh mục", "Words that fit several codes"),
    "code_unknown": ("Không có trong danh mục", "Not in the code list"),
    "column_too_narrow": ("Ô chỉ có dấu # vì cột quá hẹp", "Cells of # signs: column too narrow"),
    "coordinate_missing": ("Thiếu một trong hai tọa độ", "One of two coordinates missing"),
    "coordinate_unreadable": ("Tọa độ không đọc được", "Unreadable coordinate"),
    "coordinates_swapped": ("Kinh độ và vĩ độ bị đổi chỗ", "Longitude and latitude swapped"),
    "coordinates_zero": ("Tọa độ (0, 0)", "Coordinates (0, 0)"),
    "count_negative": ("Số lượng âm", "Negative count"),
    "count_too_large": ("Số lượng quá lớn", "Count too large"),
    "count_unreadable": ("Số lượng không đọc được", "Unreadable count"),
    "date_as_number": ("Ngày ghi bằng số của bảng tính", "Date as a spreadsheet's number"),
    "date_impossible": ("Ngày không có thật", "Impossible date"),
    "date_in_future": ("Ngày ở tương lai", "Date in the future"),
    "date_too_early": ("Ngày quá xa trong quá khứ", "Date too early"),
    "date_unreadable": ("Ngày không đọc được", "Unreadable date"),
    "figure_repeated": ("Số liệu lặp lại trong tệp", "Figure repeated in the file"),
    "flag_unreadable": ("Không phải có hay không", "Neither yes nor no"),
    "formula_failed": ("Lỗi công thức của bảng tính", "Spreadsheet formula error"),
    "formula_without_value": ("Công thức chưa có kết quả", "Formula without a result"),
    "identity_repeated": ("Mã hồ sơ lặp lại trong tệp", "ID repeated in the file"),
    "latitude_range": ("Vĩ độ ngoài khoảng cho phép", "Latitude out of range"),
    "longitude_range": ("Kinh độ ngoài khoảng cho phép", "Longitude out of range"),
    "name_of_no_unit": ("Tên khác nhưng không rõ của đơn vị nào", "Another name of no unit"),
    "name_repeated": ("Tên lặp lại ở vị trí khác", "Name repeated at another point"),
    "name_unusable": ("Tên không dùng được", "Unusable name"),
    "network_differs": ("Các hàng của một đường dây khác nhau", "Rows of a network disagree"),
    "network_incomplete": ("Đường dây có hàng chưa dùng được", "Network with unusable rows"),
    "network_too_long": ("Đường dây có quá nhiều điểm", "Network of too many places"),
    "nul_character": ("Ô chứa ký tự NUL", "NUL character"),
    "number_unreadable": ("Số không đọc được", "Unreadable number"),
    "period_backwards": ("Ngày kết thúc trước ngày bắt đầu", "End before start"),
    "place_coarse": ("Vị trí quá rộng", "Place too wide"),
    "place_described": ("Vị trí lấy từ phần mô tả địa điểm", "Place taken from its description"),
    "place_missing": ("Không có vị trí", "No place"),
    "period_in_future": ("Kỳ ở tương lai", "Period in the future"),
    "period_unreadable": ("Kỳ không đọc được", "Unreadable period"),
    "model_unknown": ("Không có mô hình, câu lạc bộ này", "Unknown club or model"),
    "point_across_edge": (
        "Điểm ở ngoài ranh giới, đã tính cho xã gần nhất",
        "Points outside the boundary, taken for the nearest commune",
    ),
    "point_outside": ("Điểm nằm ngoài Việt Nam", "Point outside Vietnam"),
    "row_elsewhere": ("Ngoài địa bàn của tài khoản", "Outside the units of the account"),
    "row_ragged": ("Số ô khác số cột", "Cells do not match the columns"),
    "row_taken": ("Mã thuộc bản ghi ngoài địa bàn", "ID of a record outside the units"),
    "sequence_repeated": ("Thứ tự điểm bị trùng hoặc quá lớn", "Sequence repeated or too large"),
    "stated_unit_differs": (
        "Tên đơn vị và tọa độ không khớp",
        "The unit named and the point disagree",
    ),
    "text_too_long": ("Chữ quá dài", "Text too long"),
    "unit_ambiguous": ("Tên đơn vị có ở nhiều nơi", "Ambiguous name of a unit"),
    "unit_missing": ("Chưa ghi tỉnh hay cả nước", "Neither province nor country"),
    "unit_partly_read": (
        "Một phần tên đơn vị không khớp, đã bỏ qua",
        "Part of the unit's name does not fit and was passed over",
    ),
    "unit_unknown": ("Không có đơn vị hành chính này", "Unknown administrative unit"),
    "value_missing": ("Ô bắt buộc bị bỏ trống", "Required cell empty"),
}


def title_of(code: str, language: Language) -> str:
    """The name of a kind of problem or warning in the user's language."""
    vi, en = TITLES[code]
    return vi if language == "vi" else en
