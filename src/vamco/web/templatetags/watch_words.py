"""The watch in words: ages and deadlines, deeds, and what keeps an alert quiet."""

import re
from datetime import datetime, timedelta
from typing import Final

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from vamco.alerts.acting import Deed
from vamco.alerts.models import Alert, Silence
from vamco.alerts.naming import agency_name
from vamco.notifying.models import Notification
from vamco.packs.alert_rule import AlertRule, Response
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.templatetags.figures import moment, number
from vamco.web.watch.rows import Row
from vamco.worktime.policy import Unit

register = template.Library()

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_IN_HOURS: Final = 2 * _DAY
_NUMBERED: Final = re.compile(r"(?:^|\s)\d{1,2}\.\s")
_LABELS: Final = {
    Deed.ACKNOWLEDGE: "watch_do_acknowledge",
    Deed.TAKE: "watch_do_take",
    Deed.RELEASE: "watch_do_release",
    Deed.SHELVE: "watch_do_shelve",
    Deed.UNSHELVE: "watch_do_unshelve",
    Deed.COMMENT: "watch_do_comment",
}
_MOST_DRAWN: Final = 4000
_drawn: dict[tuple[object, ...], SafeString] = {}
KEYS: Final = {
    Deed.ACKNOWLEDGE: "a",
    Deed.TAKE: "t",
    Deed.SHELVE: "s",
    Deed.UNSHELVE: "u",
    Deed.COMMENT: "c",
    Deed.RELEASE: "r",
}


def _say(key: str, **details: object) -> str:
    return say(f"web.{key}", language_now(), **details)


def span_words(span: timedelta) -> str:
    """A span as people say it: 12 phút, 3 giờ, 5 ngày."""
    if span < _MINUTE:
        return _say("watch_age_now")
    if span < _HOUR:
        return _say("watch_age_minutes", n=span // _MINUTE)
    if span < _IN_HOURS:
        return _say("watch_age_hours", n=span // _HOUR)
    return _say("watch_age_days", n=number(span // _DAY))


@register.simple_tag
def age(since: datetime, now: datetime) -> str:
    """How long ago it was."""
    return span_words(max(now - since, timedelta(0)))


@register.simple_tag
def until_words(due: datetime, now: datetime) -> str:
    """How much time is left, or by how much it is past."""
    if due < now:
        return _say("watch_past", span=span_words(now - due))
    return _say("watch_left", span=span_words(due - now))


@register.simple_tag
def deed_word(deed: str) -> str:
    """The deed on its button."""
    return _say(_LABELS[Deed(deed)])


@register.simple_tag
def deed_key(deed: str) -> str:
    """The key that does it."""
    return KEYS[Deed(deed)]


@register.filter
def may_do(row: Row, deed: str) -> bool:
    """Whether the row's reader may do that with it now."""
    return row.may(deed)


@register.simple_tag
def state_word(alert: Alert) -> str:
    """Where the alert stands."""
    return _say(f"watch_state_{alert.state}")


@register.simple_tag
def muted_words(alert: Alert) -> str:
    """What keeps it quiet; nothing where it speaks."""
    if not alert.muted_by:
        return ""
    kind, _, number_of = alert.muted_by.partition(":")
    return _say(f"watch_muted_{kind}", n=number_of)


@register.simple_tag
def within_words(respond: Response) -> str:
    """In how much time somebody must act."""
    return say(f"worktime.amount_{Unit(respond.unit)}", language_now(), n=f"{respond.amount:g}")


@register.simple_tag
def silence_span(silence: Silence) -> str:
    """From when to when."""
    return f"{moment(silence.starts_at)} – {moment(silence.ends_at)}"


@register.filter
def steps(runbook: str) -> list[str]:
    """The numbered steps of a runbook; one step where it is not numbered."""
    found = [step.strip() for step in _NUMBERED.split(runbook) if step.strip()]
    return found or [runbook]


@register.filter
def rule_name(rule_id: str) -> str:
    """The rule's name without its pack."""
    return rule_id.partition(".")[2]


@register.filter
def notice_state(notification: Notification) -> str:
    """Where a message stands."""
    return _say(f"watch_notice_{notification.state}")


@register.filter
def told_name(notification: Notification) -> str:
    """Whom a message is for: a person, a role or an agency."""
    if notification.role:
        return say(f"accounts.role_{notification.role}", language_now())
    return notification.person or agency_name(notification.agency, language_now())


@register.filter
def days(hours: int) -> int:
    """Whole days of so many hours."""
    return hours // 24


@register.filter
def no_data_words(policy: str) -> str:
    """What the rule makes of it that nothing is known."""
    return _say(f"watch_no_data_{policy}")


@register.simple_tag
def patience_words(rule: AlertRule) -> str:
    """How long it waits before it speaks, and before it falls silent."""
    said = []
    if rule.pending_for:
        said.append(_say("watch_pending_for", span=span_words(rule.pending_for)))
    if rule.keep_firing_for:
        said.append(_say("watch_keep_firing_for", span=span_words(rule.keep_firing_for)))
    return "; ".join(said)


@register.simple_tag
def queue_row(row: Row, now: datetime) -> SafeString:
    """The row of the queue; one that says the same as before is not drawn again."""
    due = row.incident.respond_by
    key = (
        row.incident.pk,
        row.tag,
        language_now(),
        age(row.incident.opened_at, now),
        due and until_words(due, now),
    )
    if key not in _drawn:
        if len(_drawn) >= _MOST_DRAWN:
            _drawn.clear()
        _drawn[key] = SafeString(render_to_string("watch/row.html", {"row": row, "now": now}))
    return _drawn[key]
