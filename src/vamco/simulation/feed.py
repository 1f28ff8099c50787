"""A feed: one contract's deliveries over time, as an agency with its habits would send them."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from vamco.packs.contract import Contract, Kind
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

Row = dict[str, object]
Maker = Callable[[World, Period], Sequence[Row]]
"""The rows of one owed period, by column name of the contract; None is an empty cell."""

MADE_UP: Final = "DỮ LIỆU MÔ PHỎNG"
JOINED: Final = {
    "day": date(2026, 11, 9),
    "week": date(2026, 10, 5),
    "month": date(2026, 7, 1),
}
"""Since when sources send each period by itself, by the type of their periods; before, history by year."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How an agency falls short, as shares of its periods; `silent_from_on`: it sends nothing any more."""

    late: float = 0.06
    dirty: float = 0.04
    restated: float = 0.03
    silent_from_on: date | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a source sends for `contract`.

    Its history from `starts_on` comes in one delivery a year until it joins (`joins_on`); from then on
    it sends each owed period by itself. A source without a schedule sends the periods of `only`.
    `tells_whole`: it is asked for a longer period at once, and says how things stood at its end.
    `is_early`: the file goes out within the period, some weeks after it has begun.
    """

    contract: str
    make: Maker
    starts_on: date
    joins_on: date
    habits: Habits = field(default=Habits())
    only: tuple[str, ...] = ()
    tells_whole: bool = False
    is_early: bool = False


def as_csv(contract: Contract, rows: Sequence[Row], spoiled: Sequence[tuple[int, str]] = ()) -> bytes:
    """The rows as the agency's file: Vietnamese headers, dates and numbers as people write them.

    `spoiled` cells (row, column) are written the way that people get them wrong.
    """
    names = [column.name for column in contract.columns if not rows or column.name in rows[0]]
    columns = {name: _column([row[name] for row in rows]) for name in names}
    for at, name in spoiled:
        columns[name][at] = _wrong(contract.column(name).kind)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([contract.column(name).title.vi for name in names])
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue().encode("utf-8-sig")


def _column(values: Sequence[object]) -> list[str]:
    """Each value as it is written; most columns hold few different ones."""
    written = {value: _written(value) for value in set(values)}
    return [written[value] for value in values]


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "Có" if value else "Không"
        case int():
            return str(value)
        case float():
            return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
        case datetime():
            return f"{value.day:02}/{value.month:02}/{value.year} {value.hour:02}:{value.minute:02}"
        case date():
            return f"{value.day:02}/{value.month:02}/{value.year}"
    raise TypeError(type(value))


def _wrong(kind: Kind) -> str:
    match kind:
        case Kind.DATE | Kind.TIMESTAMP:
            return "31/02/2026"
        case Kind.INTEGER | Kind.DECIMAL:
            return "chưa rõ"
        case Kind.UNIT:
            return "99999"
    return ""
