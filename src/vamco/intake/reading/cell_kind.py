"""What a text cell looks like, for telling headers from data. Never decides a type."""

import re
from enum import Enum, auto
from typing import Final

_YEAR: Final = re.compile(r"(19|20)\d\d")
_NUMBER: Final = re.compile(r"\(?[+-]?\s?\d[\d\s.,]*([eE][+-]?\d+)?\s?%?\)?")
_DATE: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2})?.*)?")
_ROMAN: Final = re.compile(r"[IVX]{1,6}")


class CellKind(Enum):
    """The look of a cell."""

    BLANK = auto()
    TEXT = auto()
    YEAR = auto()
    NUMBER = auto()
    DATE = auto()


def kind_of(cell: str) -> CellKind:
    """The look of one cell."""
    text = cell.strip()
    if not text:
        return CellKind.BLANK
    if _YEAR.fullmatch(text):
        return CellKind.YEAR
    if _DATE.fullmatch(text):
        return CellKind.DATE
    return CellKind.NUMBER if _NUMBER.fullmatch(text) else CellKind.TEXT


def is_value(cell: str) -> bool:
    """Whether the cell looks like a number or a date rather than words."""
    return kind_of(cell) in {CellKind.NUMBER, CellKind.DATE}


def is_group_number(cell: str) -> bool:
    """Whether the cell numbers a group, as A, B and C or I, II and III do."""
    text = cell.strip().rstrip(".)")
    if not "A" <= text[:1] <= "Z":
        return False
    return len(text) == 1 or _ROMAN.fullmatch(text) is not None


def ordinal(cell: str) -> int | None:
    """The whole number in the cell, as in a numbering column."""
    text = cell.strip().rstrip(".)")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else None
