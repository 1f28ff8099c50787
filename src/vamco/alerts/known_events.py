"""Known events, by which a rehearsal judges what a rule would have caught."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from vamco.alerts.lifecycle import Labels
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period

HEADER: Final = ("name", "unit", "from", "to", "service")


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """What happened where and when. `unit` is a unit's code or a contract; empty is the whole province."""

    name: str
    unit: str
    start_on: date
    end_on: date
    service: str = ""  # slug of the pack that it is of; empty is of any

    def concerns(self, pack: str) -> bool:
        """Whether rules of that pack ought to find it."""
        return self.service in ("", pack)

    def is_of(self, labels: Labels, level: str) -> bool:
        """Whether an alert with these labels may be of it; one of the whole province may be of any."""
        where = labels.get("contract") or labels.get("unit", "").partition("@")[0]
        return not self.unit or level == "province" or where == self.unit

    def overlaps(self, period: Period | None) -> bool:
        """Whether it went on in that period."""
        return period is not None and period.start_on <= self.end_on and period.end_on >= self.start_on


def read_events(path: Path) -> list[KnownEvent]:
    """The events of a CSV file with the columns of `HEADER` (service may lack). Raises `Misused` with the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    except (OSError, UnicodeDecodeError) as error:
        raise Misused("alerts.events_unreadable", file=str(path), problem=str(error)) from error
    return [_event(row, number, path) for number, row in enumerate(rows, start=2)]


def _event(row: dict[str, str], number: int, path: Path) -> KnownEvent:
    try:
        days = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
        return KnownEvent(row["name"], row["unit"], *days, row.get("service") or "")
    except (KeyError, ValueError, TypeError) as error:
        raise Misused("alerts.bad_event", file=str(path), line=number, problem=str(error)) from error
