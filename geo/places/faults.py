"""What is wrong with coordinates that state no position, and how to mend them."""

from enum import StrEnum


class Fault(StrEnum):
    """Why two coordinates are no place, where no single slip would explain them."""

    ANGLE = "angle"
    ONE_AXIS = "one_axis"
    LATITUDE = "latitude"
    NUMBERS = "numbers"
    STATED_METRES = "stated_metres"
    SYSTEM = "system"
    GRID = "grid"


# Vietnamese and English.
FAULT_TEXTS = {
    Fault.ANGLE: (
        "Một góc ghi sai: phút và giây không quá 60. Viết ví dụ 18°53'18\"B 104°50'53\"Đ.",
        "An angle is written wrongly: minutes and seconds do not exceed 60. Write for example"
        " 18°53'18\"N 104°50'53\"E.",
    ),
    Fault.ONE_AXIS: (
        "Hai số cùng ghi là vĩ độ (B, N) hoặc cùng là kinh độ (Đ, T). Ghi vĩ độ Bắc (B) và kinh độ"
        " Đông (Đ), ví dụ 18,8885 B; 104,848 Đ.",
        "Both numbers are said to be latitudes (N, S) or both longitudes (E, W). Write a latitude"
        " (N) and a longitude (E), as in 18.8885 N, 104.848 E.",
    ),
    Fault.LATITUDE: (
        "Số ở chỗ vĩ độ lớn hơn 90 độ: không có vĩ độ như vậy. Ở Việt Nam vĩ độ là 8 đến 24 (B),"
        " kinh độ 102 đến 118 (Đ). Hãy kiểm tra thứ tự, hướng và dấu thập phân.",
        "The latitude exceeds 90 degrees: there is none such. In Vietnam latitudes are 8 to 24 (N),"
        " longitudes 102 to 118 (E). Check order, hemispheres and decimal points.",
    ),
    Fault.NUMBERS: (
        "Hai số này quá lớn cho độ (vĩ độ đến 90, kinh độ đến 180) và không phải mét của VN-2000"
        " hay UTM ở Việt Nam. Hãy kiểm tra dấu thập phân, ví dụ 18,8885; 104,848.",
        "These numbers are too large for degrees (latitudes to 90, longitudes to 180), and no"
        " metres of VN-2000 or UTM in Vietnam. Check the decimal points, as in 18.8885, 104.848.",
    ),
    Fault.STATED_METRES: (
        "Trong hệ tọa độ đã ghi, hai số này không nằm ở Việt Nam. Hãy kiểm tra từng chữ số và hệ:"
        " X khoảng 900.000 đến 2.600.000 m, Y khoảng 100.000 đến 900.000 m.",
        "In the system that is written, these numbers do not lie in Vietnam. Check the digits and"
        " the system: northings are 900,000 to 2,600,000 m, eastings 100,000 to 900,000 m.",
    ),
    Fault.SYSTEM: (
        "Không biết hệ tọa độ hoặc kinh tuyến trục đã ghi. Hãy ghi kinh tuyến trục của tỉnh, ví dụ"
        " VN-2000 KTT 104°45', hoặc WGS 84, UTM 48.",
        "The system or central meridian that is written is not known. Write that of the province,"
        " as in VN-2000 KTT 104°45', or WGS 84, UTM 48.",
    ),
    Fault.GRID: (
        "Tham chiếu lưới MGRS ghi sai: sau hai chữ cái là số chữ số chẵn, ví dụ 48QVF8399188497.",
        "The MGRS reference is written wrongly: after the two letters stands an even number of"
        " digits, as in 48QVF8399188497.",
    ),
}
