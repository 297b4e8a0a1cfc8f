"""Words that make up names of persons in Vietnam, and names of persons that places bear.

Family names after the list "Họ người Việt Nam" of the Vietnamese Wikipedia (Kinh and minorities,
2025), with those of the Thái, Mông, Khơ Mú, Thổ and Dao along the border. Some that are far more
often other words (An, Bình, Minh …) are left out: such a person is found by a title, or by the age
behind the name.
"""

_FAMILIES = """
Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Vương Trịnh Trương
Đinh Lâm Phùng Mai Tô Hà Tạ Lương Lưu Chu Châu Tăng Thái Từ Quách Doãn Hứa Tống Tôn Khổng Kiều Cao
La Lại Lã Lục Mạc Nghiêm Nhâm Ninh Ông Phí Quan Quang Quàng Thạch Thân Thẩm Tiêu Triệu Trang Trầm
Uông Vi Viên Văn Bạch Bành Biện Cù Cung Diệp Diêm Du Đàm Đan Đàng Đậu Điền Đồng Đường Giáp Giang
Hạ Hàn Hầu Hán Hình Hùng Hoa Khúc Khuất Kha Kim Lò Lô Lôi Lộc Lỗ Lữ Lù Lường Lự Lim Lang Ma Mã Mẫn
Moong Mùa Ngân Ngần Nông Ngụy Nhữ Ong Phó Phương Quản Sái Sầm Sằm Tòng Thiều Tào Tiết Tẩn Toán
Trưng Ứng Vòng Vàng Vừ Và Vì Vầy Xa Xeo Xên Xồng Cà Cầm Cụt Cút Cứ Chá Chang Chảo Chíu Cháng Chìu
Chẩu Giàng Già Hờ Hạng Hảng Háng Khang Kháng Kiêm Lầu Lầy Lẩu Lèng Lỳ Ly Lùng Lừu Mùi Mạ Phà Phàn
Phàng Phủng Phượng Pay Pịt Pờ Pừ Sùng Tếnh Tếch Thào Thò Thao Tráng Tủa Thền Thèn Thàng Sần Sìn
Vầu Vù Xìn Ốc Ngải Bế Bàn Đèo Điêu Bạc Lành Lèo Nình Ve Viềng Xô Chích Chương Danh Kiên Sơn Tặng
Tà Neáng Ksor Siu Nay Kpă Rmah Rcom Niê Êban Mlô Ayun Kpuih Nhan Phù Tằng Trà Xích Đới Đái Hoắc
Liêu Liễu Lạc Lạng Mang Ngũ Nhạc Phi Sử Thi Thôi Thượng Tưởng Ưng Âu Án Khấu Khiếu Nghị Cồ Cai Hy
Triều Trình Tề Tất Bồ Cái Cam Cấn Chế Chung Chử Cổ Củng Dư Giản
"""
# Two capitals behind these are more often a place, an office or two words, and no name.
_WEAK = """
Mai Châu Thái Từ Cao Ninh Ông Quan Quang Thạch Tiêu Trang Viên Văn Biện Cung Du Đan Điền Đồng
Đường Giang Hạ Hàn Hán Hình Hùng Hoa Kim Lộc Lang Ma Mã Mùa Ong Phó Phương Quản Tiết Toán Trưng
Ứng Và Vì Xa Cà Phà Bàn Bạc Ve Xô Chương Danh Kiên Sơn Tà Nay Đới Lạc Lạng Mang Sử Thi Thôi Thượng
Ưng Án Nghị Cai Triều Trình Tề Tất Bồ Cái Cam Chế Chung Cổ
"""
# Units, streets and schools whose names begin like a person's: whoever is meant is no victim.
_PLACES = """
Hồ Chí Minh|Trần Hưng Đạo|Nguyễn Thị Minh Khai|Phan Bội Châu|Phan Chu Trinh
Phan Châu Trinh|Nguyễn Thái Học
Nguyễn Công Trứ|Nguyễn Chí Thanh|Nguyễn Đình Chiểu|Nguyễn Bỉnh Khiêm|Nguyễn Lương Bằng
Nguyễn Tri Phương|Nguyễn Tất Thành|Nguyễn Ái Quốc|Nguyễn Sinh Sắc|Nguyễn Viết Xuân
Nguyễn Đức Cảnh|Nguyễn Huy Tự|Lê Hồng Phong|Lê Hồng Sơn|Lê Quý Đôn|Lê Thánh Tông|Lê Đại Hành
Lê Thanh Nghị|Lê Minh Xuân|Hoàng Văn Thụ|Hoàng Hoa Thám|Hoàng Quốc Việt
Hoàng Su Phì|Trần Quốc Toản|Trần Quang Khải|Trần Nhân Tông|Trần Nhật Duật|Trần Đại Nghĩa
Lý Thường Kiệt|Lý Thái Tổ|Lý Tự Trọng|Lý Nam Đế|Phan Đình Phùng
Phan Đăng Lưu|Phan Huy Chú|Phan Ngọc Hiển|Phan Rí Cửa|Phạm Ngũ Lão|Phạm Văn Đồng|Phạm Hồng Thái
Phạm Sư Mạnh|Tôn Đức Thắng|Tôn Thất Thuyết|Tôn Thất Tùng|Võ Nguyên Giáp|Võ Văn Kiệt|Hai Bà Trưng
Bà Triệu|Đinh Tiên Hoàng|Đinh Bộ Lĩnh|Đinh Công Tráng|Đinh Trang Hòa|Đinh Trang Thượng
Đặng Thai Mai|Đặng Thùy Trâm|Đào Duy Từ|Đào Duy Anh|Ngô Gia Tự|Ngô Thì Nhậm
Chu Văn An|Hà Huy Tập|Mạc Đĩnh Chi|Cao Bá Quát|Hồ Xuân Hương|Hồ Tùng Mậu
Hồ Đắc Kiện|Mai Hắc Đế|Mai Thúc Loan|Cù Chính Lan|Cù Lao Dung|Cù Lao Giêng
Bế Văn Đàn|Kim Đồng|Tô Vĩnh Diện|Dương Minh Châu|Bạch Long Vĩ|Khúc Thừa Dụ|Lê Ích Mộc
Lưu Nghiệp Anh|Lương Hòa Lạc|Lương Thế Trân|Lương Thế Vinh|Lục Sĩ Thành
Nguyễn Việt Khái|Nguyễn Đại Năng|Ngũ Chỉ Sơn|Ngũ Hành Sơn|Phù Mỹ Bắc|Phù Mỹ Nam|Phù Mỹ Tây
Phù Mỹ Đông|Pờ Ly Ngài|Triệu Việt Vương|Trương Quang Trọng|Tăng Nhơn Phú|Tạ An Khương
Tủa Sín Chải|Huỳnh Thúc Kháng|Bà Chiểu|Bà Đen|Bà Rịa|Bà Điểm|Ông Đốc|Ông Lãnh
Bác Hồ|Bác Ái|Cô Tô|Cha Lo|Chi Lăng|Chi Ma|Bố Trạch|Bố Hạ|Anh Sơn|Lâm Hà|Chu Yang Sin|Chu Mom Ray
Ma Lu Thang|Pu Sam Cáp|Ninh Thạnh Lợi|Tong Le Chan
"""

FAMILY_NAMES = _FAMILIES.split()
PLAIN_FAMILY_NAMES = [name for name in FAMILY_NAMES if name not in set(_WEAK.split())]
PLACES = _PLACES.strip().replace("\n", "|").split("|")
