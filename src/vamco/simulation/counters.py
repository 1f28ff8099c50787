"""Made-up one-stop counters: dossiers from their receipt to their return, with queues and overdue cases.

Some communes fall behind in a known month (`SLUMPS`), and the merger of July 2025 left a backlog everywhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vamco.simulation.agencies import SERVICE_CENTRE, agencies_of_pieces
from vamco.simulation.feed import Row
from vamco.simulation.world import Floats, World

_A_DAY: Final = 250
_ONLINE_AT_WEEKENDS: Final = 0.07  # of what comes on a working day; counters are closed
_PROVINCIAL: Final = 0.13
_LONGEST: Final = timedelta(days=125)
_MERGED_ON: Final = date(2025, 7, 1)
_BACKLOG_UNTIL: Final = date(2025, 9, 30)
_CLOSES: Final = time(17)


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
_RESOLVERS: Final = {
    "Kinh doanh": "so-tai-chinh",
    "Tư pháp": "so-tu-phap",
    "Giao thông": "so-xay-dung",
    "Y tế": "so-y-te",
    "Môi trường": "so-nong-nghiep-va-moi-truong",
}

SLUMPS: Final[Mapping[str, date]] = {  # commune of the map since July 2025 → since when it has fallen behind
    "25459": date(2025, 11, 1),
    "27721": date(2026, 3, 1),
    "28243": date(2026, 5, 1),
    "25654": date(2026, 7, 1),
}
_SLUMP: Final = 0.34  # more late dossiers, as a share of all
_PAUSES: Final = (
    ("yêu cầu bổ sung", "Thiếu thành phần hồ sơ"),
    ("tạm dừng", "Chờ xác minh của cơ quan liên quan"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A dossier's state since `at`; `piece` is where it was received, None at the provincial centre."""

    at: datetime
    piece: int | None
    is_late: bool
    row: Row


def changes(world: World, start_on: date, end_on: date) -> Iterator[Change]:
    """Every change of a dossier between those days, day by day."""
    for n in range((end_on - start_on).days + 1):
        day = start_on + timedelta(days=n)
        since = [day - timedelta(days=n) for n in range(_LONGEST.days, -1, -1)]
        of_day = [change for received_on in since for change in _received(world, received_on).get(day, ())]
        yield from sorted(of_day, key=lambda change: change.at)


@lru_cache(maxsize=300)
def _received(world: World, on: date) -> Mapping[date, Sequence[Change]]:
    """All that ever happens to the dossiers received on that day, by the day it happens."""
    found: defaultdict[date, list[Change]] = defaultdict(list)
    draw = _Draw(world, on)
    for n in range(draw.n):
        for change in draw.life(n):
            found[change.at.date()].append(change)
    return found


