"""What the parts of a breakdown are called: codes of agencies, committees and datasets by their names."""

from collections.abc import Mapping
from datetime import date

from vamco.directives.agencies import communes_by_agency
from vamco.indicators.figure import Figure
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import say
from vamco.web.contracts import agency_names, titles
from vamco.web.language import language_now


def part_names(on: date) -> Mapping[str, str]:
    """Code → name, of whatever is known by a code on that day's map; other values are names themselves."""
    committees = {code: _committee(unit.name) for code, unit in communes_by_agency(on).items()}
    return {**titles(), **committees, **agency_names()}


def _committee(unit: str) -> str:
    language = language_now()
    return say("web.committee_of", language, unit=unit[:1].lower() + unit[1:] if language == "vi" else unit)


def part_in_words(figure: Figure, indicator: Indicator) -> str:
    """“Cơ quan: Sở Y tế”: the part that the figure is of; nothing for a figure of everything."""
    column, _, value = figure.breakdown.partition("=")
    if not value:
        return ""
    heads = {each.column: each.title.in_(language_now()) for each in indicator.breakdowns}
    return f"{heads.get(column, column)}: {part_names(figure.period.end_on).get(value, value)}"
