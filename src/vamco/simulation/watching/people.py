"""Made-up operators: who sits at the desk, and how each incident is treated. Every name says mô phỏng."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vamco.accounts.policy import Actor, Granted
from vamco.accounts.roles import Role
from vamco.simulation.world import World

SHIFT: Final = timedelta(hours=8)
OVERLAP: Final = timedelta(minutes=10)  # within which the watch is handed over
NAMES: Final = tuple(f"Trực ban {name} (mô phỏng)" for name in ("An", "Bình", "Chi", "Dung"))
NOTES: Final = (
    "Đã gọi cơ quan xử lý, đang kiểm tra tại chỗ.",
    "Cơ quan xử lý xác nhận số liệu đúng, đang huy động người.",
    "Chờ số liệu ngày mai để kết luận.",
    "Đối chiếu với nguồn khác: trùng khớp.",
)
_LEFT: Final = "Đang theo dõi {n} sự cố; chú ý sự cố chưa ai nhận."
_CALM: Final = "Không còn sự cố nào mở."
_OVERLOOKED: Final = 3  # so that somebody is told one step up
_LATE, _TAKEN, _NOTED, _SHELVED = 0.12, 0.85, 0.5, 0.15
WHY_SHELVED: Final = "Cơ quan xử lý hẹn cập nhật số liệu trong ngày."


@dataclass(frozen=True, slots=True)
class Conduct:
    """What is done with one incident, and how long after it was opened; None is never."""

    acknowledge: timedelta
    take: timedelta | None
    note: timedelta | None
    shelve: timedelta | None
    said: str


def operator(name: str) -> Actor:
    """The made-up operator: an actor without an account, so that nobody can sign in as one."""
    return Actor(name, (Granted(Role.OPERATOR),), signed_in=True)


def on_duty(start: datetime, at: datetime) -> Actor:
    """Whoever has the watch at that moment, where shifts follow each other since `start`."""
    return operator(NAMES[((at - start) // SHIFT) % len(NAMES)])


def conduct(world: World, number: int) -> Conduct:
    """How the incident of that number is treated: mostly at once, some late; the third is overlooked for an hour."""
    chance = world.rng("watch", number)
    is_late = number == _OVERLOOKED or chance.random() < _LATE
    seen = chance.uniform(62, 95) if is_late else chance.gamma(2.0, 2.5) + 0.7
    taken = seen + chance.gamma(2.0, 9.0) + 1
    return Conduct(
        acknowledge=timedelta(minutes=seen),
        take=timedelta(minutes=taken) if chance.random() < _TAKEN else None,
        note=timedelta(minutes=taken + chance.uniform(5, 90)) if chance.random() < _NOTED else None,
        shelve=timedelta(minutes=taken + chance.uniform(95, 200)) if chance.random() < _SHELVED else None,
        said=NOTES[int(chance.integers(len(NOTES)))],
    )


def left_to_the_next(n_open: int) -> str:
    """What a shift writes for the one after it."""
    return _LEFT.format(n=n_open) if n_open else _CALM
