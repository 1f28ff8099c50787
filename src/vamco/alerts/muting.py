"""What keeps an alert quiet: a silence that somebody set, or the dead source that it is blind for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from vamco.alerts.inhibiting import dead_source
from vamco.alerts.lifecycle import BLIND, RAISED
from vamco.alerts.matching import read_matcher
from vamco.alerts.models import Alert, Silence
from vamco.alerts.recording import overwrite
from vamco.alerts.silencing import Silence as PureSilence
from vamco.alerts.silencing import silenced_by
from vamco.indicators.declared import indicator_of
from vamco.indicators.supply_of import datasets_behind
from vamco.packs.alert_rule import Kind
from vamco.packs.pack import Packs
from vamco.vocabulary.errors import NotFound

Feeds = Mapping[str, Collection[str]]
"""Indicator → the datasets that it is made from."""


def mute(packs: Packs, now: datetime) -> list[Alert]:
    """Say of every raised alert what keeps it quiet now; the alerts of which that changed."""
    raised = list(Alert.objects.filter(state__in=RAISED))
    silences, dead = _silences(now), _dead_sources(raised, packs)
    feeds = _feeds(raised)
    changed = []
    for alert in raised:
        muted_by = _muted_by(alert, silences, dead, feeds, now)
        if muted_by != alert.muted_by:
            alert.muted_by = muted_by
            changed.append(alert)
    overwrite(changed, "muted_by")
    return changed


def matched(alert: Alert) -> dict[str, str]:
    """The labels that silences are matched with."""
    return {**alert.labels, "severity": alert.severity, "pack": alert.rule.partition(".")[0]}


def _muted_by(
    alert: Alert,
    silences: Mapping[PureSilence, int],
    dead: Mapping[str, Alert],
    feeds: Feeds,
    now: datetime,
) -> str:
    silence = silenced_by(matched(alert), silences, now)
    if silence is not None:
        return f"silence:{silences[silence]}"
    source = dead_source(alert.labels.get("indicator", ""), dead, feeds) if alert.because in BLIND else None
    return f"alert:{dead[source].pk}" if source else ""


def _silences(now: datetime) -> dict[PureSilence, int]:
    """The silences in force, each with its row."""
    rows = Silence.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return {pure(row): row.pk for row in rows}


def pure(row: Silence) -> PureSilence:
    """The silence as the pure functions read it."""
    matchers = tuple(map(read_matcher, row.matchers))
    return PureSilence(matchers, row.starts_at, row.ends_at, row.reason, row.by)


def _dead_sources(raised: Sequence[Alert], packs: Packs) -> dict[str, Alert]:
    """Contracts whose silence an alert tells of."""
    silent = {rule.id for rule in packs.alert_rules if rule.when.kind is Kind.SILENCE}
    return {a.labels["contract"]: a for a in raised if a.rule in silent and "contract" in a.labels}


def _feeds(raised: Sequence[Alert]) -> Feeds:
    names = {alert.labels["indicator"] for alert in raised if "indicator" in alert.labels}
    return {name: sources(name) for name in names}


def sources(indicator_id: str) -> tuple[str, ...]:
    """The datasets that the indicator is made from; none when no pack declares it any more."""
    try:
        return datasets_behind(indicator_of(indicator_id))
    except NotFound:
        return ()
