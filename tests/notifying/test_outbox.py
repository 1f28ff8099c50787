"""The outbox: each message once, whatever dies, and a real door on the loopback."""

import json
import threading
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from vamco.notifying import door
from vamco.notifying.channels import Channel, Channels, Recipient
from vamco.notifying.enqueueing import Message, enqueue
from vamco.notifying.models import Notification
from vamco.notifying.restraint import Limit, QuietHours
from vamco.notifying.sending import send_again, send_due
from vamco.vocabulary.errors import NotFound, Refused
from vamco.vocabulary.severity import Severity

pytestmark = [
    pytest.mark.django_db,
    # Apprise's mail plugin asks whether this module exists
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
NOON = datetime(2026, 1, 5, 5, tzinfo=UTC)  # 12:00 in the province
MINUTE = timedelta(minutes=1)
FREE = Limit(100, timedelta(hours=1))
MAIL = Channel("mail", "json://127.0.0.1:9/", FREE)
GATEWAY = Channel("gateway", "json://127.0.0.1:9/", FREE, is_idempotent=True)


class Killed(BaseException):
    """`kill -9`: no handler of the program sees it."""


class Post:
    """A door that remembers what left the house, and may fail or die."""

    def __init__(self, plan: list[str | type[Killed]] | None = None) -> None:
        self.left: list[tuple[str, str, str]] = []
        self.plan = plan or []

    def __call__(self, channel: Channel, notification: Notification) -> str:
        step = self.plan.pop(0) if self.plan else ""
        if step == "die before":
            raise Killed
        if step in ("", "die after"):
            self.left.append((channel.name, notification.key, notification.title))
        if step == "die after":
            raise Killed
        return "" if step == "" else str(step)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def configured(*channels: Channel, role: str = "operator", **more) -> Channels:
    told = tuple(Recipient(each.name, f"{role}@{each.name}", role=role) for each in channels)
    return Channels({each.name: each for each in channels}, told, **more)


SUBJECT = "incident:1"


def message(version: int = 1, severity: Severity = Severity.MODERATE, **more) -> Message:
    return Message(SUBJECT, "raised", version, severity, f"title {version}", "body", **more)


def states() -> Counter[str]:
    return Counter(Notification.objects.values_list("state", flat=True))


def test_the_same_notice_is_put_into_the_outbox_once_for_each_channel() -> None:
    channels = configured(MAIL, GATEWAY)
    assert enqueue(message(), channels, NOON, roles=["operator"]) == 2
    assert enqueue(message(), channels, NOON + MINUTE, roles=["operator"]) == 0
    assert enqueue(message(version=2), channels, NOON, roles=["operator"]) == 2


def test_an_address_that_hears_by_two_rows_is_told_once() -> None:
    rows = (Recipient("mail", "lan@x", role="leader"), Recipient("mail", "lan@x", person="lan"))
    channels = Channels({"mail": MAIL}, rows)
    assert enqueue(message(), channels, NOON, roles=["leader"], people=["lan"]) == 1


def test_news_that_is_rolled_back_is_never_told() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(message(), configured(MAIL), NOON, roles=["operator"])
        _ = 1 / 0
    assert not Notification.objects.exists()


def test_whom_no_channel_reaches_is_told_on_screen_only_and_once() -> None:
    for _ in range(2):
        enqueue(message(), Channels(), NOON, roles=["operator", "leader"], people=["lan"])
    assert states() == {"no_channel": 3}
    assert send_due(Channels(), Clock(), Post()) == {}


def test_a_simulated_alert_leaves_the_house_only_by_a_channel_that_says_so() -> None:
    drill = Channel("drill", "json://x", FREE, carries_simulated=True)
    told = message(is_simulated=True)
    assert enqueue(told, configured(MAIL), NOON, roles=["operator"]) == 1
    assert states() == {"no_channel": 1}
    assert enqueue(told, configured(MAIL, drill), NOON, roles=["operator"]) == 1
    assert Notification.objects.get(state="waiting").channel == "drill"


def test_what_was_sent_is_not_sent_again() -> None:
    post, channels = Post(), configured(MAIL)
    enqueue(message(), channels, NOON, roles=["operator"])
    assert send_due(channels, Clock(), post) == {"sent": 1}
    assert send_due(channels, Clock(), post) == {}
    assert len(post.left) == 1
    assert Notification.objects.get().sent_at == NOON


def test_the_most_severe_goes_first() -> None:
    post, channels = Post(), configured(MAIL)
    for version, severity in enumerate((Severity.MINOR, Severity.EXTREME, Severity.MODERATE)):
        enqueue(message(version, severity), channels, NOON, roles=["operator"])
    send_due(channels, Clock(), post)
    assert [title for _, _, title in post.left] == ["title 1", "title 2", "title 0"]


def test_a_failing_channel_is_tried_again_and_the_other_hears_once() -> None:
    """prometheus/alertmanager, test/with_api_v2/acceptance/send_test.go, TestRetry."""
    clock, channels = Clock(), configured(MAIL, GATEWAY)
    enqueue(message(), channels, NOON, roles=["operator"])
    post = Post()

    def mail_is_down_until_the_third_try(channel: Channel, notification: Notification) -> str:
        down = channel is MAIL and notification.attempts < 2
        return "no route" if down else post(channel, notification)

    for _ in range(5):
        send_due(channels, clock, mail_is_down_until_the_third_try)
        clock.now += MINUTE
    assert Counter(name for name, _, _ in post.left) == {"mail": 1, "gateway": 1}
    assert states() == {"sent": 2}


def test_a_channel_that_never_works_is_given_up_with_its_last_words() -> None:
    clock, channels = Clock(), configured(MAIL)
    enqueue(message(), channels, NOON, roles=["operator"])
    for _ in range(10):
        send_due(channels, clock, Post(["mailbox full"]))
        clock.now += timedelta(hours=1)
    given_up = Notification.objects.get()
    assert (given_up.state, given_up.attempts, given_up.error) == ("failed", 8, "mailbox full")


def test_news_a_day_old_is_no_news() -> None:
    clock, channels, post = Clock(), configured(MAIL), Post()
    enqueue(message(), channels, NOON, roles=["operator"])
    clock.now += timedelta(days=1)
    assert send_due(channels, clock, post) == {"expired": 1}
    assert post.left == []


NIGHT = {"operator": QuietHours(time(11), time(13))}


def test_quiet_hours_hold_a_message_until_they_end_but_never_a_critical_one() -> None:
    clock, post, channels = Clock(), Post(), configured(MAIL, quiet_hours=NIGHT)
    enqueue(message(1), channels, NOON, roles=["operator"])
    enqueue(message(2, Severity.SEVERE), channels, NOON, roles=["operator"])
    assert send_due(channels, clock, post) == {"sent": 1, "held": 1}
    clock.now += timedelta(hours=1)
    assert send_due(channels, clock, post) == {"sent": 1}
    assert [title for _, _, title in post.left] == ["title 2", "title 1"]


def test_an_agency_is_told_at_its_own_address_and_its_nights_are_quiet_too() -> None:
    rows = (Recipient("mail", "van-thu@yte", agency="so-y-te"), Recipient("mail", "truc@", role="operator"))
    nights = {"agency": QuietHours(time(11), time(13))}
    clock, post, channels = Clock(), Post(), Channels({"mail": MAIL}, rows, nights)
    for version, severity in enumerate((Severity.MODERATE, Severity.SEVERE)):
        told = message(version, severity)
        assert enqueue(told, channels, NOON, agencies=["so-y-te", "so-xay-dung"]) == 2
    assert states() == {"waiting": 2, "no_channel": 2}
    assert set(Notification.objects.values_list("agency", "address", "role")) == {
        ("so-y-te", "van-thu@yte", ""),
        ("so-xay-dung", "", ""),
    }
    assert send_due(channels, clock, post) == {"sent": 1, "held": 1}
    clock.now += timedelta(hours=1)
    assert send_due(channels, clock, post) == {"sent": 1}


def test_an_address_hears_no_more_than_its_limit_and_nothing_is_lost() -> None:
    narrow = Channel("mail", "json://x", Limit(2, timedelta(minutes=10)))
    clock, post, channels = Clock(), Post(), configured(narrow)
    for version in range(5):
        enqueue(message(version), channels, NOON, roles=["operator"])
    assert send_due(channels, clock, post) == {"sent": 2, "held": 3}
    clock.now += 10 * MINUTE
    assert send_due(channels, clock, post) == {"sent": 2, "held": 1}
    clock.now += 10 * MINUTE
    assert send_due(channels, clock, post) == {"sent": 1}


@pytest.mark.parametrize("step", ["die before", "die after"])
def test_a_message_whose_worker_died_is_never_sent_twice_by_itself(step) -> None:
    clock, post, channels = Clock(), Post([step]), configured(MAIL)
    enqueue(message(), channels, NOON, roles=["operator"])
    with pytest.raises(Killed):
        send_due(channels, clock, post)
    assert send_due(channels, clock, post) == {}  # perhaps it is being sent this very moment
    clock.now += 6 * MINUTE
    assert send_due(channels, clock, post) == {"uncertain": 1}
    assert len(post.left) == (step == "die after")


def test_a_person_may_have_an_uncertain_message_sent_again() -> None:
    clock, post, channels = Clock(), Post(["die before"]), configured(MAIL)
    enqueue(message(), channels, NOON, roles=["operator"])
    with pytest.raises(Killed):
        send_due(channels, clock, post)
    clock.now += 6 * MINUTE
    send_due(channels, clock, post)
    send_again(Notification.objects.get().pk, clock.now)
    assert send_due(channels, clock, post) == {"sent": 1}
    with pytest.raises(Refused, match="not_in_need"):
        send_again(Notification.objects.get().pk, clock.now)
    with pytest.raises(NotFound):
        send_again(0, clock.now)


@pytest.mark.parametrize("step", ["die before", "die after"])
def test_a_receiver_that_drops_repeats_hears_each_message_exactly_once(step) -> None:
    clock, post, channels = Clock(), Post([step, step]), configured(GATEWAY)
    enqueue(message(), channels, NOON, roles=["operator"])
    for _ in range(2):
        with pytest.raises(Killed):
            send_due(channels, clock, post)
        clock.now += 6 * MINUTE
    assert send_due(channels, clock, post) == {"sent": 1}
    assert len({key for _, key, _ in post.left}) == 1
    assert states() == {"sent": 1}


def test_a_worker_thought_dead_that_was_only_slow_still_writes_down_what_it_did() -> None:
    clock, channels = Clock(), configured(MAIL)
    enqueue(message(), channels, NOON, roles=["operator"])

    def slow(channel: Channel, notification: Notification) -> str:
        clock.now += 10 * MINUTE
        assert send_due(channels, clock, Post()) == {"uncertain": 1}
        return ""

    send_due(channels, clock, slow)
    assert states() == {"sent": 1}


def test_of_two_workers_one_sends() -> None:
    clock, post, channels = Clock(), Post(), configured(MAIL)
    enqueue(message(), channels, NOON, roles=["operator"])

    def while_another_looks(channel: Channel, notification: Notification) -> str:
        assert send_due(channels, clock, post) == {}
        return post(channel, notification)

    send_due(channels, clock, while_another_looks)
    assert len(post.left) == 1


def test_a_message_that_another_worker_took_from_the_same_list_is_left_to_it() -> None:
    clock, post, channels = Clock(), Post(), configured(MAIL)
    for version in range(2):
        enqueue(message(version), channels, NOON, roles=["operator"])

    def while_another_empties_the_box(channel: Channel, notification: Notification) -> str:
        send_due(channels, clock, post)
        return post(channel, notification)

    assert send_due(channels, clock, while_another_empties_the_box) == {"sent": 1}
    assert [title for _, _, title in post.left] == ["title 1", "title 0"]


def test_a_channel_no_longer_configured_leaves_its_messages_on_screen() -> None:
    enqueue(message(), configured(MAIL), NOON, roles=["operator"])
    assert send_due(Channels(), Clock(), Post()) == {"no_channel": 1}


def test_a_missing_secret_is_a_failure_that_names_it() -> None:
    channels = configured(Channel("mail", "json://127.0.0.1/${VAMCO_NO_SUCH}", FREE))
    enqueue(message(), channels, NOON, roles=["operator"])
    assert send_due(channels, Clock()) == {"waiting": 1}
    assert "VAMCO_NO_SUCH" in Notification.objects.get().error


class Receiver(BaseHTTPRequestHandler):
    """A gateway on the loopback that answers with `status` and keeps what it was sent."""

    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/other")  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_args) -> None:
        pass


@pytest.fixture
def gateway():
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.received, server.status = [], 200
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_real_gateway_gets_title_body_secret_and_key(gateway, monkeypatch) -> None:
    monkeypatch.setenv("SMS_TOKEN", "s3cret/token")
    url = f"json://127.0.0.1:{gateway.server_port}/send?:to={{address}}&+X-Token=${{SMS_TOKEN}}"
    channels = configured(Channel("sms", url, FREE))
    enqueue(message(), channels, NOON, roles=["operator"])
    assert send_due(channels, Clock(), door.send) == {"sent": 1}
    [(_, headers, body)] = gateway.received
    assert (body["title"], body["message"], body["to"]) == ("title 1", "body", "operator@sms")
    assert headers["X-Token"] == "s3cret/token"
    assert headers["Idempotency-Key"] == Notification.objects.get().key


def test_a_gateway_that_refuses_is_a_failure_without_secrets_in_its_words(gateway, monkeypatch) -> None:
    monkeypatch.setenv("SMS_TOKEN", "s3cret")
    gateway.status = 503
    channels = configured(Channel("sms", f"json://127.0.0.1:{gateway.server_port}/${{SMS_TOKEN}}", FREE))
    enqueue(message(), channels, NOON, roles=["operator"])
    assert send_due(channels, Clock(), door.send) == {"waiting": 1}
    waiting = Notification.objects.get()
    assert waiting.error
    assert "s3cret" not in waiting.error
    assert waiting.next_at == NOON + timedelta(seconds=30)


def test_a_gateway_that_points_elsewhere_is_not_followed_there_with_the_secret(gateway) -> None:
    gateway.status = 307
    channels = configured(Channel("sms", f"json://127.0.0.1:{gateway.server_port}/", FREE))
    enqueue(message(), channels, NOON, roles=["operator"])
    assert send_due(channels, Clock(), door.send) == {"waiting": 1}
    assert len(gateway.received) == 1


def test_a_url_that_apprise_does_not_know_is_a_failure() -> None:
    channels = configured(Channel("sms", "nonsense://x", FREE))
    enqueue(message(), channels, NOON, roles=["operator"])
    send_due(channels, Clock())
    assert Notification.objects.get().error == "not an Apprise URL"
