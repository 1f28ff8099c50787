"""A figure as the wall says it: number, unit, marks, and the words where there is no number."""

from dataclasses import dataclass

from vamco.indicators.figure import Figure
from vamco.indicators.territory import territory_now
from vamco.indicators.wording import number
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import say
from vamco.vocabulary.observation import Nothing, ObservationStatus
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day, nothing

_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """The strings of a figure; `number` is empty where `nothing` has the words."""

    number: str
    unit: str
    nothing: str
    note: str  # why it is estimated or not whole, or why there is nothing
    sides: str  # numerator/denominator
    period: str
    place: str


def shown(figure: Figure, indicator: Indicator) -> Shown:
    """The figure in the language of the page."""
    language = language_now()
    return Shown(
        number=_number(figure, indicator),
        unit=unit_beside(indicator),
        nothing="" if figure.value is not None else _nothing(figure),
        note=_note(figure),
        sides=_sides(figure),
        period=figure.period.title.in_(language),
        place=territory_now().register.get(figure.unit_id).name,
    )


def unit_beside(indicator: Indicator) -> str:
    """What stands beside each of its numbers."""
    return "%" if indicator.is_percentage else indicator.unit_of_measure.in_(language_now())


def _number(figure: Figure, indicator: Indicator) -> str:
    if figure.value is None:
        return ""
    value = figure.value * _PER_CENT if indicator.is_percentage else figure.value
    said = number(value, indicator.decimals, language_now())
    return f"≈ {said}" if figure.is_estimated else said


def _nothing(figure: Figure) -> str:
    if figure.status is ObservationStatus.LATE and figure.late_since:
        return say("web.wall_late_since", language_now(), on=day(figure.late_since))
    return nothing(Nothing(figure.status.value))


def _note(figure: Figure) -> str:
    language = language_now()
    if figure.value is None:
        return figure.reason.say(language) if figure.reason else ""
    if figure.is_estimated:
        share = number(figure.estimated_share * _PER_CENT, 1, language)
        return say("web.wall_estimated", language, share=share)
    if figure.status is ObservationStatus.PARTIAL:
        n = len(figure.missing_units) or len(figure.missing_periods)
        return say("web.wall_partial_of" if n else "web.wall_partial", language, n=n)
    return ""


def _sides(figure: Figure) -> str:
    if figure.value is None or figure.numerator is None or not figure.denominator:
        return ""
    return "/".join(_plain(side) for side in (figure.numerator, figure.denominator))


def _plain(value: float) -> str:
    return number(value, 0 if abs(value) >= _PER_CENT or float(value).is_integer() else 1, language_now())
