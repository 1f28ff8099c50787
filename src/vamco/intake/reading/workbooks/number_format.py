"""What a workbook's number formats say of a number: a date, a code with leading zeros, a percentage."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from vamco.intake.reading.grid import Place, StoredDay, StoredNumber
from vamco.intake.reading.repairs import Repairs

_LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s|H|M|S)[^\]]*\]')
_ELAPSED: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[\s\-./()]")
_BUILT_IN: Final = {
    **dict.fromkeys([*range(14, 18), *range(27, 32), 36, *range(50, 59)], "yyyy-mm-dd"),
    **dict.fromkeys([18, 19, 20, 21, 32, 33, 34, 35], "hh:mm:ss"),
    22: "yyyy-mm-dd hh:mm",
    9: "0%",
    10: "0.00%",
}
_LAST_DAY: Final = 2_958_465  # 9999-12-31


class Meaning(Enum):
    """What a number stands for."""

    NUMBER = auto()
    DATE = auto()
    ZEROS = auto()
    PERCENT = auto()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A number format: its meaning, and how many digits a code is filled to."""

    meaning: Meaning
    n_digits: int = 0


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat:
    """The meaning of a format code such as `dd/mm/yyyy`, `00000` or `0.0%`."""
    section = code.split(";")[0]
    if _ELAPSED.search(section):
        return NumberFormat(Meaning.NUMBER)
    plain = _LITERALS.sub("", section)
    if re.search(r"[ymdhsYMDHS]", plain) and not re.search(r"[#0?]", plain.replace(".0", "")):
        return NumberFormat(Meaning.DATE)
    digits = _SEPARATORS.sub("", plain)
    if len(digits) > 1 and set(digits) == {"0"} and "." not in plain:
        return NumberFormat(Meaning.ZEROS, len(digits))
    return NumberFormat(Meaning.PERCENT if "%" in plain else Meaning.NUMBER)


def built_in_code(format_id: int) -> str:
    """The code of one of the formats that every workbook has without declaring it."""
    return _BUILT_IN.get(format_id, "General")


@dataclass(frozen=True, slots=True)
class NumberWriter:
    """Writes numbers as text that loses nothing; `is_1904` says from which day dates are counted."""

    repairs: Repairs
    is_1904: bool = False

    def write(self, number: float | str, code: str, where: Place) -> StoredNumber | StoredDay:
        """The number as text, read by its format. `number` is text when the file stores it so.

        Raises `ValueError` when it is no number.
        """
        plain = plain_number(number)
        shape = number_format(code)
        if shape.meaning is Meaning.DATE:
            return self._date(plain, where)
        if shape.meaning is Meaning.ZEROS:
            return StoredNumber(self._zeros(plain, shape.n_digits, where))
        if shape.meaning is Meaning.PERCENT:
            self.repairs.add("intake.read_percent", f"{where}: {plain}")
        return StoredNumber(plain)

    def _date(self, plain: str, where: Place) -> StoredNumber | StoredDay:
        moment = _moment(float(plain), is_1904=self.is_1904)
        if moment is None:
            return StoredNumber(plain)
        self.repairs.add("intake.read_date_cell", f"{where}: {plain} → {moment}")
        return StoredDay(moment)

    def _zeros(self, plain: str, n_digits: int, where: Place) -> str:
        if not plain.isdigit() or len(plain) >= n_digits:
            return plain
        filled = plain.zfill(n_digits)
        self.repairs.add("intake.read_leading_zeros", f"{where}: {plain} → {filled}")
        return filled


def plain_number(number: float | str) -> str:
    """All the digits of a number and nothing else: no exponent, no `.0`. Raises `ValueError`."""
    if isinstance(number, str) and re.fullmatch(r"-?(0|[1-9]\d*)", number):
        return number
    value = float(number)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(number)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


def _moment(serial: float, *, is_1904: bool) -> str | None:
    """A day number as ISO text; None for numbers that are no day (below 0, after 9999, 29 February 1900)."""
    if not 0 <= serial < _LAST_DAY + 1:
        return None
    seconds = round((serial % 1) * 86_400)
    if serial < 1:
        return str(timedelta(seconds=seconds)).zfill(8) if seconds < 86_400 else None
    if not is_1904 and int(serial) == 60:
        return None
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 31 if serial < 60 else 30)  # noqa: DTZ001
    try:
        moment = start + timedelta(days=int(serial), seconds=seconds)
    except OverflowError:
        return None
    return moment.isoformat(sep=" ") if seconds else moment.date().isoformat()
