"""One change of state = one action: permission, execution and audit entry in one transaction."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import Actor, Scope

_AUDIT_LOCK = 872_201  # key of the PostgreSQL advisory lock that orders audit entries


@contextmanager
def action(actor: Actor, verb: str, subject: str, scope: Scope = Scope()) -> Iterator[dict[str, Any]]:  # noqa: B008
    """Check that `actor` may `verb`, run the body in a transaction, and write its audit entry.

    Yields the details of the entry, for the body to fill. Raises `Forbidden` before anything is
    changed; an exception in the body leaves neither change nor entry.
    """
    actor.require(verb, scope)
    with transaction.atomic():
        details: dict[str, Any] = {}
        yield details
        _write(actor, verb, subject, details)


def _write(actor: Actor, verb: str, subject: str, details: dict[str, Any]) -> None:
    _take_turn()
    last = AuditEntry.objects.order_by("-id").values_list("sha256", flat=True).first() or ""
    entry = AuditEntry(
        at=timezone.now(),
        actor=actor.name,
        action=verb,
        subject=subject,
        details=details,
        previous_sha256=last,
    )
    entry.sha256 = fingerprint(entry)
    entry.save(force_insert=True)


def _take_turn() -> None:
    """Writers queue here, so that the chain has no forks; SQLite's writers queue already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_AUDIT_LOCK])


def fingerprint(entry: AuditEntry) -> str:
    """SHA-256 over the entry and the hash of the one before it."""
    said = [
        entry.previous_sha256,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.details,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_links() -> list[int]:
    """Ids of audit entries whose hash, or whose link to the one before, does not hold."""
    broken, previous = [], ""
    for entry in AuditEntry.objects.order_by("id").iterator():
        if entry.previous_sha256 != previous or entry.sha256 != fingerprint(entry):
            broken.append(entry.pk)
        previous = entry.sha256
    return broken
