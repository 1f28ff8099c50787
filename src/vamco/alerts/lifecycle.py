"""The life of one alert, as a pure function of its samples and a clock.

    normal ──► pending ──► firing ◄──► recovering ──► resolved ──► (as normal)
                  └──────► no_data ─────────────────────┘

Identity is the set of labels: a figure that changes but stays bad changes the value, never the
alert. Trouble of any kind (bad, no data, an error) runs one timer, which a change of kind does not
reset. A raised alert changes its kind only when the new kind has itself lasted `pending_for`, so
one missed evaluation neither clears an alert nor makes it blink.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

Labels = Mapping[str, str]


class State(StrEnum):
    """Where an alert stands."""

    NORMAL = "normal"
    PENDING = "pending"
    FIRING = "firing"
    NO_DATA = "no_data"  # nothing can be seen; `because` says whether for want of data or by an error
    RECOVERING = "recovering"
    RESOLVED = "resolved"


class Verdict(StrEnum):
    """What one evaluation says of one set of labels."""

    GOOD = "good"
    BAD = "bad"
    NO_DATA = "no_data"
    ERROR = "error"
    GONE = "gone"  # what was watched no longer exists: a unit abolished, a rule withdrawn


class Blind(StrEnum):
    """What a rule makes of an evaluation that could not see."""

    NO_DATA = "no_data"  # a trouble of its own kind
    ALERTING = "alerting"  # as bad
    OK = "ok"  # as good
    KEEP_LAST = "keep_last"  # as what was last seen


BLIND: Final = frozenset({Verdict.NO_DATA, Verdict.ERROR})
RAISED: Final = frozenset({State.FIRING, State.NO_DATA, State.RECOVERING})
_AT_REST: Final = frozenset({State.NORMAL, State.RESOLVED})
_NEVER: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient a rule is, and what it makes of blindness."""

    pending_for: timedelta = _NEVER
    keep_firing_for: timedelta = _NEVER
    on_no_data: Blind = Blind.NO_DATA
    on_error: Blind = Blind.NO_DATA


@dataclass(frozen=True, slots=True)
class Sample:
    """What one evaluation found for one set of labels."""

    verdict: Verdict
    value: float | None = None
    labels: Labels = field(default_factory=dict)
    annotations: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one alert stands; the moments belong to the present (or last) episode of trouble."""

    state: State = State.NORMAL
    because: Verdict = Verdict.GOOD
    since: datetime | None = None  # in this state
    troubled_since: datetime | None = None
    raised_since: datetime | None = None
    fired_since: datetime | None = None
    turning_since: datetime | None = None  # samples speak of another kind of trouble
    resolved_at: datetime | None = None
    evaluated_at: datetime | None = None
    last_seen: Verdict = Verdict.GOOD
    value: float | None = None
    annotations: Labels = field(default_factory=dict)

    @property
    def is_raised(self) -> bool:
        """Whether people have been, or are to be, told."""
        return self.state in RAISED


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of state."""

    at: datetime
    before: State
    after: State
    because: Verdict
    value: float | None


