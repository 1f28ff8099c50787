"""Made-up one-stop counters: dossiers from their receipt to their return, with queues and overdue cases.

Some communes fall behind in a known month (`SLUMPS`), and the merger of July 2025 left a backlog everywhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vamco.simulation.agencies import SERVICE_CENTRE, agencies_of_pieces
from vamco.simulation.feed import Row
from vamco.simulation.procedures import COMMUNE_PROCEDURES, PROVINCIAL_PROCEDURES, RESOLVERS, Procedure
from vamco.simulation.worked import Ordinals
from vamco.simulation.world import Floats, World

_A_DAY: Final = 250
_ONLINE_AT_WEEKENDS: Final = 0.07  # of what comes on a working day; counters are closed
_PROVINCIAL: Final = 0.13
_LONGEST: Final = timedelta(days=125)
_MERGED_ON: Final = date(2025, 7, 1)
_BACKLOG_UNTIL: Final = date(2025, 9, 30)
_CLOSES: Final = time(17)


SLUMPS: Final[Mapping[str, date]] = {  # commune of the map since July 2025 → since when it has fallen behind
    "25459": date(2025, 11, 1),
    "27721": date(2026, 3, 1),
    "28243": date(2026, 5, 1),
    "25654": date(2026, 7, 1),
}
_SLUMP: Final = 0.34  # more late dossiers, as a share of all
_PAUSED: Final = 0.06
_MOST_OVER: Final = 40  # working days
_ENDED_EARLY: Final = 0.02
_RHYTHM: Final = (1.25, 1.05, 0.95, 0.9, 0.9, 1, 1)
_PAUSES: Final = (
    ("yêu cầu bổ sung", "Thiếu thành phần hồ sơ"),
    ("tạm dừng", "Chờ xác minh của cơ quan liên quan"),
)


@dataclass(frozen=True, slots=True)
class _Question:
    """A yes-or-no question: its column of chances, the share of yes at the beginning of 2024, its yearly rise."""

    column: int
    first: float
    yearly: float = 0.0


_ONLINE: Final = _Question(1, 0.46, 0.13)
_BY_POST: Final = _Question(2, 0.06)
_WITHDRAWN: Final = _Question(2, 0.3)
_PAID_ONLINE: Final = _Question(3, 0.32, 0.15)
_REUSES: Final = _Question(4, 0.22, 0.15)
_DIGITISED: Final = _Question(5, 0.55, 0.12)
_RESIDENT_DATA: Final = _Question(6, 0.3, 0.17)
_SYNCED: Final = _Question(7, 0.965)
_WAITS: Final = _Question(8, 0.4)
_ASKED_TWICE: Final = _Question(8, 0.15)
_ELECTRONIC_RESULT: Final = _Question(9, 0.6, 0.12)
_IN_STORE: Final = _Question(10, 0.45, 0.13)


@dataclass(frozen=True, slots=True)
class Returned:
    """A dossier whose result was handed out on `on`; `piece` is where, None at the provincial centre."""

    on: date
    piece: int | None
    procedure: str
    is_late: bool


def changes(world: World, start_on: date, end_on: date) -> Iterator[Row]:
    """The state of a dossier after every change between those days, day by day."""
    for day, draw in _days(world, start_on, end_on):
        for kind, n in draw.events.get(day, ()):
            yield draw.row(kind, n)


def returned(world: World, start_on: date, end_on: date) -> Iterator[Returned]:
    """The dossiers handed out between those days, day by day."""
    for day, draw in _days(world, start_on, end_on):
        for kind, n in draw.events.get(day, ()):
            if kind is _Event.RETURNED:
                yield draw.returned(n, day)


def _days(world: World, start_on: date, end_on: date) -> Iterator[tuple[date, "_Draw"]]:
    """Each day with the dossiers of every day on which one of its changes can have begun."""
    for n in range((end_on - start_on).days + 1):
        day = start_on + timedelta(days=n)
        for ago in range(_LONGEST.days, -1, -1):
            yield day, _draw(world, day - timedelta(days=ago))


class _Event(Enum):
    RECEIVED = auto()
    PAUSED = auto()
    RETURNED = auto()
    ENDED = auto()


@lru_cache(maxsize=1_500)
def _draw(world: World, on: date) -> "_Draw":
    return _Draw(world, on)


class _Draw:
    """The dossiers received on one day: all that ever happens to them, drawn at once."""

    def __init__(self, world: World, on: date) -> None:
        chance, worked = world.rng("dossiers", on), world.worked
        is_worked = worked.is_worked(on)
        self._world, self._on, self._years = world, on, (on - date(2024, 1, 1)).days / 365
        rhythm = _RHYTHM[on.weekday()] if is_worked else _ONLINE_AT_WEEKENDS
        n = int(chance.poisson(_A_DAY * world.scale * rhythm * (0.94 + 0.04 * self._years)))
        pieces, is_provincial = world.pick(chance, n), chance.random(n) < _PROVINCIAL
        procedures = np.where(
            is_provincial,
            len(COMMUNE_PROCEDURES) + _choice(chance, PROVINCIAL_PROCEDURES, n),
            _choice(chance, COMMUNE_PROCEDURES, n),
        )
        lateness = np.where(is_provincial, 0.03, _chance_of_late(world, on)[pieces])
        self._lives = _Lives.drawn(chance, world, on, _ALLOWED[procedures], lateness)
        self._pieces: list[int | None] = [
            None if far else int(at) for at, far in zip(pieces, is_provincial, strict=True)
        ]
        self._procedures = [_ALL[at] for at in procedures]
        self._shares = chance.random((n, 11)).tolist()  # one column a yes-or-no question
        self._at = np.sort(chance.uniform(7.5, 16.4, n) if is_worked else chance.uniform(6, 22, n)).tolist()
        self._back_at = chance.uniform(8, 16.8, n).tolist()
        self._is_online = [not is_worked or self._yes(at, _ONLINE) for at in range(n)]
        self.events = self._events(n)

    def _events(self, n: int) -> Mapping[date, Sequence[tuple[_Event, int]]]:
        """What happens on which day to which dossier."""
        found: defaultdict[date, list[tuple[_Event, int]]] = defaultdict(list)
        paused_on, lives = self._world.worked.after_day(self._on, 1), self._lives
        for at in range(n):
            found[self._on].append((_Event.RECEIVED, at))
            if lives.paused[at]:
                found[paused_on].append((_Event.PAUSED, at))
            is_ended = self._shares[at][0] < _ENDED_EARLY
            found[lives.back_on[at]].append((_Event.ENDED if is_ended else _Event.RETURNED, at))
        return found

    def returned(self, n: int, on: date) -> Returned:
        """What people who rate the service know."""
        return Returned(on, self._pieces[n], self._procedures[n].code, self._lives.is_late[n])

    def row(self, kind: _Event, n: int) -> Row:
        """The dossier's row after the change."""
        match kind:
            case _Event.RECEIVED:
                return self._received(n)
            case _Event.PAUSED:
                return self._received(n) | self._paused(n)
            case _Event.ENDED:
                return self._received(n) | self._ended(n)
            case _Event.RETURNED:
                return self._received(n) | self._ended(n) | self._back(n)

    def _received(self, n: int) -> Row:
        procedure, piece, on = self._procedures[n], self._pieces[n], self._on
        agency = SERVICE_CENTRE if piece is None else agencies_of_pieces(self._world, on)[piece]
        received_at = moment(on, self._at[n])
        return {
            "dossier_code": f"000.00.01.H99-{on:%y%m%d}-{n + 1:04}",
            "changed_at": received_at,
            "procedure_code": procedure.code,
            "field": procedure.field,
            "received_at": received_at,
            "due_at": datetime.combine(self._lives.due_on[n], _CLOSES),
            "returned_at": None,
            "receiving_agency": agency,
            "resolving_agency": agency if piece is not None else RESOLVERS[procedure.field],
            "receiving_unit": None if piece is None else str(self._world.codes(on)[piece]),
            "channel": "trực tuyến" if self._is_online[n] else _PAPER[self._yes(n, _BY_POST)],
            "service_level": "toàn trình" if procedure.is_full_online else "một phần",
            "fee": procedure.fee,
            "paid_online": procedure.fee > 0 and self._yes(n, _PAID_ONLINE),
            "status": "mới tiếp nhận",
            "pause_reason": None,
            "has_electronic_result": None,
            "reuses_data": self._yes(n, _REUSES),
            "supplements": 0,
            "allowed_working_days": procedure.allowed,
            "working_days_taken": None,
            "digitised_file": self._yes(n, _DIGITISED),
            "in_personal_store": None,
            "resident_data_used": self._yes(n, _RESIDENT_DATA),
            "synced_to_portal": self._yes(n, _SYNCED),
        }

    def _paused(self, n: int) -> Row:
        status, reason = _PAUSES[self._yes(n, _WAITS)]
        at = moment(self._world.worked.after_day(self._on, 1), self._back_at[n])
        return {"changed_at": at, "status": status, "pause_reason": reason}

    def _ended(self, n: int) -> Row:
        return {
            "changed_at": moment(self._lives.back_on[n], self._back_at[n]),
            "due_at": datetime.combine(self._lives.due_at_last_on[n], _CLOSES),
            "supplements": (1 + self._yes(n, _ASKED_TWICE)) * bool(self._lives.paused[n]),
            "status": _ENDS[self._yes(n, _WITHDRAWN)],
        }

    def _back(self, n: int) -> Row:
        return {
            "status": "đã trả kết quả",
            "returned_at": moment(self._lives.back_on[n], self._back_at[n]),
            "working_days_taken": self._lives.taken[n],
            "has_electronic_result": self._yes(n, _ELECTRONIC_RESULT),
            "in_personal_store": self._yes(n, _IN_STORE),
        }

    def _yes(self, n: int, question: _Question) -> bool:
        share = min(0.97, question.first + question.yearly * self._years)
        return bool(self._shares[n][question.column] < share)


