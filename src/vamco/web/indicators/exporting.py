"""Tables that leave the house: CSV and XLSX with the facts of their passport above the numbers."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.supply_of import datasets_behind
from vamco.intake.simulated import holds_simulated
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import say
from vamco.web.indicators.plots import Plot
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day, moment
from vamco.web.templatetags.indicator_words import (
    doubts,
    law_words,
    map_words,
    nothing_words,
    unit_name,
    unit_word,
)

FORMATS: Final = ("csv", "xlsx")
_BOM: Final = "\N{BYTE ORDER MARK}"  # spreadsheets take a file without it for another alphabet
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with what must be known to read it; numbers stay numbers."""

    name: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def _say(key: str, **details: object) -> str:
    return say(f"web.{key}", language_now(), **details)


def facts_of(indicators: Iterable[Indicator], standpoint: Standpoint, address: str) -> list[tuple[str, str]]:
    """Title, definition, law, unit, map and moment of knowledge; simulated data says so first."""
    listed = list({indicator.id: indicator for indicator in indicators}.values())
    found = [(_say("fact_simulated"), _say("fact_simulated_words"))] if is_simulated(listed) else []
    for indicator in listed:
        found += _facts(indicator, standpoint)
    known_at = standpoint.as_known_at or timezone.now()
    return [
        *found,
        (_say("fact_unit"), standpoint.unit.name),
        (_say("fact_map"), map_words(standpoint)),
        (_say("fact_known"), moment(known_at)),
        (_say("fact_address"), address),
    ]


def _facts(indicator: Indicator, standpoint: Standpoint) -> list[tuple[str, str]]:
    definition = indicator.definition(standpoint.today)
    title = f"{indicator.title.in_(language_now())} ({indicator.id})"
    if definition is None:
        return [(_say("fact_indicator"), title)]
    laws = "; ".join(law_words(basis) for basis in definition.legal_basis)
    since = day(definition.valid_from_on)
    return [
        (_say("fact_indicator"), title),
        (_say("fact_definition"), _say("fact_version", version=definition.version, since=since)),
        (_say("fact_law"), laws),
    ]


def is_simulated(indicators: Iterable[Indicator]) -> bool:
    """Whether any of the datasets behind these now holds rows that were made up."""
    return holds_simulated(sorted({name for indicator in indicators for name in datasets_behind(indicator)}))


def sheet_of_plot(plot: Plot, address: str) -> Sheet:
    """The plot's periods, oldest first, with numerator, denominator and state beside each value."""
    columns = [_say("column_period")]
    for series in plot.series:
        columns += _columns(series.label, series.indicator)
    rows = [
        (period.title.in_(language_now()), *(cell for _, figure in cells for cell in cells_of(figure)))
        for period, cells in reversed(plot.rows)
    ]
    indicators = (series.indicator for series in plot.series)
    facts = facts_of(indicators, plot.standpoint, address)
    return Sheet(plot.key, tuple(facts), tuple(columns), tuple(rows))


def sheet_of_units(
    indicator: Indicator, standpoint: Standpoint, found: Sequence[Figure], address: str
) -> Sheet:
    """Every unit with its code, value, numerator, denominator and state."""
    columns = (_say("column_code_of_unit"), _say("column_of_unit"), *_columns("", indicator))
    rows = [(figure.code, unit_name(figure), *cells_of(figure)) for figure in found]
    period = (_say("column_period"), found[0].period.title.in_(language_now()) if found else "")
    facts = (*facts_of([indicator], standpoint, address), period)
    return Sheet(indicator.id.partition(".")[2], facts, columns, tuple(rows))


def _columns(label: str, indicator: Indicator) -> list[str]:
    named = f"{label}: " if label else ""
    unit = "%" if indicator.is_percentage else unit_word(indicator)
    return [
        f"{named}{_say('column_value')} ({unit})",
        f"{named}{_say('column_numerator')}",
        f"{named}{_say('column_denominator')}",
        f"{named}{_say('column_state')}",
    ]


def cells_of(figure: Figure) -> tuple[Value, Value, Value, Value]:
    """Value (a share as per cent), numerator, denominator, and how far to trust it."""
    indicator = indicator_of(figure.indicator)
    if figure.value is None:
        said = "; ".join([nothing_words(figure), *doubts(figure, indicator)])
        return None, None, None, said
    scale = 100 if indicator.is_percentage else 1
    status = say(f"indicators.status_{figure.status}", language_now())
    said = "; ".join([status, *doubts(figure, indicator)])
    return figure.value * scale, figure.numerator, figure.denominator, said


def answer(sheet: Sheet, form: str) -> HttpResponse:
    """The sheet as a file to keep. Raises `Misused` for a format that there is not."""
    if form not in FORMATS:
        raise Misused("web.bad_parameter", name="format", value=form, wanted=" | ".join(FORMATS))
    body, kind = (as_csv(sheet), "text/csv; charset=utf-8") if form == "csv" else (as_xlsx(sheet), _XLSX)
    named = f'attachment; filename="{sheet.name}.{form}"'
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": named})


def as_csv(sheet: Sheet) -> bytes:
    """Facts, an empty line, then the table; decimal points, so that programs read it too."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerows([*(map(_harmless, fact) for fact in sheet.facts), (), sheet.columns])
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return (_BOM + text.getvalue()).encode()


def _harmless(cell: Value) -> Value:
    """A spreadsheet would take text that begins like a formula for one."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def as_xlsx(sheet: Sheet) -> bytes:
    """The same in a workbook, facts above, the head of the table bold."""
    kept = BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False}) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        for place, fact in enumerate(sheet.facts):
            page.write_row(place, 0, fact)
        page.write_row(len(sheet.facts) + 1, 0, sheet.columns, bold)
        for place, row in enumerate(sheet.rows, start=len(sheet.facts) + 2):
            page.write_row(place, 0, row)
        page.set_column(0, len(sheet.columns), 18)
    return kept.getvalue()
