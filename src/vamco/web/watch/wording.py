"""Alerts and rules in words: what was seen against which bound, and when a rule speaks."""

from collections.abc import Mapping
from typing import Any

from vamco.accounts.policy import Actor
from vamco.alerts.lifecycle import BLIND, State
from vamco.alerts.models import Alert
from vamco.alerts.naming import dataset_name
from vamco.alerts.queue import rule_of
from vamco.indicators.declared import indicator_of
from vamco.indicators.hiding import tells_a_few
from vamco.packs.alert_rule import AlertRule, Condition, FigureWatch, Kind
from vamco.packs.indicator import Band, Indicator
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import catalogue, say
from vamco.vocabulary.severity import Severity
from vamco.web.language import language_now
from vamco.web.passport.cells import sees_cells
from vamco.web.templatetags.figures import number, percent, period
from vamco.web.templatetags.indicator_words import SIGNS, band_words, unit_word

Evidence = Mapping[str, Any]


def _say(key: str, **details: object) -> str:
    return say(f"web.{key}", language_now(), **details)


def indicator_or_none(indicator_id: str) -> Indicator | None:
    """The indicator; None where no pack declares it any more."""
    try:
        return indicator_of(indicator_id)
    except NotFound:
        return None


def seen_words(alert: Alert, evidence: Evidence, actor: Actor) -> str:
    """What the alert saw against its bound: `10 ca, vượt 8,8 ca`."""
    rule = rule_of(alert.rule)
    if rule is None or alert.value is None or alert.because in BLIND or alert.state == State.NO_DATA:
        return _blind_words(alert, evidence)
    if rule.when.kind is Kind.SILENCE:
        return _say("watch_silent", n=number(alert.value))
    if rule.when.kind is Kind.QUALITY:
        return _say("watch_below", value=number(alert.value, 1), bound=number(alert.bound, 1))
    indicator = indicator_or_none(rule.indicator)
    if indicator is None:
        return number(alert.value, 2)
    if is_hidden(evidence, indicator, actor):
        return _say("watch_hidden")
    return _figure_words(alert, rule, indicator)


def _blind_words(alert: Alert, evidence: Evidence) -> str:
    lacking = [dataset_name(name, language_now()) for name in evidence.get("lacking", ())]
    if lacking:
        return _say("watch_blind_of", period=period(alert.period), datasets=", ".join(lacking))
    return _say("watch_blind", period=period(alert.period)) if alert.period else _say("watch_blind_now")


def _figure_words(alert: Alert, rule: AlertRule, indicator: Indicator) -> str:
    assert alert.value is not None  # noqa: S101  those without one are blind
    value = _measured(alert.value, rule, indicator)
    if alert.bound is None:
        band = next((band for band in indicator.bands if band.severity == alert.severity), None)
        return _say("watch_in_band", value=value, band=band_words(band, indicator)) if band else value
    beyond = "watch_above" if is_upper(rule.when, alert) else "watch_below"
    return _say(beyond, value=value, bound=_measured(alert.bound, rule, indicator, places=1))


def is_upper(when: Condition, alert: Alert) -> bool:
    """Whether it is too much that is bad; of detectors and bands the figure itself shows on which side it is."""
    if when.kind in (Kind.DETECTOR, Kind.BANDS):
        return (alert.value or 0) >= (alert.bound or 0)
    return when.comparator.startswith(">")


def _measured(value: float, rule: AlertRule, indicator: Indicator, places: int = 0) -> str:
    """With its unit; a bound keeps one decimal more than the values, where it has any."""
    if rule.when.kind is Kind.PACE:
        return _say("watch_of_pace", share=percent(value, 0))
    shown = value * 100 if indicator.is_percentage else value
    decimals = 0 if float(shown).is_integer() else indicator.decimals + places
    if indicator.is_percentage:
        return percent(value, decimals)
    return " ".join(filter(None, (number(value, decimals), unit_word(indicator))))


def is_hidden(evidence: Evidence, indicator: Indicator, actor: Actor) -> bool:
    """Whether so few people were counted that this reader is not told how many."""
    if sees_cells(actor, indicator):
        return False
    return tells_a_few(indicator, evidence.get("seen") or {})


def bound_name(rule: AlertRule) -> str:
    """What the bound is."""
    when = rule.when
    if isinstance(when.bound, str):
        indicator = indicator_or_none(when.bound)
        return indicator.title.in_(language_now()) if indicator else when.bound
    return _say(f"watch_bound_{'expected' if when.kind is Kind.DETECTOR else 'fixed'}")


# --- rules


def watched_words(rule: AlertRule) -> str:
    """What the rule looks at."""
    if isinstance(rule.watch, FigureWatch):
        indicator = indicator_or_none(rule.watch.indicator)
        title = indicator.title.in_(language_now()) if indicator else rule.watch.indicator
        return _say(f"watch_watches_{rule.watch.level}", indicator=title)
    if not rule.watch.contracts:
        return _say("watch_watches_all_sources")
    return ", ".join(dataset_name(name, language_now()) for name in rule.watch.contracts)


def condition_words(rule: AlertRule) -> str:
    """When it speaks, in a sentence."""
    when = rule.when
    said = _say(f"watch_when_{when.kind}", **_condition(rule))
    if when.periods > 1 and when.kind is not Kind.COUNT:
        said = _say("watch_when_lasting", said=said, n=when.periods)
    if when.at_least:
        said = _say("watch_when_enough", said=said, n=number(when.at_least))
    return said


def _condition(rule: AlertRule) -> dict[str, object]:
    when, indicator = rule.when, indicator_or_none(rule.indicator)
    if when.kind is Kind.BANDS:
        return {"bands": _bands_words(indicator.bands if indicator else (), indicator)}
    if when.kind is Kind.DETECTOR:
        return {"method": method_words(when.method)}
    if when.kind is Kind.SILENCE:
        return {}
    bound = f"{SIGNS[when.comparator]} {_bound_words(rule, indicator)}"
    if when.kind is Kind.CHANGE:
        return {"bound": bound, "against": _say(f"watch_against_{when.against}")}
    return {"bound": bound, "n": when.periods} if when.kind is Kind.COUNT else {"bound": bound}


def _bound_words(rule: AlertRule, indicator: Indicator | None) -> str:
    when = rule.when
    if isinstance(when.bound, str):
        return bound_name(rule)
    if when.kind in (Kind.CHANGE, Kind.PACE):
        return percent(when.bound, 0)
    if indicator is None or when.kind is Kind.QUALITY:
        return number(when.bound)
    return _measured(float(when.bound), rule, indicator, places=1)


def _bands_words(bands: tuple[Band, ...], indicator: Indicator | None) -> str:
    if indicator is None:
        return "–"
    language = language_now()
    return "; ".join(f"{band_words(band, indicator)} ({band.severity.in_(language)})" for band in bands)


def method_words(method: str) -> str:
    """The detector as its field calls it."""
    key = f"watch_method_{method}"
    return _say(key) if key in catalogue("web") else method.upper().replace("_", " ")


def levels_words(rule: AlertRule) -> str:
    """How bad an alarm of the rule is."""
    language = language_now()
    if rule.severity:
        return rule.severity.in_(language)
    return _say("watch_level_of_band")


def severity_of(text: str) -> Severity:
    """The severity that was kept."""
    return Severity(text)
