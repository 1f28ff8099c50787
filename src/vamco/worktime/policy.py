"""How a deadline is counted; kept with each clock, so that a later rule never changes an earlier promise."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import Language, say


class Unit(StrEnum):
    """What a deadline is counted in."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_HOURS = "calendar_hours"
    CALENDAR_DAYS = "calendar_days"

    @property
    def in_days(self) -> bool:
        """Whether whole days are counted: such a term ends with the close of the offices on its last day."""
        return self in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)


class Starts(StrEnum):
    """From when a deadline counts.

    `AT_ONCE` counts from the moment itself, in days with the day of the start as the first one;
    `NEXT_DAY` leaves the day of the start out (Civil Code 2015, art. 147.2).
    """

    AT_ONCE = "at_once"
    NEXT_DAY = "next_day"
    NEXT_WORKING_DAY = "next_working_day"


WORKING_HOURS, WORKING_DAYS = Unit.WORKING_HOURS, Unit.WORKING_DAYS
CALENDAR_HOURS, CALENDAR_DAYS = Unit.CALENDAR_HOURS, Unit.CALENDAR_DAYS
AT_ONCE, NEXT_DAY, NEXT_WORKING_DAY = Starts.AT_ONCE, Starts.NEXT_DAY, Starts.NEXT_WORKING_DAY

_MOST: Final = 100_000  # hours or days; what is longer is a slip of the pen


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """So much time, of a kind, from some start. Raises `Misused` for an amount that cannot be counted."""

    unit: Unit
    amount: float
    starts: Starts = Starts.NEXT_DAY

    def __post_init__(self) -> None:
        self.check_amount(self.amount)

    def check_amount(self, amount: float) -> None:
        """Raises `Misused` unless so much can be counted in this policy's unit."""
        if not 0 <= amount <= _MOST or (self.unit.in_days and amount != int(amount)):
            raise Misused("worktime.bad_policy", field="amount", value=amount)

    def as_dict(self) -> dict[str, Any]:
        """The policy as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "ClockPolicy":
        """The policy that `as_dict` wrote, or that a pack declares. Raises `Misused`."""
        return cls(
            _member(Unit, kept, "unit"),
            _amount(kept),
            _member(Starts, kept, "starts") if "starts" in kept else Starts.NEXT_DAY,
        )

    def in_words(self, language: Language) -> str:
        """The policy as people say it: 5 ngày làm việc, tính từ ngày hôm sau."""
        amount, unit = self.amount, str(self.unit)
        if self.unit is Unit.CALENDAR_HOURS and amount < 1:
            amount, unit = amount * 60, "minutes"
        written = f"{amount:g}" if language == "en" else f"{amount:g}".replace(".", ",")
        return say(
            "worktime.policy",
            language,
            amount=say(f"worktime.amount_{unit}", language, n=written),
            starts=say(f"worktime.starts_{self.starts}", language),
        )


def _amount(kept: Mapping[str, Any]) -> float:
    amount = kept.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        raise Misused("worktime.bad_policy", field="amount", value=amount)
    return amount


def _member(kind: type[Any], kept: Mapping[str, Any], name: str) -> Any:
    try:
        return kind(kept.get(name))
    except ValueError:
        raise Misused("worktime.bad_policy", field=name, value=kept.get(name)) from None
