"""The made-up procedures of communes and of the provincial centre; codes and fees are nobody's."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Procedure:
    """A made-up procedure; `demand` is relative, `fee` in đồng."""

    code: str
    name: str
    field: str
    allowed: int
    fee: int
    demand: float
    is_full_online: bool = True


COMMUNE_PROCEDURES: Final = (
    Procedure("9.000101", "Đăng ký khai sinh", "Hộ tịch", 1, 0, 16),
    Procedure("9.000102", "Đăng ký kết hôn", "Hộ tịch", 1, 0, 7, is_full_online=False),
    Procedure("9.000103", "Trích lục hộ tịch", "Hộ tịch", 1, 8_000, 14),
    Procedure("9.000201", "Xác nhận cư trú", "Cư trú", 3, 15_000, 12),
    Procedure("9.000301", "Trợ cấp xã hội hằng tháng", "Bảo trợ xã hội", 7, 0, 8),
    Procedure("9.000302", "Hỗ trợ chi phí mai táng", "Bảo trợ xã hội", 5, 0, 4),
    Procedure("9.000401", "Đăng ký đất đai lần đầu", "Đất đai", 15, 100_000, 10, is_full_online=False),
    Procedure("9.000402", "Đăng ký biến động đất đai", "Đất đai", 10, 50_000, 12),
    Procedure("9.000501", "Đăng ký hộ kinh doanh", "Kinh doanh", 3, 100_000, 9),
    Procedure("9.000601", "Giấy phép xây dựng nhà ở", "Xây dựng", 10, 75_000, 5),
)
PROVINCIAL_PROCEDURES: Final = (
    Procedure("9.010101", "Đăng ký doanh nghiệp", "Kinh doanh", 3, 50_000, 8),
    Procedure("9.010201", "Cấp phiếu lý lịch tư pháp", "Tư pháp", 10, 200_000, 9),
    Procedure("9.010301", "Cấp đổi giấy phép lái xe", "Giao thông", 5, 115_000, 10),
    Procedure("9.010401", "Chứng chỉ hành nghề khám bệnh, chữa bệnh", "Y tế", 15, 430_000, 3, False),
    Procedure("9.010501", "Giấy phép môi trường", "Môi trường", 20, 500_000, 2, False),
)
RESOLVERS: Final = {
    "Kinh doanh": "so-tai-chinh",
    "Tư pháp": "so-tu-phap",
    "Giao thông": "so-xay-dung",
    "Y tế": "so-y-te",
    "Môi trường": "so-nong-nghiep-va-moi-truong",
}
