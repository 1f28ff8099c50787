"""What a briefing finds to tell, and in which words."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests import cast
from tests.briefings.conftest import LONG_AGO, YESTERDAY_NOON
from tests.indicators.facts import CASES, COUNT, NEW, case, indicator

from vamco.accounts.models import Grant, Person
from vamco.accounts.roles import Role
from vamco.briefings.crossings import crossed
from vamco.briefings.moves import changed
from vamco.briefings.owed import late
from vamco.briefings.unseen import unseen
from vamco.indicators.declared import packs
from vamco.packs.indicator import Band
from vamco.packs.loading import load_packs
from vamco.packs.pack import Packs
from vamco.vocabulary.severity import Severity
from vamco.vocabulary.text import Text

pytestmark = pytest.mark.django_db

SICK = replace(
    indicator(COUNT, name="sick"),
    title=Text("Ca mắc", "Cases"),
    unit_of_measure=Text("ca", "cases"),
    bands=(Band(Severity.SEVERE, ">", Decimal(90), "thử"),),
)


def vietnamese(lines):
    return [line.said["vi"].replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def leader_of(**limits):
    person = Person.objects.create_user("nam", password=cast.PASSWORD, first_name="Nam")
    Grant.objects.create(person=person, role=Role.LEADER, **limits)
    return person


@pytest.fixture
def two_octobers(deliver, installed, become_known):
    installed(SICK)
    deliver(CASES, "2025-10", *[case("2025-10-05")] * 89)
    deliver(CASES, "2026-10", *[case("2026-10-05")] * 100)
    become_known(YESTERDAY_NOON)


def test_a_change_names_both_numbers_their_unit_and_what_it_is_compared_with(two_octobers, reader):
    (line,) = changed(reader(), packs())
    assert vietnamese([line]) == [
        "Ca mắc, tháng 10/2026: tăng 12,4 % so với cùng kỳ năm trước (từ 89 lên 100 ca)."
    ]
    assert line.said["en"].startswith("Cases, October 2026: up 12.4")
    assert line.is_new
    assert [str(figure.period) for figure in line.figures] == ["2026-10", "2025-10"]


def test_what_was_known_before_yesterday_is_no_news(deliver, installed, become_known, reader):
    installed(SICK)
    deliver(CASES, "2025-10", *[case("2025-10-05")] * 89)
    deliver(CASES, "2026-10", *[case("2026-10-05")] * 100)
    become_known(LONG_AGO)
    assert [line.is_new for line in changed(reader(), packs())] == [False]
    assert crossed(reader(), packs()) == []


def test_small_numbers_make_no_large_change(deliver, installed, become_known, reader):
    installed(SICK)
    deliver(CASES, "2025-10", case("2025-10-05"))
    deliver(CASES, "2026-10", *[case("2026-10-05")] * 3)
    become_known(YESTERDAY_NOON)
    assert changed(reader(), packs()) == []


def test_without_a_comparable_year_the_month_before_is_named_and_the_refusal_said(
    deliver, installed, become_known, reader
):
    installed(SICK)
    deliver(CASES, "2026-09", *[case("2026-09-05")] * 80)
    deliver(CASES, "2026-10", *[case("2026-10-05")] * 40)
    become_known(YESTERDAY_NOON)
    (line,) = changed(reader(), packs())
    assert "giảm 50,0 % so với kỳ trước (từ 80 xuống 40 ca)" in vietnamese([line])[0]
    assert line.why["vi"].startswith("Với cùng kỳ năm trước: Không so sánh được.")


def test_a_band_entered_since_yesterday_names_unit_value_level_and_edge(
    deliver, installed, become_known, reader
):
    installed(SICK)
    first = deliver(CASES, "2026-10", *[case("2026-10-05")] * 85)
    become_known(LONG_AGO)
    deliver(CASES, "2026-10", *[case("2026-10-05")] * 100, restates=first)
    become_known(YESTERDAY_NOON)
    province, communes = crossed(reader(), packs())
    assert vietnamese([province, communes]) == [
        "Ca mắc, tháng 10/2026: vào mức nghiêm trọng (100 ca).",
        "Ca mắc, tháng 10/2026: vào mức nghiêm trọng tại Phường Tân Ninh (100 ca).",
    ]
    assert communes.why["vi"].replace("\N{NO-BREAK SPACE}", " ") == "Ngưỡng: trên 90 ca."


def test_a_band_left_is_told_too(deliver, installed, become_known, reader):
    installed(SICK)
    first = deliver(CASES, "2026-10", *[case("2026-10-05")] * 100)
    become_known(LONG_AGO)
    deliver(CASES, "2026-10", *[case("2026-10-05")] * 85, restates=first)
    become_known(YESTERDAY_NOON)
    assert all("đã ra khỏi mức nghiêm trọng" in said for said in vietnamese(crossed(reader(), packs())))


def test_a_leader_of_a_commune_is_told_of_that_commune_alone(two_octobers, reader):
    told = changed(reader(leader_of(area_code="25459")), packs())
    assert vietnamese(told)[0].startswith("Phường Tân Ninh: Ca mắc, tháng 10/2026: tăng 12,4 %")
    assert {figure.unit_id for line in told for figure in line.figures} == {NEW}
    assert late(reader(Person.objects.get(username="nam")), packs()) == []


def test_a_leader_of_another_service_is_told_nothing_of_it(two_octobers, reader):
    audience = reader(leader_of(service="education"))
    assert changed(audience, packs()) == crossed(audience, packs()) == unseen(audience, packs()) == []


def test_a_figure_that_is_late_is_unseen_with_whoever_owes_it(deliver, installed, become_known, reader):
    installed(SICK)
    deliver(CASES, "2026-08", *[case("2026-08-05")] * 40)
    become_known(YESTERDAY_NOON)
    (line,) = unseen(reader(), packs())
    assert vietnamese([line]) == ["Chưa thấy Ca mắc, trễ hạn từ 02/11/2026."]
    assert "chưa cấp đủ “health.cases”" in line.why["vi"]


def test_what_is_late_says_who_what_and_since_when(settings, reader):
    cast.health()
    (health,) = [pack for pack in load_packs(settings.PACKS_DIR) if pack.slug == "health"]
    lines = late(reader(), Packs((health,)))
    said = next(said for said in vietnamese(lines) if "Sở Y tế còn nợ" in said)
    assert ", trễ " in said
    assert said.endswith(" ngày.")
