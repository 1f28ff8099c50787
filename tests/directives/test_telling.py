"""Agencies hear of each decision once, of each deadline once, and of nothing made up by any channel."""

from datetime import timedelta

import pytest
from tests import cast
from tests.directives.orders import MONDAY, draft, duc, given, lan, minh, ordered, to

from vamco.directives.acting import act
from vamco.directives.issuing import issue
from vamco.directives.telling import tell_deadlines, tell_decided
from vamco.directives.transitions import Side, Verb, transition_of
from vamco.notifying.channels import Channel, Channels, Recipient
from vamco.notifying.models import Notification
from vamco.notifying.restraint import Limit
from vamco.vocabulary.messages import LANGUAGES, say

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAIL = Channel("mail", "json://127.0.0.1:9/", Limit(100, HOUR))
CHANNELS = Channels({"mail": MAIL}, (Recipient("mail", "van-thu@yte", agency=cast.HEALTH),))


def told():
    return [(one.agency, one.kind, one.state) for one in Notification.objects.order_by("pk")]


def do(assignment, verb, after, **facts):
    by = {Side.AGENCY: duc, Side.OVERSIGHT: minh}[transition_of(verb).side]()
    return act(by, assignment.pk, verb, assignment.version, given(**facts), MONDAY + after)


def test_an_order_is_told_once_to_each_agency_with_its_deadline_and_not_its_words():
    cast.health()
    issue(lan(), draft(assignments=(to(cast.HEALTH, is_lead=True), to("27694"))), MONDAY)
    assert tell_decided(CHANNELS, MONDAY + HOUR) == 2
    assert tell_decided(CHANNELS, MONDAY + 2 * HOUR) == 0
    health, commune = Notification.objects.order_by("-channel")
    assert (health.agency, health.state, health.address) == (cast.HEALTH, "waiting", "van-thu@yte")
    assert (commune.agency[:5], commune.state) == ("ubnd-", "no_channel")
    assert health.title == "Nhiệm vụ mới: Dập dịch sốt xuất huyết"
    assert "Hạn 17:00 23/11/2026" in health.body
    assert "Phun hóa chất" not in health.title + health.body


def test_what_the_office_decides_is_told_and_what_the_agency_itself_does_is_not():
    assignment = ordered()
    verbs = (
        Verb.RETURN,
        Verb.INSIST,
        Verb.ACCEPT,
        Verb.ASK_EXTENSION,
        Verb.GRANT_EXTENSION,
        Verb.REQUEST_EXPLANATION,
    )
    for hour, verb in enumerate(verbs, start=1):
        assignment = do(assignment, verb, hour * HOUR)
    tell_decided(CHANNELS, MONDAY + DAY)
    assert [kind for _, kind, _ in told()] == ["issue", "insist", "grant_extension", "request_explanation"]
    assert "26/11/2026" in Notification.objects.get(kind="grant_extension").body


def test_who_has_it_no_more_and_who_has_it_now_are_both_told():
    do(ordered(), Verb.REASSIGN, HOUR, agency=cast.TRANSPORT)
    tell_decided(CHANNELS, MONDAY + DAY)
    assert set(told()) == {
        (cast.HEALTH, "issue", "waiting"),
        (cast.HEALTH, "reassign", "waiting"),
        (cast.TRANSPORT, "issue", "no_channel"),
    }


def test_a_deadline_is_told_of_once_when_near_and_once_when_over_and_again_when_it_has_moved():
    assignment = do(ordered(), Verb.ACCEPT, HOUR)
    for hours in range(0, 24 * 9, 4):
        tell_deadlines(CHANNELS, MONDAY + hours * HOUR)
    assert [kind for _, kind, _ in told()] == ["due_soon", "overdue"]
    assignment = do(assignment, Verb.ASK_EXTENSION, 8 * DAY)
    do(assignment, Verb.GRANT_EXTENSION, 8 * DAY + HOUR, amount=5)
    for hours in range(24 * 9, 24 * 20, 4):
        tell_deadlines(CHANNELS, MONDAY + hours * HOUR)
    assert [kind for _, kind, _ in told()] == ["due_soon", "overdue"] * 2


def test_what_is_handed_in_presses_nobody():
    assignment = do(ordered(), Verb.ACCEPT, HOUR)
    do(assignment, Verb.SUBMIT, 2 * HOUR)
    assert tell_deadlines(CHANNELS, MONDAY + 30 * DAY) == 0


def test_what_follows_from_a_severe_alert_is_as_urgent_as_the_alert():
    cast.health()
    for number, evidence in enumerate(({"alert": {"severity": "Extreme"}}, {"figure": {}})):
        directive = issue(lan(), draft(), MONDAY + number * HOUR)
        directive.prompted_by = [evidence]
        directive.save()
    tell_decided(CHANNELS, MONDAY + DAY)
    assert list(Notification.objects.order_by("pk").values_list("severity", flat=True)) == [
        "Extreme",
        "Moderate",
    ]


def test_a_made_up_order_never_leaves_the_house_and_says_what_it_is():
    ordered(is_simulated=True)
    tell_decided(CHANNELS, MONDAY + HOUR)
    assert told() == [(cast.HEALTH, "issue", "no_channel")]
    assert Notification.objects.get().title.startswith("[MÔ PHỎNG] ")


def test_news_of_last_month_is_not_told_today():
    ordered()
    assert tell_decided(CHANNELS, MONDAY + 30 * DAY) == 0


def test_every_decision_of_the_table_has_its_words():
    decided = [verb for verb in Verb if transition_of(verb).side is Side.OVERSIGHT]
    for language in LANGUAGES:
        assert all(say(f"directives.told_{verb}", language) for verb in decided)
