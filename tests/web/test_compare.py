"""Side by side: at most five lines, one axis for each measure, and no pair without a verdict."""

from datetime import UTC, datetime

import pytest
from tests import cast
from tests.web.ledger import LONG_AN_WARD, ON_TIME, PROVINCE, said

from vamco.geography.unit import Level
from vamco.indicators.territory import territory_now

pytestmark = pytest.mark.django_db

OF_TWO = f"/compare/?indicator={ON_TIME}&with=80&with=27694&period=2026-10"
FILING = "public-administration.online_filing"
SCORE = "public-administration.score_total"


@pytest.fixture
def leader(client):
    client.force_login(cast.lan())
    return client


def test_one_rate_of_two_places_may_be_compared(leader):
    for unit in (PROVINCE, LONG_AN_WARD):
        said(ON_TIME, unit, "2026-10", 93, 100)
    page = leader.get(OF_TWO).text
    assert "so sánh được" in page
    assert "không so sánh được" not in page


def test_what_is_not_whole_is_refused_with_its_reason(leader):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    said(ON_TIME, LONG_AN_WARD, "2026-10", 93, 100, status="partial", coverage=0.5)
    page = leader.get(OF_TWO).text
    assert "không so sánh được" in page
    assert "chưa đủ nên không so sánh" in page


def test_two_indicators_are_for_their_course_only_and_two_measures_get_two_axes(leader):
    for one in (ON_TIME, FILING):
        said(one, PROVINCE, "2026-10", 93, 100)
    said(SCORE, PROVINCE, "2026-10", 71.5)
    page = leader.get(
        f"/compare/?indicator={ON_TIME}&indicator={FILING}&indicator={SCORE}&period=2026-10"
    ).text
    assert page.count('class="plot"') == 2
    assert "chỉ xem diễn biến, không trừ cho nhau" in page
    assert "nằm trên hai trục riêng" in page


def test_more_than_five_lines_are_refused(leader):
    six = territory_now().own(datetime.now(UTC).date(), Level.COMMUNE)[:6]
    units = "&".join(f"with={unit.partition('@')[0]}" for unit in six)
    answer = leader.get(f"/compare/?indicator={ON_TIME}&{units}")
    assert answer.status_code == 400
    assert "nhiều nhất là 5" in answer.text


def test_internal_indicators_are_not_compared_by_visitors(client):
    assert client.get("/compare/?indicator=health.measles_cases").status_code == 302
    assert client.get("/compare/file/?indicator=health.measles_cases").status_code == 302


def test_the_comparison_can_be_taken_away(leader):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    answer = leader.get(OF_TWO.replace("/?", "/file/?") + "&plot=1&format=csv")
    assert "Tỷ lệ đúng hạn" in answer.content.decode("utf-8-sig")
