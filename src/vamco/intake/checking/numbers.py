"""How a column writes its numbers, and SQL that reads them: `1.234,5`, `1,234.5` and both in one column.

A cell with separators proves a convention when only one reading of it is possible: `12,5` and `1.234.567`
prove the comma for decimals, `12.5` and `1,234,567` the point. `1.234` alone proves nothing; it is read by
what the other cells of its column prove, by the declared range, or as thousands where only whole numbers
are allowed. Where none of these decides, the cell is refused rather than guessed. A number that the file itself
holds as one (in a workbook, JSON or Parquet) has but one reading, and proves nothing.
"""

from decimal import Decimal, InvalidOperation
from enum import Flag, auto
from typing import Final

from vamco.intake.checking import sql
from vamco.packs.contract import Column, Kind

DECIMALS: Final = 9
NUMBER: Final = f"DECIMAL(38,{DECIMALS})"

_POINT: Final = r"[+-]?([1-9]\d{0,2}(,\d{3})+(\.\d+)?|\d*\.\d+|\d+)"
_COMMA: Final = r"[+-]?([1-9]\d{0,2}(\.\d{3})+(,\d+)?|\d*,\d+|\d+)"
_EITHER: Final = r"[+-]?[1-9]\d{0,2}[.,]\d{3}"
_SPACED: Final = r"[+-]?\d{1,3}( \d{3})+([.,]\d+)?"
_LOST: Final = rf"[.,]\d{{{DECIMALS}}}\d*[1-9]"
_SCIENTIFIC: Final = r"[+-]?\d+([.]\d+)?[eE][+-]?\d{1,3}"
_WHOLE: Final = r"[+-]?(\d+|\d{1,3}((\.\d{3})+|(,\d{3})+|( \d{3})+))"
_LARGEST_INTEGER: Final = 2**63 - 1


class Convention(Flag):
    """Which mark separates decimals, as far as the column proves it; both when it uses both."""

    NONE = 0
    POINT = auto()
    COMMA = auto()
    GROUPED = auto()  # an ambiguous cell can only mean thousands
    BROKEN = auto()  # an ambiguous cell can only mean decimals


def presumed(column: Column) -> Convention:
    """What the contract alone says of ambiguous cells."""
    if column.kind is Kind.INTEGER:
        return Convention.GROUPED
    low, high = _bound(column.minimum), _bound(column.maximum)
    if high is not None and high < 1000 and (low is None or low > -1000):
        return Convention.BROKEN
    return Convention.GROUPED if low is not None and low >= 1000 else Convention.NONE


