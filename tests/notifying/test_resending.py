"""A message of which nobody knows whether it arrived goes out again only by a person, on record."""

import pytest
from tests import cast
from tests.alerts.conftest import MINUTE, T0

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import Actor, Granted, actor_of
from vamco.notifying.models import Notification
from vamco.notifying.resending import resend
from vamco.vocabulary.errors import Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


def a_message(state, **about):
    return Notification.objects.create(
        **{"subject": "incident:12", "service": "health", **about},
        kind="raised",
        version=1,
        channel="mail",
        address="truc-ban@example.vn",
        severity="Severe",
        state=state,
        attempts=8,
        made_at=T0,
        next_at=T0,
        expires_at=T0,
        error="timeout",
    )


@pytest.mark.parametrize("state", ["uncertain", "failed", "expired"])
def test_what_may_not_have_arrived_waits_to_go_again_and_the_audit_says_who_and_why(state):
    message = a_message(state)
    again = resend(actor_of(cast.minh()), message.pk, T0 + MINUTE)
    assert (again.state, again.attempts, again.next_at) == ("waiting", 0, T0 + MINUTE)
    entry = AuditEntry.objects.get(action="notification.resend")
    assert (entry.actor, entry.subject) == ("minh", f"notification:{message.pk}")
    assert entry.details == {"about": "incident:12", "was": state, "error": "timeout"}


@pytest.mark.parametrize("state", ["waiting", "held", "sending", "sent", "no_channel"])
def test_what_has_arrived_or_is_on_its_way_is_not_sent_again(state):
    message = a_message(state)
    with pytest.raises(Refused):
        resend(actor_of(cast.minh()), message.pk)
    assert Notification.objects.get().state == state
    assert not AuditEntry.objects.filter(action="notification.resend").exists()


def test_only_those_on_duty_may_and_only_what_there_is():
    message = a_message("failed")
    with pytest.raises(Forbidden):
        resend(actor_of(cast.lan()), message.pk)
    with pytest.raises(NotFound):
        resend(actor_of(cast.minh()), message.pk + 1)
    assert Notification.objects.get().state == "failed"


def test_whoever_is_on_duty_for_one_agency_sends_again_what_was_for_it():
    cast.health()
    message = a_message("failed", subject="assignment:7", service="", agency="so-y-te")
    of_health, of_another = (
        Actor("x", (Granted("operator", agency=agency),), signed_in=True)
        for agency in ("so-y-te", "so-xay-dung")
    )
    with pytest.raises(Forbidden):
        resend(of_another, message.pk)
    assert resend(of_health, message.pk).state == "waiting"
