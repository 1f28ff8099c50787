"""What was ordered and not done in time: assignments that stood overdue this morning."""

from django.db.models import Q

from vamco.briefings.audience import Audience
from vamco.briefings.line import Line, in_all
from vamco.briefings.wording import moment, words
from vamco.directives.history import standings_then
from vamco.directives.reading import Standing, assignments_for, leader_name
from vamco.directives.timing import Timing
from vamco.directives.transitions import NOT_HANDED_IN
from vamco.indicators.wording import number
from vamco.packs.pack import Packs
from vamco.vocabulary.messages import Language, say
from vamco.vocabulary.severity import Severity


def overdue(audience: Audience, packs: Packs) -> list[Line]:  # noqa: ARG001  like every finder
    """The assignments that are still to be handed in: those that fell overdue since yesterday, then the longest overdue."""
    at = audience.known_at
    may_have_stood = Q(status__in=NOT_HANDED_IN) | Q(events__at__gt=at)
    standings = standings_then(assignments_for(audience.actor).filter(may_have_stood).distinct(), at)
    late = [one for one in standings if one.timing is Timing.OVERDUE and one.status in NOT_HANDED_IN]
    late.sort(key=lambda one: (not _is_new(one, audience), one.due_at, one.assignment.pk))
    return [_line(one, audience) for one in late]


def _is_new(one: Standing, audience: Audience) -> bool:
    return one.due_at > audience.before_at


def _line(one: Standing, audience: Audience) -> Line:
    return Line(
        said=in_all(lambda language: _said(one, language)),
        why=in_all(lambda language: _why(one, language)),
        severity=Severity.MODERATE,
        is_new=_is_new(one, audience),
        is_simulated=one.assignment.directive.is_simulated,
    )


def _said(one: Standing, language: Language) -> str:
    agency, directive = one.assignment.agency, one.assignment.directive
    return words(
        "order_overdue",
        language,
        agency=agency.name_en if language == "en" else agency.name_vi,
        title=directive.title,
        number=directive.number,
        due=moment(one.due_at, language),
        late=_late(one, language),
    )


def _late(one: Standing, language: Language) -> str:
    """By how much, in the unit that the deadline is counted in."""
    amount, unit = -one.reading.remaining, one.assignment.policy["unit"]
    said = say(f"worktime.amount_{unit}", language, n=number(max(1, int(amount)), 0, language))
    return said if amount >= 1 else words("less_than", language, amount=said)


def _why(one: Standing, language: Language) -> str:
    status = say(f"directives.status_{one.status}", language)
    return words("order_stands", language, status=status, leader=leader_name(one.assignment.directive))
