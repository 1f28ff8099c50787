"""The made-up sharing platform: its services, who calls them, its datasets, and the databases it must connect."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from vamco.simulation.agencies import DEPARTMENTS, DIGITAL_CENTRE, POLICE, SERVICE_CENTRE


@dataclass(frozen=True, slots=True)
class Service:
    """A service that agencies may call; `calls` on a usual working day of each consumer in 2024."""

    code: str
    name: str
    provider: str
    scope: str
    published_on: date
    calls: int
    consumers: tuple[str, ...]
    p95_ms: int = 380


SERVICES: Final = (
    Service(
        "MP-DV-DANCU",
        "Tra cứu dân cư (mô phỏng)",
        POLICE,
        "quốc gia",
        date(2023, 3, 15),
        2_400,
        (SERVICE_CENTRE, "so-tu-phap", "so-noi-vu", "so-y-te"),
        620,
    ),
    Service(
        "MP-DV-HOTICH",
        "Khai thác hộ tịch (mô phỏng)",
        "so-tu-phap",
        "quốc gia",
        date(2023, 6, 1),
        640,
        (SERVICE_CENTRE, POLICE),
    ),
    Service(
        "MP-DV-DOANHNGHIEP",
        "Tra cứu doanh nghiệp (mô phỏng)",
        "so-tai-chinh",
        "quốc gia",
        date(2023, 9, 1),
        310,
        (SERVICE_CENTRE, "so-cong-thuong", "so-xay-dung"),
    ),
    Service(
        "MP-DV-BHXH",
        "Xác nhận bảo hiểm (mô phỏng)",
        "so-noi-vu",
        "quốc gia",
        date(2024, 2, 1),
        520,
        ("so-y-te", SERVICE_CENTRE),
        900,
    ),
    Service(
        "MP-DV-DATDAI",
        "Thông tin thửa đất (mô phỏng)",
        "so-nong-nghiep-va-moi-truong",
        "trong tỉnh",
        date(2024, 11, 4),
        450,
        (SERVICE_CENTRE, "so-xay-dung", "so-tai-chinh"),
        1_700,
    ),
    Service(
        "MP-DV-HOSO",
        "Tình trạng hồ sơ (mô phỏng)",
        SERVICE_CENTRE,
        "trong tỉnh",
        date(2024, 1, 8),
        1_500,
        (DIGITAL_CENTRE, "so-khoa-hoc-va-cong-nghe"),
    ),
    Service(
        "MP-DV-HOCSINH",
        "Xác nhận học sinh (mô phỏng)",
        "so-giao-duc-va-dao-tao",
        "trong tỉnh",
        date(2025, 9, 1),
        160,
        (SERVICE_CENTRE, "so-y-te"),
    ),
    Service(
        "MP-DV-VANBAN",
        "Trục liên thông văn bản (mô phỏng)",
        DIGITAL_CENTRE,
        "quốc gia",
        date(2023, 1, 3),
        900,
        DEPARTMENTS,
        240,
    ),
    Service(
        "MP-DV-CONGDOAN",
        "Tra cứu đoàn viên (mô phỏng)",
        "so-noi-vu",
        "trong tỉnh",
        date(2025, 3, 3),
        0,  # nobody has ever called it
        (),
    ),
)


@dataclass(frozen=True, slots=True)
class Outage:
    """A day on which a service failed for hours."""

    service: str = "MP-DV-DANCU"
    on: date = date(2026, 8, 19)
    errors: float = 0.31
    timeouts: float = 0.16


OUTAGE: Final = Outage()


@dataclass(frozen=True, slots=True)
class SharedDataset:
    """A dataset of the shared warehouse; `index` is its quality in 2024, `reliability` the chance of a good load."""

    code: str
    owner: str
    promised_hours: int
    rows: int
    index: float
    reliability: float


DATASETS: Final = (
    SharedDataset("MP-TAP-HOSO", SERVICE_CENTRE, 24, 1_300, 93.0, 0.99),
    SharedDataset("MP-TAP-DATDAI", "so-nong-nghiep-va-moi-truong", 24, 2_100, 76.0, 0.86),
    SharedDataset("MP-TAP-HOTICH", "so-tu-phap", 24, 420, 91.0, 0.985),
    SharedDataset("MP-TAP-DOANHNGHIEP", "so-tai-chinh", 24, 260, 88.0, 0.98),
    SharedDataset("MP-TAP-CABENH", "so-y-te", 48, 150, 90.0, 0.97),
    SharedDataset("MP-TAP-HOCSINH", "so-giao-duc-va-dao-tao", 168, 8_000, 84.0, 0.95),
    SharedDataset("MP-TAP-GIAOVIEN", "so-giao-duc-va-dao-tao", 168, 900, 86.0, 0.95),
    SharedDataset("MP-TAP-CANBO", "so-noi-vu", 72, 300, 82.0, 0.93),
    SharedDataset("MP-TAP-XAYDUNG", "so-xay-dung", 72, 70, 79.0, 0.9),
    SharedDataset("MP-TAP-SUCO", DIGITAL_CENTRE, 24, 40, 96.0, 0.995),
)


@dataclass(frozen=True, slots=True)
class Required:
    """A database that has to be connected; None while it is not."""

    code: str
    name: str
    owner: str
    connected_on: date | None


_NAMES: Final = (
    ("Dân cư", POLICE, date(2025, 10, 22)),
    ("Hộ tịch điện tử", "so-tu-phap", date(2025, 11, 20)),
    ("Đăng ký doanh nghiệp", "so-tai-chinh", date(2025, 12, 15)),
    ("Bảo hiểm", "so-noi-vu", date(2026, 1, 20)),
    ("Cán bộ, công chức, viên chức", "so-noi-vu", date(2026, 3, 10)),
    ("Giáo dục và đào tạo", "so-giao-duc-va-dao-tao", date(2026, 4, 8)),
    ("Văn bản quy phạm pháp luật", "so-tu-phap", date(2026, 5, 19)),
    ("Giá", "so-tai-chinh", date(2026, 7, 2)),
    ("Y tế", "so-y-te", date(2026, 9, 7)),
    ("Xây dựng", "so-xay-dung", date(2026, 10, 26)),
    ("Lý lịch tư pháp", "so-tu-phap", date(2026, 11, 16)),
    ("Đất đai", "so-nong-nghiep-va-moi-truong", date(2026, 12, 21)),
    ("Quy hoạch", "so-xay-dung", None),
    ("Du lịch", "so-van-hoa-the-thao-va-du-lich", None),
)
REQUIRED: Final = tuple(
    Required(f"MP-CSDL-{number:02}", f"{name} (mô phỏng)", owner, connected_on)
    for number, (name, owner, connected_on) in enumerate(_NAMES, start=1)
)
