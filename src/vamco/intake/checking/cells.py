"""SQL for one column: from the cell's text to its typed value, and every way in which the cell can be wrong.

A cell is read twice at most. `plain` reads the usual form at full speed; only where that gives nothing
does `value` try the slower forms, so a clean file never pays for the ugly ones.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from vamco.intake.checking import dates, numbers, sql
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.layout import Place
from vamco.intake.checking.numbers import Convention
from vamco.intake.checking.raw_rows import is_stored, raw_name
from vamco.intake.reading.text_table import AS_DAY, AS_NUMBER
from vamco.packs.contract import Column, Contract, Dimension, Kind, Strictness
from vamco.vocabulary.period import Period
from vamco.vocabulary.text import fold

DUCKDB_TYPES: Final = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.UNIT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: numbers.NUMBER,
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
}
_WORDS: Final = frozenset({Kind.TEXT, Kind.CODE, Kind.UNIT})
_NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL})
_YES: Final = ("có", "co", "x", "1", "true", "yes", "y", "đúng", "✓", "✔")
_NO: Final = ("không", "khong", "ko", "0", "false", "no", "n", "sai")
_ALIKE: Final = (("-", "–", "—", "−"), ("…", "...", ".."))
_SCIENTIFIC_CODE: Final = r"\d([.,]\d+)?[eE]\+\d+"


@dataclass(frozen=True, slots=True)
class Cell:
    """The SQL of one column. `plain` is over the raw cell, `text` over raw and plain, `value` over text and plain.

    `written` is the raw cell where a person wrote it; null where the file itself holds a number, which has but
    one reading and proves nothing of how the others are written. The names `plain_name`, `text_name` and the column's own name carry the three from one level to the next.
    """

    place: Place
    index: int
    convention: Convention
    raw: str
    written: str
    plain: str
    text: str
    value: str
    nothing: str
    faults: tuple[Fault, ...]

    @property
    def column(self) -> Column:
        """The contract's column."""
        return self.place.column

    @property
    def name(self) -> str:
        """The typed value, as SQL names it."""
        return sql.name(self.column.name)

    @property
    def plain_name(self) -> str:
        """The quickly read value, as SQL names it."""
        return sql.name(f"plain:{self.index}")

    @property
    def text_name(self) -> str:
        """The cell's text without surrounding space and signs for nothing, as SQL names it."""
        return sql.name(f"text:{self.index}")

    @property
    def repaired_name(self) -> str:
        """Whether only a slower reading understood the cell, as SQL names it."""
        return sql.name(f"repaired:{self.index}")

    @property
    def can_be_repaired(self) -> bool:
        """Whether the column has slower readings at all."""
        return self.column.kind not in _WORDS or bool(self.column.choices)

    @property
    def is_number(self) -> bool:
        """Whether conventions of writing matter."""
        return self.column.kind in _NUMBERS


def cell_of(contract: Contract, period: Period, place: Place, index: int, proven: Convention) -> Cell:
    """The SQL of one column of a delivery for that period; `proven` is how it writes its numbers."""
    column = place.column
    convention = numbers.presumed(column) | proven
    raw = "CAST(NULL AS VARCHAR)" if place.place is None else sql.name(raw_name(place.place))
    plain, text = sql.name(f"plain:{index}"), sql.name(f"text:{index}")
    stored = _stored_number(place)
    return Cell(
        place=place,
        index=index,
        convention=convention,
        raw=raw,
        written=f"CASE WHEN NOT {stored} THEN {raw} END" if stored else raw,
        plain=_plain(column, raw, convention, stored),
        text=_text(column, raw, plain),
        value=_value(column, text, plain, convention, stored),
        nothing=_nothing(column, raw),
        faults=() if place.place is None else tuple(_faults(contract, period, place, index, raw)),
    )


def _stored_number(place: Place) -> str:
    """Whether the file itself holds the cell as a number; empty where it never does, or where it does not matter."""
    if place.place is None or place.column.kind not in _NUMBERS or AS_NUMBER not in place.stored:
        return ""
    return is_stored(place.place)


