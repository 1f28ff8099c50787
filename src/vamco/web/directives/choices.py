"""To whom something can be given: departments of the register, and the committees of today's communes."""

from django.utils import timezone

from vamco.accounts.models import Agency, Person
from vamco.accounts.roles import Role
from vamco.directives.agencies import communes_by_agency
from vamco.vocabulary.messages import say
from vamco.web.language import language_now

Choices = list[tuple[str, list[tuple[str, str]]]]


def agency_choices() -> Choices:
    """Groups of agencies as a select shows them: code and name, by name."""
    language = language_now()
    communes = communes_by_agency(timezone.localdate())
    named = Agency.objects.exclude(code__in=communes).values_list("code", f"name_{language}")
    committees = [(code, say("web.directive_committee", language, of=u.name)) for code, u in communes.items()]
    return [
        (say("web.directive_departments", language), sorted(named, key=lambda one: one[1])),
        (say("web.directive_committees", language), sorted(committees, key=lambda one: one[1])),
    ]


def leaders() -> list[Person]:
    """Whoever can order, by name."""
    found = Person.objects.filter(is_active=True, grants__role=Role.LEADER).distinct()
    return sorted(found, key=lambda one: one.shown_name)
