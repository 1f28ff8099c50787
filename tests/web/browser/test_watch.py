"""The desk worked by two operators at once, with the keyboard alone."""

import pytest
from playwright.sync_api import expect
from tests import cast
from tests.web.watching import DENGUE, LONG_AN, TAN_AN, raise_alerts

from vamco.accounts.models import AuditEntry
from vamco.accounts.roles import Role
from vamco.alerts.models import Incident

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TITLE = "Xã có số ca sốt xuất huyết vượt ngưỡng có dịch"


def nam():
    return cast._person("nam", "Lý Thành Nam", Role.OPERATOR)


def test_keys_act_in_place_and_who_comes_second_keeps_what_they_wrote(visit):
    raise_alerts(DENGUE, LONG_AN)
    mine, theirs = visit("/watch/", cast.minh()), visit("/watch/", nam())
    mine.keyboard.press("s")
    mine.keyboard.type("đợi trạm y tế gọi lại")
    theirs.keyboard.press("t")
    expect(theirs.get_by_text("Lý Thành Nam đang xử lý")).to_be_visible()
    mine.get_by_role("button", name="Gác lại").click()
    expect(mine.get_by_role("alert")).to_contain_text("nam đã xử lý sự cố")
    expect(mine.get_by_label("Vì sao chưa xử lý bây giờ")).to_have_value("đợi trạm y tế gọi lại")
    assert Incident.objects.get().shelved_until is None
    mine.get_by_role("button", name="Gác lại").click()
    expect(mine.get_by_text("Đang gác lại: 1")).to_be_visible()
    assert list(
        AuditEntry.objects.filter(action__startswith="incident.").values_list("actor", flat=True)
    ) == [
        "nam",
        "minh",
    ]


def test_a_new_incident_comes_in_without_taking_words_focus_or_place(visit):
    raise_alerts(DENGUE, LONG_AN)
    page = visit("/watch/", cast.minh())
    page.keyboard.press("c")
    page.keyboard.type("đang gọi ")
    before = page.get_by_label("Ghi chú cho người xem sau").bounding_box()
    raise_alerts(DENGUE, LONG_AN, TAN_AN)
    expect(page.locator("[data-incident]")).to_have_count(2)
    expect(page.locator("#announce")).to_contain_text(f"Sự cố mới: nghiêm trọng, {TITLE}")
    page.keyboard.type("trạm y tế")
    expect(page.get_by_label("Ghi chú cho người xem sau")).to_have_value("đang gọi trạm y tế")
    assert page.get_by_label("Ghi chú cho người xem sau").bounding_box() == before
    assert page.title().startswith("(2) ")


def test_words_for_an_incident_that_ends_meanwhile_are_kept(visit):
    raise_alerts(DENGUE, LONG_AN)
    page = visit("/watch/", cast.minh())
    page.keyboard.press("c")
    page.keyboard.type("trạm y tế báo nhập nhầm")
    raise_alerts(DENGUE, TAN_AN)  # of Long An nothing is found any more
    expect(page.locator("#announce")).to_contain_text("Sự cố mới")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.get_by_text("Đã ghi chú vào sự cố")).to_be_visible()
