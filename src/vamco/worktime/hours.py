"""When an office works on an ordinary day of each weekday; read from the province's `working_hours.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from vamco.vocabulary.errors import Misused, NotFound
from vamco.vocabulary.text import nfc
from vamco.worktime.shifts import Shifts, read_shifts

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The shifts by weekday, Monday first, and those of a day off that is worked; `verified` against a document."""

    week: tuple[Shifts, ...]
    made_up_day: Shifts
    source: str = ""
    verified: bool = False

    @classmethod
    def usual(cls, shifts: str = "07:30-11:30 13:30-17:00") -> "WorkingHours":
        """The same shifts Monday to Friday. Raises `Misused`."""
        day = read_shifts(shifts)
        return cls((day,) * 5 + ((), ()), day)

    @classmethod
    def load(cls, path: Path) -> "WorkingHours":
        """The hours of a `working_hours.yaml`. Raises `NotFound`, or `Misused` with file and entry."""
        if not path.is_file():
            raise NotFound("worktime.no_hours", file=path)
        return _read(path, yaml.load(path.read_text("utf-8"), yaml.BaseLoader))  # noqa: S506  all is text

    def on_weekday(self, on: date) -> Shifts:
        """The shifts of that weekday; none on a weekend."""
        return self.week[on.weekday()]

    def when_worked(self, on: date) -> Shifts:
        """The shifts of a day that is decided to be worked, whatever its weekday."""
        return self.on_weekday(on) or self.made_up_day


def _read(path: Path, found: Mapping[str, Any]) -> WorkingHours:
    week = _entry(path, found, "week")
    return WorkingHours(
        tuple(_shifts(path, week, name) for name in WEEKDAYS),
        _shifts(path, found, "made_up_day"),
        nfc(str(_entry(path, found, "source"))).strip(),
        _entry(path, found, "verified") == "yes",
    )


def _shifts(path: Path, found: Any, name: str) -> Shifts:
    written = _entry(path, found, name)
    try:
        return read_shifts(str(written))
    except Misused:
        raise Misused("worktime.bad_hours_file", file=path, entry=name) from None


def _entry(path: Path, found: Any, name: str) -> Any:
    if not isinstance(found, Mapping) or name not in found:
        raise Misused("worktime.bad_hours_file", file=path, entry=name)
    return found[name]