@dataclass(frozen=True, slots=True)
class _Lives:
    """How long dossiers take, by their number: working days, and the days these lead to."""

    taken: Sequence[int]
    paused: Sequence[int]
    is_late: Sequence[bool]
    due_on: Sequence[date]
    due_at_last_on: Sequence[date]
    back_on: Sequence[date]

    @classmethod
    def drawn(
        cls, chance: np.random.Generator, world: World, on: date, allowed: Ordinals, lateness: Floats
    ) -> "_Lives":
        """A pause moves the due day; what is late, is late by some days more."""
        n = len(allowed)
        is_late = chance.random(n) < lateness * np.where(allowed > 5, 1.25, 0.85)
        over = np.minimum(1 + chance.geometric(0.22, n), _MOST_OVER)
        in_time = np.ceil(allowed * chance.beta(4, 2.2, n)).astype(np.int64)
        paused = np.where(chance.random(n) < _PAUSED, chance.integers(2, 9, n), 0)
        taken = np.where(is_late, allowed + over, in_time) + paused
        today, after = np.full(n, on.toordinal()), world.worked.after
        ends = (after(today, days) for days in (allowed, allowed + paused, taken))
        days = ([date.fromordinal(day) for day in end.tolist()] for end in ends)
        return cls(taken.tolist(), paused.tolist(), is_late.tolist(), *days)


_ALL: Final = (*COMMUNE_PROCEDURES, *PROVINCIAL_PROCEDURES)
_ALLOWED: Final = np.array([procedure.allowed for procedure in _ALL])
_PAPER: Final = ("trực tiếp", "bưu chính")
_ENDS: Final = ("từ chối", "rút hồ sơ")


def _choice(chance: np.random.Generator, among: Sequence[Procedure], n: int) -> NDArray[np.int64]:
    demand = np.array([procedure.demand for procedure in among])
    return chance.choice(len(among), n, p=demand / demand.sum())


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


def moment(day: date, hour: float) -> datetime:
    """That hour of the day, to the minute."""
    return datetime.combine(day, time(int(hour), int(hour % 1 * 60)))