class _Draw:
    """The chances of one day's dossiers, drawn at once."""

    def __init__(self, world: World, on: date) -> None:
        chance = world.rng("dossiers", on)
        self._world, self._on, self._years = world, on, (on - date(2024, 1, 1)).days / 365
        is_worked = world.worked.is_worked(on)
        rhythm = (1.25, 1.05, 0.95, 0.9, 0.9, 1, 1)[on.weekday()] if is_worked else _ONLINE_AT_WEEKENDS
        self.n = n = int(chance.poisson(_A_DAY * world.scale * rhythm * (0.94 + 0.04 * self._years)))
        self._piece = world.pick(chance, n)
        self._is_provincial = chance.random(n) < _PROVINCIAL
        self._procedure = np.where(
            self._is_provincial,
            len(COMMUNE_PROCEDURES) + _choice(chance, PROVINCIAL_PROCEDURES, n),
            _choice(chance, COMMUNE_PROCEDURES, n),
        )
        self._allowed = np.array([procedure.allowed for procedure in _ALL])[self._procedure]
        self._share = chance.random((n, 12))  # one column a yes-or-no question
        self._at = np.sort(chance.uniform(7.5, 16.4, n) if is_worked else chance.uniform(6, 22, n))
        self._back_at = chance.uniform(8, 16.8, n)
        self._is_online = (self._share[:, 0] < _rising(0.46, 0.13, self._years)) | (not is_worked)
        self._end(chance)

    def _end(self, chance: np.random.Generator) -> None:
        lateness = _chance_of_late(self._world, self._on)[self._piece]
        lateness = np.where(self._is_provincial, 0.03, lateness) * np.where(self._allowed > 5, 1.25, 0.85)
        self._is_late = self._share[:, 1] < lateness
        over = np.minimum(1 + chance.geometric(0.22, self.n), 40)
        used = np.ceil(self._allowed * chance.beta(4, 2.2, self.n)).astype(np.int64)
        self._is_paused = self._share[:, 2] < 0.06
        paused = np.where(self._is_paused, chance.integers(2, 9, self.n), 0)
        today = np.full(self.n, self._on.toordinal())
        worked = self._world.worked
        self._due = worked.after(today, self._allowed)
        self._due_at_last = worked.after(today, self._allowed + paused)
        taken = np.where(self._is_late, self._allowed + over, np.minimum(used, self._allowed)) + paused
        self._back = worked.after(today, taken)
        self._taken = taken

    def life(self, n: int) -> Iterator[Change]:
        """The states of one dossier: received, sometimes paused, and what became of it."""
        base, piece = self._base(n), None if self._is_provincial[n] else int(self._piece[n])
        received_at: datetime = base["received_at"]  # type: ignore[assignment]  # a row holds objects
        is_late = bool(self._is_late[n])
        yield Change(received_at, piece, is_late, base | {"changed_at": received_at})
        if self._is_paused[n]:
            yield self._pause(n, base, piece)
        yield self._outcome(n, base, piece)

    def _base(self, n: int) -> Row:
        procedure, shares = _ALL[self._procedure[n]], self._share[n]
        piece, on = self._piece[n], self._on
        is_here = not self._is_provincial[n]
        agency = str(agencies_of_pieces(self._world, on)[piece]) if is_here else SERVICE_CENTRE
        return {
            "dossier_code": f"000.00.01.H99-{on:%y%m%d}-{n + 1:04}",
            "changed_at": None,
            "procedure_code": procedure.code,
            "field": procedure.field,
            "received_at": _moment(on, self._at[n]),
            "due_at": datetime.combine(date.fromordinal(int(self._due[n])), _CLOSES),
            "returned_at": None,
            "receiving_agency": agency,
            "resolving_agency": agency if is_here else _RESOLVERS[procedure.field],
            "receiving_unit": str(self._world.codes(on)[piece]) if is_here else None,
            "channel": "trực tuyến" if self._is_online[n] else _PAPER[int(shares[3] < 0.06)],
            "service_level": "toàn trình" if procedure.is_full_online else "một phần",
            "fee": procedure.fee,
            "paid_online": bool(procedure.fee and shares[4] < _rising(0.32, 0.15, self._years)),
            "status": "mới tiếp nhận",
            "pause_reason": None,
            "has_electronic_result": None,
            "reuses_data": bool(shares[5] < _rising(0.22, 0.15, self._years)),
            "supplements": 0,
            "allowed_working_days": procedure.allowed,
            "working_days_taken": None,
            "digitised_file": bool(shares[6] < _rising(0.55, 0.12, self._years)),
            "in_personal_store": None,
            "resident_data_used": bool(shares[7] < _rising(0.3, 0.17, self._years)),
            "synced_to_portal": bool(shares[8] < 0.965),
        }

    def _pause(self, n: int, base: Row, piece: int | None) -> Change:
        at = _moment(self._world.worked.after_day(self._on, 1), self._back_at[n])
        status, reason = _PAUSES[int(self._share[n, 9] < 0.4)]
        return Change(at, piece, False, base | {"changed_at": at, "status": status, "pause_reason": reason})

    def _outcome(self, n: int, base: Row, piece: int | None) -> Change:
        shares = self._share[n]
        at = _moment(date.fromordinal(int(self._back[n])), self._back_at[n])
        after: Row = {
            "changed_at": at,
            "due_at": datetime.combine(date.fromordinal(int(self._due_at_last[n])), _CLOSES),
            "supplements": (1 + int(shares[9] < 0.15)) * int(self._is_paused[n]),
        }
        if shares[10] < 0.02:
            return Change(at, piece, False, base | after | {"status": _ENDED[int(shares[11] < 0.3)]})
        returned: Row = {
            "status": "đã trả kết quả",
            "returned_at": at,
            "working_days_taken": int(self._taken[n]),
            "has_electronic_result": bool(shares[10] < _rising(0.6, 0.12, self._years)),
            "in_personal_store": bool(shares[11] < _rising(0.45, 0.13, self._years)),
        }
        return Change(at, piece, bool(self._is_late[n]), base | after | returned)


_ALL: Final = (*COMMUNE_PROCEDURES, *PROVINCIAL_PROCEDURES)
_PAPER: Final = ("trực tiếp", "bưu chính")
_ENDED: Final = ("từ chối", "rút hồ sơ")


def _choice(chance: np.random.Generator, among: Sequence[Procedure], n: int) -> NDArray[np.int64]:
    demand = np.array([procedure.demand for procedure in among])
    return chance.choice(len(among), n, p=demand / demand.sum())


def _rising(first: float, yearly: float, years: float) -> float:
    """A share that grows year by year and never quite reaches all."""
    return min(0.97, first + yearly * years)


def _chance_of_late(world: World, on: date) -> Floats:
    """Of each piece: its own habit, the backlog after the merger, and the slumps."""
    late = _habits(world).copy()
    if _MERGED_ON <= on <= _BACKLOG_UNTIL:
        late += 0.22 * (1 - (on - _MERGED_ON).days / (_BACKLOG_UNTIL - _MERGED_ON).days)
    for code, since_on in SLUMPS.items():
        if on >= since_on:
            late += _SLUMP * (world.codes(_BACKLOG_UNTIL) == code)
    return late


@lru_cache(maxsize=4)
def _habits(world: World) -> Floats:
    """A small share of late dossiers, which differs from commune to commune of today's map."""
    codes, places = np.unique(world.codes(_BACKLOG_UNTIL), return_inverse=True)
    of_commune: Floats = 0.008 + world.rng("late").gamma(2.0, 0.011, len(codes))
    of_piece: Floats = of_commune[places]
    return of_piece


def _moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=int(float(hour) * 60))
