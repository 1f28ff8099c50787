"""When a group of alerts is told of: it waits for company, speaks on change, and repeats itself seldom."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class GroupTiming:
    """`wait` before the first notice, `interval` between looks, `repeat` while nothing changes."""

    wait: timedelta = timedelta(seconds=30)
    interval: timedelta = timedelta(minutes=5)
    repeat: timedelta = timedelta(hours=4)
    tells_resolved: bool = True


class NoticeKind(StrEnum):
    """Why a group speaks."""

    RAISED = "raised"
    CHANGED = "changed"
    REPEATED = "repeated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Told:
    """What was last said, and when; members are named by episode, so a new episode is news."""

    at: datetime
    firing: frozenset[str]
    resolved: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """One group between two looks; `version` counts its notices and makes each one's key unique."""

    key: str
    look_at: datetime
    told: Told | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said now."""

    kind: NoticeKind
    key: str
    version: int
    firing: frozenset[str]
    resolved: frozenset[str]


def group_key(by: Iterable[str], labels: Mapping[str, str]) -> str:
    """The group of an alert: the values of the labels it is grouped by; an absent one counts as empty."""
    values = [[name, labels.get(name, "")] for name in by]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]


def opened(key: str, began: datetime, now: datetime, timing: GroupTiming) -> Group:
    """The group of a first alert; trouble older than the wait is looked at without waiting."""
    return Group(key, max(now, began + timing.wait))


def look(
    group: Group, firing: Set[str], resolved: Set[str], now: datetime, timing: GroupTiming
) -> tuple[Group, Notice | None]:
    """The group after a look at its members that are not muted, and what is to be said, if anything.

    `firing` are episodes that stand raised, `resolved` those that ended. Before `look_at` nothing is done.
    """
    if now < group.look_at:
        return group, None
    group = replace(group, look_at=now + timing.interval)
    kind = _kind(group.told, firing, resolved, now, timing)
    if kind is None:
        return group, None
    shown = frozenset(resolved) if timing.tells_resolved else frozenset[str]()
    heard = replace(group, told=Told(now, frozenset(firing), frozenset(resolved)))
    if not firing and not shown:  # remembered, so that the next alarm is news, but nobody is told
        return heard, None
    version = group.version + 1
    return replace(heard, version=version), Notice(kind, group.key, version, frozenset(firing), shown)


def _kind(
    told: Told | None, firing: Set[str], resolved: Set[str], now: datetime, timing: GroupTiming
) -> NoticeKind | None:
    if not firing and not resolved:
        return None
    if told is None:
        return NoticeKind.RAISED if firing else None
    if not firing:
        return NoticeKind.RESOLVED if told.firing else None
    return _kind_of_change(told, firing, resolved, now, timing)


def _kind_of_change(
    told: Told, firing: Set[str], resolved: Set[str], now: datetime, timing: GroupTiming
) -> NoticeKind | None:
    if not told.firing:
        return NoticeKind.RAISED
    if not firing <= told.firing or (timing.tells_resolved and not resolved <= told.resolved):
        return NoticeKind.CHANGED
    return NoticeKind.REPEATED if now - told.at >= timing.repeat else None
