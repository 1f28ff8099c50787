"""The shifts of one working day, split by the break at noon."""

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Final

from vamco.vocabulary.errors import Misused

_WRITTEN: Final = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Work without a break, from `opens` up to `closes` of the same day."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


Shifts = tuple[Shift, ...]


def read_shifts(text: str) -> Shifts:
    """The shifts of `07:30-11:30 13:30-17:00`, in order; none of an empty text. Raises `Misused`."""
    try:
        shifts = tuple(_shift(part) for part in text.split())
    except ValueError:
        raise Misused("worktime.bad_shifts", value=text) from None
    edges = [edge for shift in shifts for edge in (shift.opens, shift.closes)]
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise Misused("worktime.bad_shifts", value=text)
    return shifts


def write_shifts(shifts: Shifts) -> str:
    """The shifts as `read_shifts` reads them."""
    return " ".join(map(str, shifts))


def _shift(text: str) -> Shift:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Shift(time.fromisoformat(found[1]), time.fromisoformat(found[2]))
