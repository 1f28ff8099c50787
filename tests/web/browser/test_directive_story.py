"""One story by hand: a threshold crossed, an order with two assignments, evidence, confirmation, effect, verdict."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests import cast
from tests.web.watching import DENGUE, LONG_AN, raise_alerts

from vamco.accounts.action import broken_links
from vamco.accounts.models import AuditEntry
from vamco.directives.models import Assignment, Directive

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
STORY = [
    ("minh", "incident.acknowledge"),
    ("minh", "directive.issue"),
    ("duc", "assignment.accept"),
    ("sau", "assignment.accept"),
    ("duc", "assignment.report"),
    ("sau", "assignment.submit"),
    ("duc", "assignment.submit"),
    ("minh", "assignment.confirm"),
    ("minh", "assignment.confirm"),
    ("lan", "directive.judge"),
]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fold(page: Page, name: str) -> None:
    page.locator("summary", has_text=re.compile(f"^{name}$")).click()


def test_from_an_alert_to_the_leaders_verdict_with_every_step_in_the_log(visit, tmp_path, settings):
    settings.HOME = tmp_path
    cast.health()
    cast.lan()
    (incident,) = raise_alerts(DENGUE, LONG_AN)
    office = visit(f"/watch/incidents/{incident.pk}/", cast.minh())
    office.keyboard.press("a")
    expect(office.get_by_role("button", name="Nhận biết")).to_have_count(0)
    order(office)

    lead = visit("/directives/mine/", cast.duc(), "phone")
    lead.get_by_role("link", name=re.compile("xử lý mọi ổ dịch")).click()
    press(lead, "Nhận nhiệm vụ")
    expect(lead.get_by_role("status")).to_contain_text("Đã ghi: nhận nhiệm vụ")
    commune = visit("/directives/mine/", cast.sau(), "phone")
    commune.get_by_role("link", name=re.compile("diệt lăng quăng")).click()
    press(commune, "Nhận nhiệm vụ")
    lead.get_by_label("Đã làm được gì, còn gì").fill("Đã phun 4/6 ổ dịch")
    press(lead, "Báo cáo tiến độ")
    hand_in_with_a_link(commune)
    hand_in_with_a_file(lead, tmp_path)

    office.goto(re.sub(r"/directives/.*", "/directives/?show=office", office.url))
    office.get_by_role("link", name=re.compile("Xử lý ổ dịch")).first.click()
    expect(office.get_by_text("biên bản.pdf").first).to_be_visible()
    for _ in range(2):
        fold(
            office.locator("article", has=office.get_by_text("chờ xác nhận", exact=True)).first,
            "Xác nhận hoàn thành",
        )
        press(office, "Xác nhận hoàn thành")
    expect(office.get_by_text("hoàn thành", exact=True)).to_have_count(2)
    expect(office.get_by_text("Chưa thể kết luận.")).to_be_visible()

    leader = visit(f"/directives/{Directive.objects.get().pk}/", cast.lan())
    leader.get_by_label("có hiệu quả", exact=True).check()
    leader.get_by_label("Nhận xét").last.fill("Ổ dịch đã được khoanh")
    press(leader, "Ghi đánh giá")
    expect(leader.get_by_text("Ổ dịch đã được khoanh")).to_be_visible()

    auditor = visit(f"/directives/{Directive.objects.get().pk}/", cast.yen())
    log = auditor.get_by_role("table").filter(has_text="Dấu vết")
    expect(log.get_by_role("row")).to_have_count(len(STORY))  # its head, and all but the incident's own
    told = AuditEntry.objects.exclude(action__startswith="sign-in").values_list("actor", "action")
    assert list(told) == STORY
    assert broken_links() == []


def order(office: Page) -> None:
    """Issue what the procedure proposes, to two of its three agencies."""
    office.keyboard.press("d")
    expect(office.get_by_text("Bằng chứng được giữ kèm")).to_be_visible()
    office.get_by_label("Số, ký hiệu văn bản").fill("1400/UBND-VX")
    office.get_by_label("Người ký hoặc người kết luận").fill("Nguyễn Thị Lan")
    office.get_by_label("Lãnh đạo theo dõi").select_option("lan")
    second = office.get_by_role("group", name="Nhiệm vụ 2")
    second.get_by_label("Cơ quan").select_option("")
    second.get_by_label("Việc phải làm").fill("")
    press(office, "Xem trước và xem hạn")
    expect(office.get_by_role("row")).to_have_count(3)
    press(office, "Ban hành")
    expect(office).to_have_url(re.compile(r"/directives/\d+/$"))
    assert Assignment.objects.count() == 2


def hand_in_with_a_link(commune: Page) -> None:
    fold(commune, "Báo cáo hoàn thành")
    form = commune.locator('form[data-deed="submit"]')
    form.get_by_label("Kết quả").fill("Đã diệt lăng quăng 1.240 hộ")
    form.get_by_label("hoặc đường dẫn").fill("https://longan.tayninh.gov.vn/ra-quan")
    form.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(commune.get_by_role("status")).to_contain_text("Văn phòng xem và xác nhận")


def hand_in_with_a_file(lead: Page, folder) -> None:
    """The first try has a file of no kind that is taken: it is refused, and what was written stays."""
    wrong, right = folder / "ảnh.bmp", folder / "biên bản.pdf"
    wrong.write_bytes(b"BM")
    right.write_bytes(b"%PDF-1.7 bien ban")
    form = lead.locator('form[data-deed="submit"]')
    form.get_by_label("Kết quả").fill("Đã xử lý cả sáu ổ dịch")
    form.get_by_label("Tệp hoặc ảnh chụp").set_input_files([right, wrong])
    form.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(lead.get_by_role("alert")).to_contain_text("Không nhận tệp")
    expect(form.get_by_label("Kết quả")).to_have_value("Đã xử lý cả sáu ổ dịch")
    expect(form.get_by_label("biên bản.pdf")).to_be_checked()
    form.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(lead.get_by_role("status")).to_contain_text("Đã ghi: báo cáo hoàn thành")
