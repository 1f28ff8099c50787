"""Setting a silence and ending it: actions, each with a reason that the next shift can read."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.alerts.matching import read_matcher
from vamco.alerts.models import Silence
from vamco.alerts.muting import pure
from vamco.alerts.silencing import SilenceStatus, ended, silence
from vamco.vocabulary.errors import NotFound, Refused


def set_silence(
    actor: Actor,
    matchers: Sequence[str],
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    at: datetime | None = None,
) -> Silence:
    """A new silence. Raises `Misused` for matchers that cannot be read, no reason, or a span that is too long."""
    made = silence(map(read_matcher, matchers), starts_at, ends_at, reason, actor.name)
    written = [str(matcher) for matcher in made.matchers]
    with action(actor, "silence.set", ", ".join(written)) as details:
        row = Silence.objects.create(
            matchers=written,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=made.reason,
            by=actor.name,
            set_at=at or timezone.now(),
        )
        details |= {"silence": row.pk, "until": ends_at.isoformat(), "reason": made.reason}
    return row


def end_silence(actor: Actor, silence_id: int, at: datetime | None = None) -> Silence:
    """The silence, over from now on. Raises `NotFound`, and `Refused` when it is over already."""
    now = at or timezone.now()
    with action(actor, "silence.end", f"silence:{silence_id}"):
        row = Silence.objects.select_for_update().filter(pk=silence_id).first()
        if row is None:
            raise NotFound("alerts.silence_not_found", silence=silence_id)
        if pure(row).status(now) is SilenceStatus.EXPIRED:
            raise Refused("alerts.silence_is_over", silence=silence_id)
        over = ended(pure(row), now)
        row.starts_at, row.ends_at, row.ended_by = over.starts_at, over.ends_at, actor.name
        row.save(update_fields=["starts_at", "ends_at", "ended_by"])
    return row
