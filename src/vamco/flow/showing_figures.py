"""`vamco indicators show`: one figure, on any map, as known at any moment, by any definition."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

import click
from django.utils import timezone

from vamco.flow.command_line import language, print_json
from vamco.flow.figures import cell, day, number
from vamco.flow.parameters import DAY
from vamco.geography.unit import AdministrativeUnit
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.territory import require_on_map, territory_now
from vamco.indicators.wording import sentence, value_in_words
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import say
from vamco.vocabulary.period import Period

_MOMENT: Final = click.DateTime(
    ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y", "%Y-%m-%d", "%d/%m/%Y"]
)
_END_OF_DAY: Final = time(23, 59, 59)


@click.command()
@click.argument("indicator_id", metavar="ID")
@click.option("--unit", "code", required=True, help="Code of the unit.")
@click.option("--on", type=DAY, help="The day on which the code means that unit; today when not given.")
@click.option("--period", "text", required=True, help="Such as 2026-10, 2026-Q3 or 2026-01-01..2026-10-31.")
@click.option(
    "--map", "map_text", help="today, as-reported, or a day; the map of --on when not given.", metavar="MAP"
)
@click.option("--as-known-at", "at", type=_MOMENT, help="What was known then; a day means its end.")
@click.option("--definition", type=int, help="By that version; by the one then in force when not given.")
@click.option("--breakdown", default="", metavar="COL=VALUE", help="One part instead of the whole.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def show(
    indicator_id: str,
    code: str,
    on: datetime | None,
    text: str,
    map_text: str | None,
    at: datetime | None,
    definition: int | None,
    breakdown: str,
    *,
    as_json: bool,
) -> None:
    """The figure of one unit and period."""
    indicator, period = indicator_of(indicator_id), Period.parse(text)
    named_on = on.date() if on else timezone.localdate()
    unit = territory_now().register.unit(code, named_on)
    map_on = _map_on(map_text, named_on)
    require_on_map(unit, map_on or period.end_on)
    question = Question(indicator, (period,), unit.level, (code,), map_on, _moment(at), definition, breakdown)
    (figure,) = figures(question, sees_cells=True)
    if as_json:
        print_json(_as_dict(figure, indicator, unit))
        return
    for line in _lines(figure, indicator, unit):
        click.echo(line)


def _map_on(text: str | None, named_on: date) -> date | None:
    """The day of the map asked for; None is as reported."""
    if text is None:
        return named_on
    if text == "as-reported":
        return None
    if text == "today":
        return timezone.localdate()
    try:
        return DAY.convert(text, None, None).date()
    except click.BadParameter:
        raise Misused("flow.unknown_map", text=text) from None


def _moment(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    whole_day = at.time() == time.min
    return timezone.make_aware(datetime.combine(at.date(), _END_OF_DAY) if whole_day else at)


def _as_dict(figure: Figure, indicator: Indicator, unit: AdministrativeUnit) -> dict[str, Any]:
    words = {
        "title": indicator.title.as_dict(),
        "unit_name": unit.name,
        "unit_of_measure": indicator.unit_of_measure.as_dict(),
        "sentence": sentence(figure, indicator, language()),
        "reason_text": figure.reason.say(language()) if figure.reason else None,
    }
    return {**figure.as_dict(), **words}


def _lines(figure: Figure, indicator: Indicator, unit: AdministrativeUnit) -> Iterator[str]:
    where = f"{unit.name} · {figure.period.title.in_(language())}"
    yield click.style(f"{indicator.title.in_(language())} · {where}", bold=True)
    for name, value in _facts(figure, indicator):
        if value not in ("", None):
            yield say(f"flow.figure_{name}", language(), value=value)


def _facts(figure: Figure, indicator: Indicator) -> Iterator[tuple[str, str | None]]:
    if figure.value is not None:
        yield "value", value_in_words(figure.value, indicator, language())
    yield "status", say(f"indicators.status_{figure.status}", language())
    yield "reason", figure.reason.say(language()) if figure.reason else None
    yield "between", _between(figure, indicator)
    yield "parts", _parts(figure)
    yield "estimated", f"{number(round(figure.estimated_share * 100, 1))} %" if figure.is_estimated else None
    yield "map", day(figure.map_on)
    yield "definition", cell(figure.definition_version)
    yield "known_since", cell(figure.known_since_at)
    yield "missing", ", ".join(_missing(figure))
    yield "late_since", day(figure.late_since) if figure.late_since else None


def _between(figure: Figure, indicator: Indicator) -> str | None:
    if figure.low is None or figure.high is None:
        return None
    return " – ".join(value_in_words(v, indicator, language()) for v in (figure.low, figure.high))


def _parts(figure: Figure) -> str | None:
    if figure.numerator is None or figure.denominator is None:
        return None
    return f"{number(figure.numerator)} / {number(figure.denominator)}"


def _missing(figure: Figure) -> Iterator[str]:
    register = territory_now().register
    yield from (register.get(unit_id).name for unit_id in figure.missing_units)
    yield from (period.title.in_(language()) for period in figure.missing_periods)