def fingerprint(rule: str, labels: Labels) -> str:
    """The identity of an alert: the same for the same rule and labels in any order; 32 hex digits."""
    written = json.dumps([rule, sorted(labels.items())], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def step(
    standing: Standing, sample: Sample, timing: Timing, now: datetime
) -> tuple[Standing, tuple[Transition, ...]]:
    """Where the alert stands after this sample, and the change of state if there was one.

    A moment before the last evaluation changes nothing: a slow worker cannot turn time back.
    """
    if standing.evaluated_at is not None and now < standing.evaluated_at:
        return standing, ()
    wanted = _wanted(standing, sample.verdict, timing)
    after = _moved(_seen(standing, sample, now), wanted, timing, now)
    if after.state is standing.state:
        return after, ()
    return after, (Transition(now, standing.state, after.state, sample.verdict, after.value),)


def _wanted(standing: Standing, verdict: Verdict, timing: Timing) -> State:
    """The state that this verdict alone asks for: normal, firing, no_data, or resolved when gone."""
    if verdict in BLIND:
        policy = timing.on_no_data if verdict is Verdict.NO_DATA else timing.on_error
        return _of_last_seen(standing) if policy is Blind.KEEP_LAST else _BY_POLICY[policy]
    return _BY_VERDICT[verdict]


def _of_last_seen(standing: Standing) -> State:
    # an alert about blindness itself has no earlier sight to keep
    return State.NO_DATA if standing.state is State.NO_DATA else _BY_VERDICT[standing.last_seen]


_UNSEEN: Final = BLIND | {Verdict.GONE}
_BY_POLICY: Final = {Blind.NO_DATA: State.NO_DATA, Blind.ALERTING: State.FIRING, Blind.OK: State.NORMAL}
_BY_VERDICT: Final = {
    Verdict.GOOD: State.NORMAL,
    Verdict.BAD: State.FIRING,
    Verdict.GONE: State.RESOLVED,
}


def _seen(standing: Standing, sample: Sample, now: datetime) -> Standing:
    """The standing with what the sample tells, its state untouched; what saw no figure keeps the last."""
    told = replace(standing, evaluated_at=now, because=sample.verdict)
    if sample.verdict in _UNSEEN:
        return replace(told, annotations=sample.annotations or standing.annotations)
    return replace(told, value=sample.value, annotations=sample.annotations, last_seen=sample.verdict)


def _moved(standing: Standing, wanted: State, timing: Timing, now: datetime) -> Standing:
    if wanted is State.NORMAL:
        return _calmed(standing, timing, now)
    if wanted is State.RESOLVED:
        return _ended(standing, now)
    if standing.state in _AT_REST:
        standing = _begun(standing, now)
    if standing.state is State.PENDING:
        return _matured(standing, wanted, timing, now)
    return _turned(standing, wanted, timing, now)


def _begun(standing: Standing, now: datetime) -> Standing:
    """A new episode: nothing of the one before is left but what was seen last."""
    return replace(
        standing,
        state=State.PENDING,
        since=now,
        troubled_since=now,
        raised_since=None,
        fired_since=None,
        turning_since=None,
        resolved_at=None,
    )


def _matured(standing: Standing, wanted: State, timing: Timing, now: datetime) -> Standing:
    is_ripe = _lasted(standing.troubled_since, timing.pending_for, now)
    return _raised(standing, wanted, now) if is_ripe else standing


def _turned(standing: Standing, wanted: State, timing: Timing, now: datetime) -> Standing:
    if wanted is standing.state:
        return replace(standing, turning_since=None)
    turning = replace(standing, turning_since=standing.turning_since or now)
    # what was recovering has waited already: trouble of either kind brings it back at once
    is_ripe = standing.state is State.RECOVERING or _lasted(turning.turning_since, timing.pending_for, now)
    return _raised(turning, wanted, now) if is_ripe else turning


def _raised(standing: Standing, state: State, now: datetime) -> Standing:
    fired = now if state is State.FIRING else None
    return replace(
        standing,
        state=state,
        since=now,
        raised_since=standing.raised_since or now,
        fired_since=standing.fired_since or fired,
        turning_since=None,
    )


def _calmed(standing: Standing, timing: Timing, now: datetime) -> Standing:
    if standing.state in _AT_REST:
        return standing
    if standing.state is State.RECOVERING:
        is_over = _lasted(standing.since, timing.keep_firing_for, now)
        return _ended(standing, now) if is_over else standing
    if standing.fired_since is not None and timing.keep_firing_for > _NEVER:
        return replace(standing, state=State.RECOVERING, since=now, turning_since=None)
    return _ended(standing, now)


def _ended(standing: Standing, now: datetime) -> Standing:
    """What was raised is resolved; what was only pending was never told, so it is simply normal."""
    if standing.state in _AT_REST:
        return standing
    if standing.state is State.PENDING:
        return replace(standing, state=State.NORMAL, since=now, troubled_since=None)
    return replace(standing, state=State.RESOLVED, since=now, resolved_at=now, turning_since=None)


def _lasted(since: datetime | None, span: timedelta, now: datetime) -> bool:
    return since is not None and now - since >= span
