"""Failed sign-ins, read from the audit log, and the pause that they earn."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import Actor

PAUSE_MINUTES: Final = 15
_FAILURES_FROM_ONE_ADDRESS: Final = 5
_FAILURES_FROM_ALL: Final = (
    50  # a guess spread over many machines; high, so that nobody is locked out for fun
)


def is_paused(username: str, address: str) -> bool:
    """Whether that name must wait after too many failures, from that address or from everywhere."""
    since = timezone.now() - timedelta(minutes=PAUSE_MINUTES)
    tries = AuditEntry.objects.filter(
        subject=_subject(username), at__gte=since, action__in=("sign-in.success", "sign-in.failure")
    )
    recent = list(tries.order_by("-id").values_list("action", "details")[:_FAILURES_FROM_ALL])
    here = [verb for verb, details in recent if details.get("address") == address]
    failures_here = here.index("sign-in.success") if "sign-in.success" in here else len(here)
    failures = sum(verb == "sign-in.failure" for verb, _ in recent)
    return failures_here >= _FAILURES_FROM_ONE_ADDRESS or failures >= _FAILURES_FROM_ALL


def record_success(username: str, address: str) -> None:
    """Write that the person came in; failures from that address are forgotten."""
    _record("sign-in.success", username, address)


def record_failure(username: str, address: str) -> None:
    """Write that somebody failed to come in under that name."""
    _record("sign-in.failure", username, address)


def _record(verb: str, username: str, address: str) -> None:
    with action(Actor(username[:200]), verb, _subject(username)) as details:
        details["address"] = address


def _subject(username: str) -> str:
    return f"person:{username}"[:200]
