"""The signed rows of a province's calendar: one decided day each, read from `calendar.csv`."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from vamco.vocabulary.errors import Misused, NotFound
from vamco.vocabulary.text import nfc
from vamco.worktime.shifts import Shifts, read_shifts


class DayKind(StrEnum):
    """What was decided of a day."""

    HOLIDAY = "holiday"  # nghỉ lễ, tết
    DAY_OFF = "day_off"  # nghỉ hoán đổi, nghỉ bù
    WORKDAY = "workday"  # làm bù


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that an authority decided; `verified` when someone has read the decision itself.

    `shifts` are the hours of a working day that differs from the usual ones.
    """

    on: date
    kind: DayKind
    title: str
    decision: str
    announced_on: date
    source: str
    verified: bool
    shifts: Shifts = ()

    @property
    def is_working(self) -> bool:
        """Whether the decision makes it a working day."""
        return self.kind is DayKind.WORKDAY


# the columns of the file, in the order of the fields of CalendarDay
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "date": date.fromisoformat,
    "kind": DayKind,
    "title": str,
    "decision": str,
    "announced_on": date.fromisoformat,
    "source": str,
    "verified": {"yes": True, "no": False}.__getitem__,
    "hours": read_shifts,
}


def load_calendar_days(path: Path) -> tuple[CalendarDay, ...]:
    """The rows of the file, by date. Raises `NotFound`, or `Misused` with file and line."""
    if not path.is_file():
        raise NotFound("worktime.no_calendar", file=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(sorted(_rows(path, csv.reader(file)), key=lambda day: day.on))


def _rows(path: Path, lines: Any) -> Iterator[CalendarDay]:
    if next(lines, None) != list(_READERS):
        raise Misused("worktime.bad_columns", file=path, line=1, wanted=list(_READERS))
    seen: dict[date, int] = {}
    for cells in lines:
        day = _day(path, lines.line_num, cells)
        if day.on in seen:
            raise Misused(
                "worktime.day_twice", file=path, line=lines.line_num, day=day.on, first=seen[day.on]
            )
        seen[day.on] = lines.line_num
        yield day


def _day(path: Path, line: int, cells: list[str]) -> CalendarDay:
    if len(cells) != len(_READERS):
        raise Misused("worktime.bad_columns", file=path, line=line, wanted=list(_READERS))
    read = []
    for (column, reader), cell in zip(_READERS.items(), cells, strict=True):
        try:
            read.append(reader(nfc(cell).strip()))
        except (ValueError, KeyError, Misused):
            raise Misused("worktime.bad_cell", file=path, line=line, column=column, value=cell) from None
    return CalendarDay(*read)
