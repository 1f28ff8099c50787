"""What prompted a directive, told from its frozen evidence: a sentence, and the passport as known then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from vamco.accounts.policy import Actor
from vamco.alerts.models import Alert
from vamco.alerts.naming import name_of
from vamco.alerts.queue import rule_of
from vamco.directives.evidence import Frozen, is_intact
from vamco.indicators.territory import territory_now
from vamco.vocabulary.messages import say
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.severity import Severity
from vamco.web.language import language_now
from vamco.web.templatetags.figures import period
from vamco.web.watch.evidence import passport_of
from vamco.web.watch.wording import indicator_or_none, seen_words

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One evidence in words; `severity` is of an alert, `passport` empty where no figure was seen."""

    sentence: str
    frozen_at: datetime
    sha256: str
    is_intact: bool
    passport: str = ""
    severity: Severity | None = None
    alert_id: int | None = None


def prompts_of(evidence: list[Frozen], actor: Actor) -> list[Prompt]:
    """Each evidence, in the order in which it was frozen."""
    return [_alert(one, actor) if one["kind"] == "alert" else _figure(one) for one in evidence]


def _common(frozen: Frozen) -> dict[str, Any]:
    return {
        "frozen_at": datetime.fromisoformat(frozen["frozen_at"]),
        "sha256": frozen["sha256"],
        "is_intact": is_intact(frozen),
    }


def _figure(frozen: Frozen) -> Prompt:
    said = frozen["sentence"]
    sentence = said[language_now()] if isinstance(said, dict) else str(said)
    return Prompt(sentence, passport=_passport(frozen), **_common(frozen))


def _passport(frozen: Frozen) -> str:
    """The passport of the figure as known when it was frozen, on the province's clock."""
    figure = frozen["figure"]
    frozen_at = timezone.localtime(datetime.fromisoformat(frozen["frozen_at"]))
    asked = {
        "indicator": figure["indicator"],
        "unit": figure["unit_id"].partition("@")[0],
        "on": figure["map_on"],
        "period": figure["period"],
        "map": figure["map_on"],
        "as_known_at": (frozen_at.replace(microsecond=0, tzinfo=None) + _SECOND).isoformat(),
    }
    if figure.get("breakdown"):
        asked["breakdown"] = figure["breakdown"]
    return f"{reverse('passport')}?{urlencode(asked)}"


def _alert(frozen: Frozen, actor: Actor) -> Prompt:
    told = frozen["alert"]
    alert = _as_it_was(told)
    details = {
        "where": name_of(alert, territory_now().register, language_now()),
        "what": _name(alert),
        "seen": _seen(alert, actor),
        "period": period(alert.period) if alert.period else "",
    }
    key = "web.directive_alert_saw" if alert.period else "web.directive_alert_said"
    return Prompt(
        say(key, language_now(), **details),
        passport=passport_of(alert, alert.evidence) if alert.period else "",
        severity=Severity(told["severity"]) if told.get("severity") else None,
        alert_id=told["id"],
        **_common(frozen),
    )


def _as_it_was(told: dict[str, Any]) -> Alert:
    """The alert that the evidence holds, which is no row of the register."""
    return Alert(
        rule=told["rule"],
        labels=told["labels"],
        severity=told["severity"],
        state=told["state"],
        period=told.get("period") or "",
        value=told.get("value"),
        bound=told.get("bound"),
        evaluated_at=datetime.fromisoformat(told["evaluated_at"]),
        evidence=told.get("evidence") or {},
    )


def _name(alert: Alert) -> str:
    indicator = indicator_or_none(alert.labels.get("indicator", ""))
    if indicator is not None:
        return indicator.title.in_(language_now())
    rule = rule_of(alert.rule)
    return rule.summary.in_(language_now()) if rule else alert.rule


def _seen(alert: Alert, actor: Actor) -> str:
    seen = alert.evidence.get("seen") or {}
    if seen.get("status") == ObservationStatus.SUPPRESSED:
        return say("web.watch_hidden", language_now())
    return seen_words(alert, alert.evidence, actor)
