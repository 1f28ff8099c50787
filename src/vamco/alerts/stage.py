"""A stage for rehearsals and tests: alerts that live in memory and step as those in the database do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

from vamco.alerts.finding import Finding
from vamco.alerts.grouping import group_key
from vamco.alerts.lifecycle import Labels, Sample, Standing, Transition, Verdict, step
from vamco.alerts.recording import timing_of
from vamco.packs.alert_rule import AlertRule, Kind
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity


@dataclass(slots=True)
class Episode:
    """An alert from the moment it was raised, with what was last found bad.

    `sightings` are the moments it was seen bad, and of which period.
    """

    labels: Labels
    raised_at: datetime
    finding: Finding
    resolved_at: datetime | None = None
    sightings: list[tuple[datetime, Period | None]] = field(default_factory=list)

    def lasted(self, until: datetime) -> timedelta:
        """How long it stood raised, up to that moment at the latest."""
        return (self.resolved_at or until) - self.raised_at


class Stage:
    """The alerts of one rule. `episodes` are all that were raised, in order."""

    def __init__(self, rule: AlertRule) -> None:
        self.rule, self.timing = rule, timing_of(rule)
        self.episodes: list[Episode] = []
        self._standings: dict[str, Standing] = {}
        self._raised: dict[str, Episode] = {}

    def take(self, findings: Iterable[Finding], now: datetime) -> list[tuple[Finding | None, Transition]]:
        """One step for each finding, and the end of what nothing was found of; the changes of state."""
        moved: list[tuple[Finding | None, Transition]] = []
        lost = set(self._standings)
        for finding in findings:
            lost.discard(finding.fingerprint)
            moved += [(finding, t) for t in self._step(finding.fingerprint, finding.sample, now, finding)]
        for fingerprint in lost:
            moved += [(None, t) for t in self._step(fingerprint, Sample(Verdict.GONE), now, None)]
        return moved

    def standing(self, fingerprint: str) -> Standing:
        """Where the alert of that identity stands."""
        return self._standings.get(fingerprint, Standing())

    def severity(self, fingerprint: str) -> Severity | None:
        """How severe the alert is while it is raised."""
        raised = self._raised.get(fingerprint)
        return raised.finding.severity if raised else None

    def _step(
        self, fingerprint: str, sample: Sample, now: datetime, finding: Finding | None
    ) -> tuple[Transition, ...]:
        before = self.standing(fingerprint)
        after, transitions = step(before, sample, self.timing, now)
        self._standings[fingerprint] = after
        if after.is_raised and not before.is_raised and finding is not None:
            self._raised[fingerprint] = Episode(finding.labels, now, finding)
            self.episodes.append(self._raised[fingerprint])
        if after.is_raised and finding is not None and finding.verdict is Verdict.BAD:
            self._raised[fingerprint].sightings.append((now, finding.period))
            self._raised[fingerprint].finding = finding
        if before.is_raised and not after.is_raised:
            self._raised.pop(fingerprint).resolved_at = now
        return transitions


def patient(moments: Iterable[datetime], rule: AlertRule) -> Iterator[tuple[datetime, datetime]]:
    """Every moment to evaluate at, with the one that its data is of: also when the rule's patience is over."""
    ordered = sorted(set(moments))
    spans = sorted({span for span in (rule.pending_for, rule.keep_firing_for) if span})
    for moment, following in zip_longest(ordered, ordered[1:]):
        yield moment, moment
        over = (moment + span for span in spans)
        yield from ((at, moment) for at in over if following is None or at < following)


def incidents(rule: AlertRule, episodes: Iterable[Episode]) -> list[datetime]:
    """When incidents would have been opened: for the first alert of a group while none of the group stands."""
    opened: list[datetime] = []
    until: dict[str, datetime | None] = {}
    for episode in sorted(episodes, key=lambda one: one.raised_at):
        key = _key(rule, episode.labels)
        ends = until.get(key, episode.raised_at)
        if ends is not None and ends <= episode.raised_at:
            opened.append(episode.raised_at)
            until[key] = episode.resolved_at
        elif ends is not None:
            until[key] = None if episode.resolved_at is None else max(ends, episode.resolved_at)
    return opened


def _key(rule: AlertRule, labels: Labels) -> str:
    names = ("contract",) if rule.when.kind is Kind.SILENCE else ("rule", *rule.group_by)
    return group_key(names, labels)
