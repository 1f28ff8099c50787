"""Who used the centre on a day: counts by role, from the audit log and the counts of pages."""

from collections import Counter
from datetime import date
from typing import Final

from django.db.models import Min
from django.utils import timezone

from vamco.accounts.models import Attendance, AuditEntry, Grant, PageUse
from vamco.accounts.roles import Role
from vamco.accounts.uses import COUNTED, main_role
from vamco.flow.operations.days import beginning_of, end_of
from vamco.flow.operations.table import Table

PAGES: Final = (
    "wall",
    "desk",
    "service",
    "indicator",
    "passport",
    "unit",
    "compare",
    "search",
    "briefing",
    "deliveries",
    "other",
)


def first_trace_on() -> date | None:
    """The day of the first entry of the audit log: before it, nothing is known of the installation."""
    first = AuditEntry.objects.order_by("pk").values_list("at", flat=True).first()
    return timezone.localdate(first) if first else None


def sign_ins_on(on: date) -> Table | None:
    """People and sign-ins of every role; None before the installation kept any trace."""
    began_on = first_trace_on()
    if began_on is None or on < began_on:
        return None
    tries = AuditEntry.objects.filter(
        action="sign-in.success", at__gte=beginning_of(on), at__lt=end_of(on)
    ).values_list("actor", flat=True)
    role_of, signed_in = _roles(), Counter(tries)
    at_screens = dict(Attendance.objects.filter(on=on).values_list("role", "people"))
    return Table(
        [
            {
                "signed_in_on": on,
                "role": role.value,
                "people": sum(role_of.get(name) is role for name in signed_in),
                "people_at_screens": at_screens.get(role.value, 0),
                "sign_ins": sum(n for name, n in signed_in.items() if role_of.get(name) is role),
            }
            for role in COUNTED
        ]
    )


def page_uses_on(on: date) -> Table | None:
    """Opens of every kind of page by every role, zeros as well; None before anything was counted."""
    first = PageUse.objects.aggregate(on=Min("on"))["on"]
    if first is None or on < first:
        return None
    counted = {
        (page, role): n
        for page, role, n in PageUse.objects.filter(on=on).values_list("page", "role", "opens")
    }
    return Table(
        [
            {"used_on": on, "page": page, "role": role.value, "opens": counted.get((page, role.value), 0)}
            for page in PAGES
            for role in COUNTED
        ]
    )


def _roles() -> dict[str, Role | None]:
    """User name → the one role that the person is counted under."""
    held: dict[str, list[str]] = {}
    for name, role in Grant.objects.values_list("person__username", "role"):
        held.setdefault(name, []).append(role)
    return {name: main_role(roles) for name, roles in held.items()}
