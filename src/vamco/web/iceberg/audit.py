"""Who read what through the door: one audit entry for each caller, table and version in a minute."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import Actor
from vamco.warehouse.iceberg.tables import Table
from vamco.web.iceberg.rights import Reading

_ONCE_IN: Final = timedelta(minutes=1)


def audit(actor: Actor, reading: Reading, table: Table) -> None:
    """Write the entry unless it was written just now: engines load a table several times for one query."""
    subject = f"dataset:{table.dataset}"
    said = {"seq": table.seq, "without": sorted(reading.without)}
    since = timezone.now() - _ONCE_IN
    same = AuditEntry.objects.filter(
        actor=actor.name, action=reading.permission, subject=subject, at__gt=since
    )
    if not any(entry.details == said for entry in same):
        with action(actor, reading.permission, subject, reading.scope) as details:
            details |= said
