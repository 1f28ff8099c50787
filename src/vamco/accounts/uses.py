"""Whether the centre is used: counts by day and role, never by person."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from vamco.accounts.models import Attendance, PageUse, Person
from vamco.accounts.roles import Role

COUNTED: Final = tuple(role for role in Role if role not in (Role.AGENCY_SYSTEM, Role.WALL))
"""The roles of people, in the order by which somebody with several is counted under one."""

Opens = Mapping[tuple[date, str, str], int]
"""Day, kind of page and role → how often."""


def main_role(roles: Iterable[str]) -> Role | None:
    """The one role that a person is counted under; None for whoever has none of people's."""
    held = set(roles)
    return next((role for role in COUNTED if role in held), None)


@transaction.atomic
def add_opens(opens: Opens) -> None:
    """Add to the counts of those days; any number of processes may do so at once."""
    for (on, page, role), n in sorted(opens.items()):
        row, _ = PageUse.objects.get_or_create(on=on, page=page, role=role)
        PageUse.objects.filter(pk=row.pk).update(opens=F("opens") + n)


@transaction.atomic
def attend(person_id: int, role: Role, on: date) -> bool:
    """Count the person as having opened a screen that day, if they were not yet; whether they were new."""
    earlier = Q(at_screens_on=None) | Q(at_screens_on__lt=on)
    if not Person.objects.filter(earlier, pk=person_id).update(at_screens_on=on):
        return False
    row, _ = Attendance.objects.get_or_create(on=on, role=role)
    Attendance.objects.filter(pk=row.pk).update(people=F("people") + 1)
    return True