def _plain(column: Column, raw: str, convention: Convention, stored: str = "") -> str:
    if column.kind in _WORDS:
        return f"nullif(trim({raw}), '')"
    if column.kind in _NUMBERS:
        written = numbers.plain(raw, column.kind, convention)
        return sql.cases((stored, numbers.stored(raw, column.kind)), otherwise=written) if stored else written
    if column.kind is Kind.DATE:
        return dates.plain_day(raw)
    if column.kind is Kind.BOOLEAN:
        return sql.cases(
            (f"{raw} IN {sql.literals(_YES)}", "TRUE"), (f"{raw} IN {sql.literals(_NO)}", "FALSE")
        )
    return dates.plain_moment(raw)


def _text(column: Column, raw: str, plain: str) -> str:
    trimmed = plain if column.kind in _WORDS else f"nullif(trim({raw}), '')"
    if signs := _signs(column):
        trimmed = f"CASE WHEN lower({trimmed}) NOT IN {sql.literals(signs)} THEN {trimmed} END"
    if (meant := meant_by_blank(column)) is not None:
        trimmed = f"CASE WHEN trim(COALESCE({raw}, '')) = '' THEN {sql.literal(meant)} ELSE {trimmed} END"
    return (
        trimmed if column.kind in _WORDS else f"CASE WHEN {plain} IS NOT NULL THEN {raw} ELSE {trimmed} END"
    )


def meant_by_blank(column: Column) -> str | None:
    """The text that an empty cell stands for, if the contract gives one."""
    if column.when_blank is not None:
        return column.when_blank
    return column.unit.when_blank if column.unit else None


def _signs(column: Column) -> dict[str, str]:
    """Written signs for nothing, in lower case, with the dashes and dots that people type alike."""
    signs: dict[str, str] = {}
    for written, kind in column.nothings.items():
        alike = next((group for group in _ALIKE if written in group), (written,))
        signs |= {sign.strip().lower(): kind.value for sign in alike if sign.strip()}
    return signs


def _nothing(column: Column, raw: str) -> str:
    """The kind of nothing that the cell declares, or null; empty when the column declares none."""
    if not column.nothings:
        return ""
    trimmed = f"lower(trim({raw}))"
    signs = [(f"{trimmed} = {sql.literal(sign)}", sql.literal(kind)) for sign, kind in _signs(column).items()]
    blank = column.nothings.get("")
    if blank is not None:
        signs.append((f"COALESCE({trimmed}, '') = ''", sql.literal(blank.value)))
    return sql.cases(*signs)


def _value(column: Column, text: str, plain: str, convention: Convention, stored: str) -> str:
    value = _read(column, text, plain, convention, stored)
    if column.kind in _NUMBERS and column.multiplier != 1:
        return f"TRY_CAST(TRY({value} * {sql.literal(column.multiplier)}) AS {DUCKDB_TYPES[column.kind]})"
    return value


def _read(column: Column, text: str, plain: str, convention: Convention, stored: str) -> str:
    if column.kind in _WORDS:
        return _choice(column, text) if column.choices else text
    slower = {
        Kind.INTEGER: lambda: numbers.repaired(text, column, convention),
        Kind.DECIMAL: lambda: numbers.repaired(text, column, convention),
        Kind.DATE: lambda: dates.repaired_day(text),
        Kind.TIMESTAMP: lambda: dates.moment(text),
        Kind.BOOLEAN: lambda: _plain(column, f"lower({text})", convention),
    }[column.kind]()
    slower = f"CASE WHEN NOT {stored} THEN {slower} END" if stored else slower
    return f"CASE WHEN {text} IS NOT NULL THEN COALESCE({plain}, {slower}) END"


def _choice(column: Column, text: str) -> str:
    """The choice that the text is, or that it only differs from in case and marks."""
    folded = [fold(choice) for choice in column.choices]
    alike = {f: c for f, c in zip(folded, column.choices, strict=True) if folded.count(f) == 1}
    as_folded = f"replace(strip_accents(lower({text})), 'đ', 'd')"
    loosely = sql.cases(*((f"{as_folded} = {sql.literal(f)}", sql.literal(c)) for f, c in alike.items()))
    return f"CASE WHEN {text} IN {sql.literals(column.choices)} THEN {text} ELSE {loosely} END"


