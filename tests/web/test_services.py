"""The services at a glance and the page of each: what its pack declares, by whom it may be read."""

import re
from datetime import UTC, datetime

import pytest
from tests import cast
from tests.web.ledger import ON_TIME, PROVINCE, said

from vamco.geography.unit import Level
from vamco.indicators.declared import packs
from vamco.indicators.territory import territory_now
from vamco.packs.page import Show

pytestmark = pytest.mark.django_db

SERVICES = [pack for pack in packs() if pack.page]
SECTIONS = [
    (pack.slug, number)
    for pack in SERVICES
    for number, _ in enumerate(pack.page.sections if pack.page else (), 1)
]
LOST = "public-administration.lost_"


@pytest.fixture
def leader(client):
    client.force_login(cast.lan())
    return client


def links(page: str) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(r'(?:href|data-section)="([^"]+)"', page)]


@pytest.mark.slow
def test_a_leader_finds_the_worst_communes_and_since_when_in_two_clicks(leader):
    worst, good = territory_now().own(datetime.now(UTC).date(), Level.COMMUNE)[:2]
    for month in ("2026-08", "2026-09", "2026-10"):
        said(ON_TIME, worst, month, 99 if month == "2026-08" else 60, 100)
        said(ON_TIME, good, month, 100, 100)
    (first,) = {link for link in links(leader.get("/").text) if link == "/services/"}
    second = next(
        link for link in links(leader.get(first).text) if "/services/public-administration/" in link
    )
    place = next(
        n for slug, n in SECTIONS if slug == "public-administration" and _shows(slug, n) == "ranking"
    )
    third = next(link for link in links(leader.get(second).text) if f"/sections/{place}/" in link)
    ranking = leader.get(third).text
    name = territory_now().register.get(worst).name
    row = ranking[ranking.index(f">{name}<") :]
    assert "60,0" in row[: row.index("</tr>")]
    assert "từ Tháng 9/2026 (2 kỳ liền)" in row[: row.index("</tr>")]


@pytest.mark.parametrize("show", Show)
def test_each_form_of_a_section_is_shown_also_while_nothing_is_known(leader, show):
    slug, number = next(place for place in SECTIONS if _shows(*place) == show)
    assert leader.get(f"/services/{slug}/sections/{number}/").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "number"), SECTIONS)
def test_every_declared_section_is_shown(leader, slug, number):
    assert leader.get(f"/services/{slug}/sections/{number}/").status_code == 200


def test_every_service_has_a_strip_with_the_life_of_its_data(leader):
    page = leader.get("/services/").text
    assert page.count('<article class="strip"') == len(SERVICES)
    assert "chưa nhận lần nào" in page


def test_the_points_that_are_lost_most_stand_first_and_are_added_up(leader):
    for name, points in (("transparency", 2.5), ("progress", 7.25), ("online", 1.0), ("payment", 0.0), ("satisfaction", 4.0), ("digitisation", 3.0)):  # fmt: skip
        said(LOST + name, PROVINCE, "2026-10", points)
    place = next(
        n for slug, n in SECTIONS if slug == "public-administration" and _shows(slug, n) == "decomposition"
    )
    page = leader.get(f"/services/public-administration/sections/{place}/?period=2026-10").text
    values = [float(v.replace(",", ".")) for v in re.findall(r'class="value"[^>]*>([\d,]+)<', page)]
    assert values == sorted(values, reverse=True) == [7.25, 4.0, 3.0, 2.5, 1.0, 0.0]
    assert "Tổng cộng mất 17,75 điểm." in page


def _shows(slug: str, number: int) -> str:
    page = packs().pack(slug).page
    assert page is not None
    return page.sections[number - 1].show


def test_visitors_see_public_figures_and_how_many_others_there_are(client):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    page = client.get("/services/public-administration/?period=2026-10").text
    assert "93,0" in page
    assert "Ca mắc sởi" not in client.get("/services/health/").text
    hidden = [client.get(f"/services/health/sections/{n}/").text for slug, n in SECTIONS if slug == "health"]
    assert any("chỉ tiêu nội bộ không mở cho tài khoản này" in part for part in hidden)


def test_an_officer_of_a_commune_is_led_to_what_is_theirs(client):
    client.force_login(cast.sau())
    page = client.get("/services/education/").text
    assert '<a href="?unit=27694">Phường Long An</a>' in page
    assert "Không có chỉ tiêu" not in client.get("/services/education/?unit=27694").text


def test_every_link_goes_on_looking_from_the_same_place(leader):
    asked = "period=2026-09&unit=27694&map=2025-07-02&as_known_at=2026-11-06&lang=en"
    page = leader.get(f"/services/health/?{asked}").text
    onward = [link for link in links(page) if "/sections/" in link or "/indicators/health" in link]
    assert onward
    for link in onward:
        assert set(asked.split("&")) <= set(link.partition("?")[2].partition("#")[0].split("&"))


def test_a_section_that_is_not_there_is_said_so(leader):
    assert leader.get("/services/health/sections/99/").status_code == 404
    assert leader.get("/services/khong-co/").status_code == 404


def test_a_series_can_be_taken_away_as_a_file(leader):
    place = next(n for slug, n in SECTIONS if slug == "health" and _shows(slug, n) == "series")
    answer = leader.get(f"/services/health/sections/{place}/file/?plot=1&format=csv")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    assert "Chỉ tiêu" in answer.content.decode("utf-8-sig")
    assert leader.get(f"/services/health/sections/{place}/file/?plot=99").status_code == 404
