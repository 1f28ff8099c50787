"""Silences: alerts that need no telling for a while; each has a reason and an end, so none is forgotten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vamco.alerts.matching import Matcher, accept
from vamco.vocabulary.errors import Misused

LONGEST: Final = timedelta(days=30)


class SilenceStatus(StrEnum):
    """Where a silence stands at a moment."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Silence:
    """Alerts that fulfil every matcher are not told of from `starts_at` until before `ends_at`."""

    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    reason: str
    by: str

    def status(self, now: datetime) -> SilenceStatus:
        """Where it stands at that moment."""
        if now < self.starts_at:
            return SilenceStatus.PENDING
        return SilenceStatus.ACTIVE if now < self.ends_at else SilenceStatus.EXPIRED

    def mutes(self, labels: Mapping[str, str], now: datetime) -> bool:
        """Whether it keeps quiet about these labels at that moment."""
        return self.status(now) is SilenceStatus.ACTIVE and accept(self.matchers, labels)


def silence(
    matchers: Iterable[Matcher], starts_at: datetime, ends_at: datetime, reason: str, by: str
) -> Silence:
    """A silence that may be set. Raises `Misused` without a reason, an end, or a real condition."""
    made = Silence(tuple(matchers), starts_at, ends_at, reason.strip(), by)
    if not made.reason:
        raise Misused("alerts.silence_without_reason")
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise Misused("alerts.silence_bad_span", longest=LONGEST.days)
    if accept(made.matchers, {}):  # fulfilled by no label at all: it would silence the whole centre
        raise Misused("alerts.silence_of_everything")
    return made


def ended(silence: Silence, now: datetime) -> Silence:
    """The silence cut short at that moment; one that is over already stays as it was."""
    if silence.status(now) is SilenceStatus.EXPIRED:
        return silence
    return replace(silence, starts_at=min(silence.starts_at, now), ends_at=now)


def silenced_by(labels: Mapping[str, str], silences: Iterable[Silence], now: datetime) -> Silence | None:
    """The silence that keeps quiet longest about these labels at that moment, if any does."""
    muting = [each for each in silences if each.mutes(labels, now)]
    return max(muting, key=lambda each: each.ends_at, default=None)
