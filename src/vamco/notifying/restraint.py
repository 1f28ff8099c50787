"""When a message waits: after a failure, in quiet hours, and when an address has had enough lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from vamco.vocabulary.severity import Severity

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
CRITICAL: Final = frozenset({Severity.EXTREME, Severity.SEVERE})
"""Severities that neither quiet hours nor a limit holds back."""
_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until before `end` on the clocks of the province; it may run past midnight."""

    start: time
    end: time

    def until(self, now: datetime) -> datetime | None:
        """When the quiet that reigns at `now` ends; None when none reigns."""
        local = now.astimezone(ZONE)
        if not self._covers(local.time()):
            return None
        ends = datetime.combine(local.date(), self.end, ZONE)
        return ends if ends > local else ends + timedelta(days=1)

    def _covers(self, clock: time) -> bool:
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many messages to one address within the span."""

    messages: int
    within: timedelta

    def until(self, sent: Sequence[datetime], now: datetime) -> datetime | None:
        """When the next may go, given when earlier ones went; None when it may go now."""
        lately = sorted(moment for moment in sent if moment > now - self.within)
        return None if len(lately) < self.messages else lately[-self.messages] + self.within


def wait_after(attempts: int) -> timedelta:
    """How long to wait after that many failures: 30 seconds, then twice as long each time, at most an hour."""
    return min(_FIRST_WAIT * (1 << min(attempts - 1, 20)), _LONGEST_WAIT)
