"""What the made-up digital centre looks after: information systems, their owners, and how safe they are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from vamco.simulation.agencies import DEPARTMENTS, DIGITAL_CENTRE, OFFICE, SERVICE_CENTRE
from vamco.simulation.world import World

SEVERITIES: Final = ("thấp", "trung bình", "cao", "nghiêm trọng")
_FIRST_MONDAY: Final = date(2023, 10, 2)
_WEEK: Final = timedelta(days=7)
_DAYS_TO_CLOSE: Final = {"thấp": 70.0, "trung bình": 38.0, "cao": 17.0, "nghiêm trọng": 5.0}


@dataclass(frozen=True, slots=True)
class System:
    """An information system; `approved_on` is when its security level was approved, if it was."""

    code: str
    name: str
    agency: str
    level: int
    approved_on: date | None
    monitored_from_on: date | None


def _department_systems() -> tuple[System, ...]:
    return tuple(
        System(
            f"HT-{slug.removeprefix('so-').upper()[:12].strip('-')}",
            f"Hệ thống chuyên ngành {number:02} (mô phỏng)",
            slug,
            1 + number % 3,
            date(2024, 3, 1) + timedelta(days=97 * number) if number % 4 else None,
            date(2024, 1, 1) + timedelta(days=71 * number) if number % 5 else None,
        )
        for number, slug in enumerate(DEPARTMENTS, start=1)
    )


SYSTEMS: Final = (
    System(
        "HT-CONG-TTDT",
        "Cổng thông tin điện tử (mô phỏng)",
        OFFICE,
        3,
        date(2024, 2, 5),
        date(2024, 1, 1),
    ),
    System(
        "HT-VAN-BAN",
        "Quản lý văn bản (mô phỏng)",
        DIGITAL_CENTRE,
        2,
        date(2025, 11, 3),
        date(2024, 1, 1),
    ),
    System(
        "HT-MOT-CUA",
        "Một cửa điện tử (mô phỏng)",
        SERVICE_CENTRE,
        3,
        date(2024, 6, 10),
        date(2024, 1, 1),
    ),
    System("HT-KHO-DL", "Kho dữ liệu dùng chung (mô phỏng)", DIGITAL_CENTRE, 3, None, date(2026, 3, 1)),
    *_department_systems(),
)
MERGED_ON: Final = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Attack:
    """The one known attack: letters that phish, then machines that call their masters."""

    begins_on: date = date(2026, 9, 14)
    ends_on: date = date(2026, 9, 20)
    calls_from_on: date = date(2026, 9, 16)
    agency: str = "so-nong-nghiep-va-moi-truong"
    system: str = "HT-NONG-NGHIEP"
    n_machines: int = 9

    def phishing(self, on: date) -> float:
        """Alerts of phishing expected on the day."""
        return 26.0 if self.begins_on <= on < self.calls_from_on else 0.0

    def calls(self, on: date) -> float:
        """Alerts of connections to command servers expected on the day, dying down as machines are cleaned."""
        if not self.calls_from_on <= on <= self.ends_on:
            return 0.0
        return 22.0 * (1 - (on - self.calls_from_on).days / 6)


ATTACK: Final = Attack()


@dataclass(frozen=True, slots=True)
class Weakness:
    """A vulnerability from the day it was found to the day it was closed."""

    code: str
    system: System
    severity: str
    opened_on: date
    closed_on: date


def weaknesses(world: World, on: date) -> list[Weakness]:
    """Those open on the day, or closed in the week before it."""
    n_weeks = (on - _FIRST_MONDAY).days // 7 + 1
    every = [one for n in range(n_weeks) for one in _found_in(world, _FIRST_MONDAY + n * _WEEK)]
    return [one for one in every if one.opened_on <= on and one.closed_on > on - _WEEK]


@lru_cache(maxsize=400)
def _found_in(world: World, monday: date) -> tuple[Weakness, ...]:
    chance = world.rng("weaknesses", monday)
    return tuple(
        _weakness(f"MP-LH-{monday:%y%m%d}-{n:03}", monday, chance)
        for n in range(int(chance.poisson(4.2 * world.scale)))
    )


def _weakness(code: str, monday: date, chance: np.random.Generator) -> Weakness:
    system = SYSTEMS[int(chance.integers(len(SYSTEMS)))]
    severity = str(chance.choice(SEVERITIES, p=(0.3, 0.42, 0.21, 0.07)))
    opened_on = monday + timedelta(days=int(chance.integers(5)))
    slow = 2.4 if system.monitored_from_on is None else 1.0
    days = 1 + int(chance.exponential(_DAYS_TO_CLOSE[severity] * slow))
    return Weakness(code, system, severity, opened_on, opened_on + timedelta(days=days))


def moment(day: date, minutes: float) -> datetime:
    """That many minutes after the day began."""
    return datetime.combine(day, time()) + timedelta(minutes=int(minutes))