def _faults(contract: Contract, period: Period, place: Place, index: int, raw: str) -> Iterator[Fault]:
    """All that can be wrong with a cell, each looked for by itself."""
    column, value, text = place.column, sql.name(place.column.name), sql.name(f"text:{index}")
    make = partial(Fault, column=column.name, header=place.header, place=place.place)
    if column.required and meant_by_blank(column) is None and "" not in column.nothings:
        declared = f" AND ({_nothing(column, raw)}) IS NULL" if column.nothings else ""
        blank = f"{text} IS NULL{declared}"
        yield make("required", "constraint-error", when=blank, dimension=Dimension.COMPLETE)
    yield from _type_faults(make, place, text, value)
    if column.kind is Kind.DECIMAL:
        yield _rounded_fault(make, place, index, text, value)
    yield from _bound_faults(make, column, value)
    if column.max_length is not None:
        longer = f"length({text}) > {column.max_length}"
        yield make("too_long", "constraint-error", when=longer, details={"limit": column.max_length})
    if column.pattern is not None:
        unlike = f"NOT {sql.fits(text, column.pattern)}"
        yield make("pattern", "constraint-error", when=unlike, details={"pattern": column.pattern})
    if contract.period_column == column.name:
        yield _period_fault(make, value, period)


_Make = Callable[..., Fault]


def _type_faults(make: _Make, place: Place, text: str, value: str) -> Iterator[Fault]:
    column, unread = place.column, f"{value} IS NULL AND {text} IS NOT NULL"
    if column.kind in _NUMBERS:
        why = numbers.why_no_number(text, column)
        if stored := _stored_number(place):
            why = sql.cases((stored, numbers.why_not_stored(text, column.kind)), otherwise=why)
        yield make("number_unreadable", "type-error", when=unread, why=why)
    elif column.kind in (Kind.DATE, Kind.TIMESTAMP):
        more = f"CAST({dates.gregorian_year(text)} AS VARCHAR)"
        why = dates.why_no_day(text) if column.kind is Kind.DATE else dates.why_no_moment(text)
        yield make("date_unreadable", "type-error", when=unread, why=why, more=more)
    elif column.kind is Kind.BOOLEAN:
        yield make("not_yes_or_no", "type-error", when=unread)
    elif column.choices:
        yield make("not_a_choice", "constraint-error", when=unread, details={"choices": list(column.choices)})
    if column.kind is Kind.CODE:
        mangled = f"contains({text}, '+') AND {sql.fits(text, _SCIENTIFIC_CODE)}"
        yield make("code_as_number", "type-error", when=mangled)
        if place.place is not None and AS_DAY in place.stored:
            yield make("code_as_day", "type-error", when=is_stored(place.place, AS_DAY))


def _rounded_fault(make: _Make, place: Place, index: int, text: str, value: str) -> Fault:
    """Decimals beyond those that are kept: told, never counted against anybody. What was read plainly has none."""
    plain, stored = sql.name(f"plain:{index}"), _stored_number(place)
    suspect = f"{plain} IS NULL OR {stored}" if stored else f"{plain} IS NULL"
    lost = numbers.is_rounded(text, f"{value} / {sql.literal(place.column.multiplier)}")
    return make(
        "number_rounded",
        "constraint-error",
        when=f"CASE WHEN {suspect} THEN {value} IS NOT NULL AND {lost} END",
        strictness=Strictness.WARNING,
        dimension=None,
        details={"decimals": numbers.DECIMALS},
    )


def _bound_faults(make: _Make, column: Column, value: str) -> Iterator[Fault]:
    for reason, bound, sign in (
        ("below_minimum", column.minimum, "<"),
        ("above_maximum", column.maximum, ">"),
    ):
        if bound is not None and column.kind not in _WORDS:
            beyond = f"{value} {sign} {_typed_literal(column.kind, bound)}"
            yield make(reason, "constraint-error", when=beyond, details={"bound": bound})


def _period_fault(make: _Make, value: str, period: Period) -> Fault:
    first, last = (f"DATE {sql.literal(day.isoformat())}" for day in (period.start_on, period.end_on))
    return make(
        "outside_period",
        "constraint-error",
        when=f"CAST({value} AS DATE) NOT BETWEEN {first} AND {last}",
        dimension=Dimension.CONSISTENT,
        details={"first": f"{period.start_on}", "last": f"{period.end_on}"},
    )


def _typed_literal(kind: Kind, text: str) -> str:
    if kind in _NUMBERS:
        return f"{Decimal(text):f}"
    moment = datetime.fromisoformat(text)
    return f"{DUCKDB_TYPES[kind]} {sql.literal(moment.isoformat(' '))}"
