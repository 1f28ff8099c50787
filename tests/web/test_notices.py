"""A message that may not have arrived goes again by a button, and only for those on duty."""

import pytest
from django.utils import timezone
from tests import cast
from tests.directives.orders import ordered

from vamco.accounts.models import AuditEntry
from vamco.notifying.models import Notification

pytestmark = pytest.mark.django_db


def a_message(assignment, state, channel="thu") -> Notification:
    moments = dict.fromkeys(("made_at", "next_at", "expires_at"), timezone.now())
    return Notification.objects.create(
        subject=assignment.subject, agency=cast.HEALTH, kind="issue", version=1, channel=channel, severity="Moderate",
        address="van-thu@yte", title="Nhiệm vụ mới: Dập dịch", body="Hạn …", state=state, **moments,
    )  # fmt: skip


def page(client, person, address) -> str:
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200
    return response.text


def test_the_directive_says_who_was_told_and_whoever_is_on_duty_may_send_again(client):
    assignment = ordered()
    sent = a_message(assignment, "sent")
    lost = a_message(assignment, "uncertain", channel="tin-nhan")
    button = f"/notifications/{lost.pk}/resend/"
    for address in (f"/directives/{assignment.directive_id}/", f"/directives/assignments/{assignment.pk}/"):
        shown = page(client, cast.minh(), address)
        assert "không rõ đã gửi chưa" in shown
        assert button in shown
        assert f"/notifications/{sent.pk}/resend/" not in shown
        assert button not in page(client, cast.duc(), address)


def test_the_button_sends_again_and_leads_back(client):
    assignment = ordered()
    lost = a_message(assignment, "uncertain")
    client.force_login(cast.minh())
    answer = client.post(f"/notifications/{lost.pk}/resend/")
    assert (answer.status_code, answer["Location"]) == (302, f"/directives/assignments/{assignment.pk}/")
    assert Notification.objects.get().state == "waiting"
    assert AuditEntry.objects.filter(action="notification.resend", actor="minh").exists()
    assert client.post(f"/notifications/{lost.pk}/resend/").status_code == 409
    client.force_login(cast.duc())
    assert client.post(f"/notifications/{lost.pk}/resend/").status_code == 403