def _bound(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        return None


def proves_point(text: str) -> str:
    """Whether the cell can only be read with the point for decimals."""
    return f"{_has_separator(text)} AND {sql.fits(text, _POINT)} AND NOT {sql.fits(text, _COMMA)}"


def proves_comma(text: str) -> str:
    """Whether the cell can only be read with the comma for decimals."""
    return f"{_has_separator(text)} AND {sql.fits(text, _COMMA)} AND NOT {sql.fits(text, _POINT)}"


def _has_separator(text: str) -> str:
    return f"(contains({text}, '.') OR contains({text}, ','))"


def deciding(convention: Convention) -> Convention:
    """What decides an ambiguous cell: the proof if it is one, else the presumption; none when proofs differ."""
    proven = convention & (Convention.POINT | Convention.COMMA)
    if proven == Convention.POINT | Convention.COMMA:
        return Convention.NONE
    return proven or convention


def plain(text: str, kind: Kind, convention: Convention) -> str:
    """The number of a cell that is written as programs write it; null for any other, which `repaired` reads."""
    if kind is Kind.INTEGER:
        number = f"TRY_CAST({text} AS BIGINT)"
        return f"CASE WHEN CAST({number} AS VARCHAR) = {text} THEN {number} END"
    number = f"TRY_CAST({text} AS {NUMBER})"
    is_plain = " AND ".join(f"NOT contains({text}, '{mark}')" for mark in "_eE")
    if deciding(convention) in (Convention.POINT, Convention.BROKEN):
        n_decimals = f"length({text}) - strpos({text} || '.', '.')"
        is_plain += f" AND {n_decimals} <= {DECIMALS} AND {n_decimals} <> 0"
    else:
        is_plain += f" AND NOT contains({text}, '.')"
    return f"CASE WHEN {is_plain} THEN {number} END"


def repaired(text: str, column: Column, convention: Convention) -> str:
    """The number of a cell with separators, spaces, a percent sign or an exponent; null when it is none."""
    bare = _without_percent(text, column)
    point = f"replace({bare}, ',', '')"
    comma = f"replace(replace({bare}, '.', ''), ',', '.')"
    canonical = sql.cases(
        (sql.fits(bare, _EITHER), _either(bare, convention)),
        (sql.fits(bare, _POINT), point),
        (sql.fits(bare, _COMMA), comma),
        (sql.fits(bare, _SPACED), f"replace(replace({bare}, ' ', ''), ',', '.')"),
        (sql.fits(bare, _SCIENTIFIC), f"TRY_CAST(TRY_CAST({bare} AS DOUBLE) AS {NUMBER})::VARCHAR"),
    )
    number = f"TRY_CAST({canonical} AS {NUMBER})"
    return _whole(number, bare) if column.kind is Kind.INTEGER else number


def stored(text: str, kind: Kind) -> str:
    """The number of a cell that the file itself holds as a number; null when it is none of that kind."""
    number = f"TRY_CAST({text} AS {NUMBER})"
    return _whole(number, text) if kind is Kind.INTEGER else number


def unambiguous(text: str) -> str:
    """The text of such a number, so written that it has one reading without the file too."""
    return f"CASE WHEN {sql.fits(text, _EITHER)} THEN concat({text}, '0') ELSE {text} END"


def _whole(number: str, text: str) -> str:
    is_whole = f"{number} = trunc({number}) AND NOT {is_rounded(text, number)}"
    return f"CASE WHEN {is_whole} THEN TRY_CAST({number} AS BIGINT) END"


def is_rounded(text: str, number: str) -> str:
    """Whether the number read from the text lacks decimals that the text has."""
    is_tiny = f"regexp_matches({text}, '[eE]-') AND TRY_CAST({text} AS DOUBLE) <> CAST({number} AS DOUBLE)"
    return f"(regexp_matches({text}, {sql.literal(_LOST)}) OR ({is_tiny}))"


def why_not_stored(text: str, kind: Kind) -> str:
    """The reason why what a file holds as a number is none of the column's kind: the name of a message."""
    is_broken = f"regexp_matches({text}, '[.]|[eE]-')" if kind is Kind.INTEGER else "FALSE"
    is_none = f"NOT regexp_matches({text}, '^-?[0-9]')"
    return sql.cases(
        (is_none, "'number_unreadable'"), (is_broken, "'number_not_whole'"), otherwise="'number_too_large'"
    )


def why_no_number(text: str, column: Column) -> str:
    """The reason why a cell is no number of the column's kind: the name of a message."""
    bare = _without_percent(text, column)
    is_number = sql.any_of(sql.fits(bare, form) for form in (_POINT, _COMMA, _SPACED, _SCIENTIFIC))
    return sql.cases(
        (sql.fits(bare, _EITHER), "'number_ambiguous'"),
        (is_number, _why_not_kept(bare, column.kind)),
        (f"contains({text}, '%')", "'number_percent'"),
        otherwise="'number_unreadable'",
    )


def _why_not_kept(bare: str, kind: Kind) -> str:
    """The reason why what is written as a number is none that the column can hold."""
    if kind is not Kind.INTEGER:
        return "'number_too_large'"
    is_large = f"{sql.fits(bare, _WHOLE)} OR abs(TRY_CAST({bare} AS DOUBLE)) > {_LARGEST_INTEGER}"
    return sql.cases((is_large, "'number_too_large'"), otherwise="'number_not_whole'")


def _either(text: str, convention: Convention) -> str:
    """The canonical text of an ambiguous cell, or null."""
    readings = {
        Convention.POINT: f"replace({text}, ',', '')",
        Convention.COMMA: f"replace(replace({text}, '.', ''), ',', '.')",
        Convention.GROUPED: f"regexp_replace({text}, '[.,]', '')",
        Convention.BROKEN: f"replace({text}, ',', '.')",
    }
    return readings.get(deciding(convention), "NULL")


def _without_percent(text: str, column: Column) -> str:
    """Minus signs and spaces of office programs become those of a keyboard; a percent sign falls where it is the unit."""
    hyphened = f"replace({sql.with_plain_spaces(text)}, '−', '-')"
    return f"rtrim(rtrim({hyphened}, '%'))" if is_percentage(column) else hyphened


def is_percentage(column: Column) -> bool:
    """Whether the column is measured in per cent, so that the sign says nothing new."""
    return (column.unit_of_measure or "").strip().lower() in {"%", "percent", "phần trăm"}
