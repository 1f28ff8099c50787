"""Units of measure in titles and headers: "Đơn vị: Triệu đồng", "Doanh thu (nghìn đồng)". Proposals only."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from vamco.intake.reading.cell_kind import is_value
from vamco.intake.reading.grid import Row
from vamco.intake.reading.text_table import HeaderUnit
from vamco.vocabulary.text import fold, nfc

_THOUSAND: Final = r"nghin|ngan|1[.,\s]?000"
_FACTOR: Final = re.compile(
    rf"(?P<trillion>(?:{_THOUSAND})\s+t[yi])\b|(?P<billion>t[yi])\b(?!\s+le)|(?P<million>trieu|tr\b\.?)"
    rf"|(?P<thousand>{_THOUSAND})"
)
_FACTORS: Final = {
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_ANNOUNCED: Final = re.compile(r"(?:đơn vị(?: tính)?|đvt)\s*[:：]?\s*(?P<unit>[^()\n;]+)", re.IGNORECASE)
_IN_PARENTHESES: Final = re.compile(r"[(\[](?P<unit>[^()\[\]]{1,40})[)\]]")
_SHARE: Final = re.compile(r"%|ty le|ti le|ty trong|phan tram")


def header_units(
    columns: Sequence[str], titles: Sequence[Row], body: Sequence[Row]
) -> Mapping[str, HeaderUnit]:
    """The unit that each column's own header names, or for columns of numbers the one above the table."""
    general = _announced(titles)
    units: dict[str, HeaderUnit] = {}
    for at, column in enumerate(columns):
        own = _own_unit(column)
        if own is not None:
            units[column] = own
        elif general is not None and not _SHARE.search(fold(column)) and _is_measured(at, body):
            units[column] = general
    return units


def unit_in(words: str) -> HeaderUnit | None:
    """The unit that some words name, when they name a factor such as thousand or million."""
    found = _FACTOR.match(fold(words))
    return HeaderUnit(words.strip(" .,:"), _FACTORS[found.lastgroup]) if found and found.lastgroup else None


def _announced(titles: Sequence[Row]) -> HeaderUnit | None:
    for row in reversed(titles):
        for cell in row.cells:
            found = _ANNOUNCED.search(nfc(cell))
            unit = unit_in(found["unit"]) if found else None
            if unit is not None:
                return unit
    return None


def _own_unit(column: str) -> HeaderUnit | None:
    for words in (found["unit"] for found in _IN_PARENTHESES.finditer(column)):
        unit = unit_in(_ANNOUNCED.sub(r"\g<unit>", words))
        if unit is not None:
            return unit
    return None


def _is_measured(at: int, body: Sequence[Row]) -> bool:
    """Whether the column holds numbers that are neither a numbering nor codes."""
    cells = [row.cells[at] for row in body if at < len(row.cells) and row.cells[at].strip()]
    numbers = [cell for cell in cells if is_value(cell)]
    is_numbering = [c.strip() for c in numbers[:3]] == ["1", "2", "3"]
    is_code = any(re.match(r"\s*0\d", cell) for cell in numbers)
    return bool(numbers) and len(numbers) * 2 >= len(cells) and not is_numbering and not is_code
