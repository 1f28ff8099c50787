"""A delivery through the pages: sent, watched, receipted, corrected, restated; and kept from strangers."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import cast
from tests.web import scenes

from vamco.accounts.models import Agency, AuditEntry
from vamco.accounts.policy import PROGRAM
from vamco.intake.models import Delivery, Part, State
from vamco.intake.worker import check_next
from vamco.warehouse.models import LedgerEntry

pytestmark = pytest.mark.django_db

HEADER = "adm_0_name,adm_1_name,calendar_start_date,calendar_end_date,T_res,S_res,dengue_total,UUID"
PLACES = ("TAY NINH", "CA MAU", "AN GIANG")
GOOD = "VIET NAM,{place},2026-10-01,2026-10-31,Month,Admin1,{n},a-{n}"
PERIOD = "2026-10-01..2026-10-31"


def table(*numbers: int) -> bytes:
    return "\n".join(
        [HEADER, *(GOOD.format(place=place, n=n) for place, n in zip(PLACES, numbers, strict=False))]
    ).encode()


def upload(client, body: bytes, contract: str = scenes.CONTRACT, period: str = PERIOD, **declared):
    file = SimpleUploadedFile("so-ca.csv", body)
    return client.post("/deliveries/new/", {"contract": contract, "period": period, "file": file, **declared})


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.fixture
def hoa(client):
    """A client with Hoa, steward of Sở Y tế, signed in."""
    client.force_login(cast.hoa())
    return client


def test_a_file_that_is_taken_leads_to_a_receipt_that_waits(hoa):
    answer = upload(hoa, table(5))
    delivery = Delivery.objects.get()
    assert answer.headers["Location"] == f"/deliveries/{delivery.pk}/"
    assert "Đến lượt kiểm tra lần cấp này" in page(hoa, answer.headers["Location"])


def test_a_file_that_was_received_before_is_said_to_be(hoa):
    first, again = (upload(hoa, table(5)).headers["Location"] for _ in range(2))
    said = f"Tệp này đã nhận từ trước, ở lần cấp {Delivery.objects.get().pk}."
    assert said in page(hoa, again)
    assert said not in page(hoa, first)


def test_the_day_of_the_map_is_declared_as_people_write_it(hoa):
    upload(hoa, table(5), map_on="30/06/2025")
    assert Delivery.objects.get().options["map_on"] == "2025-06-30"


def test_the_page_that_waits_is_told_only_what_is_new(hoa):
    delivery = scenes.delivery()
    first = hoa.get(f"/deliveries/{delivery.pk}/live/")
    assert first.headers["Vamco-Final"] == "no"
    again = hoa.get(f"/deliveries/{delivery.pk}/live/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    Delivery.objects.update(state=State.ACCEPTED)
    last = hoa.get(f"/deliveries/{delivery.pk}/live/", headers={"If-None-Match": first.headers["ETag"]})
    assert last.headers["Vamco-Final"] == "yes"


def test_the_receipt_counts_explains_and_takes_corrections(hoa):
    address = upload(hoa, table(5, -7)).headers["Location"]
    check_next("test")
    receipt = page(hoa, address)
    assert "2 dòng nhận = 1 chấp nhận + 1 trả lại + 0 khai trùng" in receipt
    assert "nhỏ hơn mức thấp nhất 0" in receipt
    rejects = hoa.get(f"{address}rejects/")
    corrected = b"".join(rejects.streaming_content).replace(b"-7", b"7")
    sent = hoa.post(f"{address}corrections/", {"file": SimpleUploadedFile("da-sua.csv", corrected)})
    assert sent.headers["Location"] == address
    check_next("test")
    assert Delivery.objects.get().state == State.ACCEPTED
    assert "Nhận các dòng đã sửa" in page(hoa, address)
    assert "Số dòng đang dùng 2" in page(hoa, f"/datasets/{scenes.CONTRACT}/")


def test_a_restatement_shows_what_it_changed_and_the_past_stays_readable(hoa):
    upload(hoa, table(5))
    check_next("test")
    before = Delivery.objects.get()
    address = upload(hoa, table(6)).headers["Location"]
    check_next("test")
    assert "Được đính chính bởi lần" in page(hoa, f"/deliveries/{before.pk}/")
    assert re.search(r"Số ca mắc 5 6\b", page(hoa, f"{address}difference/"))
    moment = LedgerEntry.objects.get(delivery_id=before.pk).known_since_at.isoformat()
    then = hoa.get(f"/datasets/{scenes.CONTRACT}/", {"as_known_at": moment}).text
    assert "không phải dữ liệu hiện tại" in then
    assert '<td class="number">5</td>' in then


def test_a_restatement_that_empties_a_period_is_warned_of_and_not_scored(hoa):
    upload(hoa, table(5))
    check_next("test")
    address = upload(hoa, table()).headers["Location"]
    check_next("test")
    shown = page(hoa, address)
    for words in (
        "kỳ này nay trống",
        "vẫn đọc lại được trong lịch sử",
        "nộp lại tệp đủ dòng",
        "Không chấm điểm",
    ):
        assert words in shown, words
    report = hoa.get(f"/api/v1{address}receipt").json()
    notes = {error["reason"]: error["note"] for error in report["tasks"][0]["errors"]}
    assert "kỳ này nay trống" in notes["restatement_empties"]
    shelf = hoa.get(f"/datasets/{scenes.CONTRACT}/").text
    assert 'class="dot' not in shelf
    assert "/100" not in shelf


def test_the_receipt_comes_as_a_file(hoa):
    address = upload(hoa, table(5)).headers["Location"]
    assert hoa.get(f"{address}receipt.json", headers={"Accept": "application/json"}).status_code == 404
    check_next("test")
    answer = hoa.get(f"{address}receipt.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.json()["counts"]["accepted"] == 1


def test_a_file_that_cannot_be_read_gets_a_receipt_with_the_reason(hoa):
    address = upload(hoa, b"%PDF-1.4 ...").headers["Location"]
    check_next("test")
    assert "Việc nên làm" in page(hoa, address)
    assert "Gửi tệp khác cho kỳ này" in page(hoa, address)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"period": "hôm qua"}, "không phải là một kỳ số liệu"),
        ({"map_on": "31/02/2025"}, "không phải là một ngày có trên lịch"),
        ({"contract": "reference.population"}, "reference.population"),
    ],
)
def test_a_form_filled_in_wrongly_says_so_and_receives_nothing(hoa, declared, said):
    answer = upload(hoa, table(5), **declared)
    assert answer.status_code == 422
    assert "wrong" in answer.text
    assert said in answer.text
    assert not Delivery.objects.exists()


def test_an_empty_correction_is_refused_in_words(hoa):
    delivery = scenes.delivery(state=State.PARTLY_ACCEPTED)
    assert "Chưa có tệp nào được gửi kèm" in hoa.post(f"/deliveries/{delivery.pk}/corrections/").text


def test_a_steward_of_another_agency_neither_sees_nor_delivers_nor_corrects(client):
    delivery = scenes.delivery(state=State.PARTLY_ACCEPTED)
    scenes.receipt(delivery)
    client.force_login(cast.binh())
    root = f"/deliveries/{delivery.pk}/"
    for address in (root, f"{root}live/", f"{root}rejects/", f"{root}receipt.json", f"{root}difference/"):
        assert client.get(address).status_code == 403, address
    file = {"file": SimpleUploadedFile("x.csv", b"x")}
    assert client.post(f"{root}corrections/", file).status_code == 403
    assert upload(client, table(5)).status_code == 422
    assert f">{delivery.pk}<" not in client.get("/deliveries/").text
    assert Delivery.objects.count() == 1


def test_a_leader_reads_receipts_and_sends_nothing(client):
    delivery = scenes.delivery(state=State.PARTLY_ACCEPTED)
    scenes.receipt(delivery, rejects_file="x.csv")
    client.force_login(cast.lan())
    receipt = page(client, f"/deliveries/{delivery.pk}/")
    assert "chấp nhận" in receipt
    assert "Gửi các dòng đã sửa" not in receipt
    assert client.get("/deliveries/new/").status_code == 403


def test_personal_columns_are_hidden_from_all_but_their_steward(client):
    body = (scenes.PACKS / "health/samples/notified_cases.csv").read_bytes()
    steward = cast.hoa()
    cast.steward_of(steward, "trung-tam-kiem-soat-benh-tat")
    client.force_login(steward)
    upload(client, body, "health.notified_cases", "2026-W46")
    check_next("test")
    address = "/datasets/health.notified_cases/"
    assert "MP-2026-000001" in client.get(address).text
    client.force_login(cast.lan())
    seen = client.get(address).text
    assert "MP-2026-000001" not in seen
    assert 'aria-label="ẩn để bảo vệ thông tin cá nhân"' in seen
    assert seen.count("▒▒▒") == 1 + seen.count('aria-label="ẩn để bảo vệ thông tin cá nhân"')


SECRET = "MP-2026-BÍ-MẬT"


@pytest.fixture
def personal(client):
    """The address of a delivery with personal data in a refused row, in a set-aside row and in an example."""
    sample = (scenes.PACKS / "health/samples/notified_cases.csv").read_text("utf-8")
    title, header, row, *rows = sample.splitlines()
    too_long, unread = row.replace("MP-2026-000001", SECRET * 4), row.replace("48 giờ", "hôm nao")
    body = "\n".join([f"{title} {SECRET}", header, too_long, unread, *rows])
    steward = cast.hoa()
    cast.steward_of(steward, "trung-tam-kiem-soat-benh-tat")
    client.force_login(steward)
    address = upload(client, body.encode(), "health.notified_cases", "2026-W46").headers["Location"]
    check_next("test")
    return address


def test_a_steward_sees_the_cells_of_a_receipt(client, personal):
    assert SECRET in client.get(personal).text
    assert SECRET in str(client.get(f"{personal}receipt.json").json()["set_aside"])
    assert SECRET.encode() in b"".join(client.get(f"{personal}rejects/").streaming_content)


@pytest.mark.parametrize("who", [cast.lan, cast.minh, cast.yen, cast.quan])
def test_receipts_keep_personal_cells_from_others(client, personal, who):
    client.force_login(who())
    shown = client.get(personal).text
    assert SECRET not in shown
    assert "ẩn để bảo vệ thông tin cá nhân" in shown
    assert "hôm nao" in shown
    assert f"{personal}rejects/" not in shown
    for file in (f"{personal}receipt.json", f"/api/v1{personal}receipt"):
        report = client.get(file).json()
        assert SECRET not in str(report), file
        assert "hôm nao" in str(report), file
        assert [row["rowNumber"] for row in report["set_aside"]] == [1]
    for file in (f"{personal}rejects/", f"/api/v1{personal}rejects"):
        assert client.get(file).status_code == 403, file


def has_rejects(client, address: str) -> bool:
    """Whether the caller gets the refused rows of the delivery, and is written down if so."""
    n_before = AuditEntry.objects.filter(action="delivery.take-rejects").count()
    answer = client.get(f"/api/v1{address}rejects")
    b"".join(answer)
    taken = AuditEntry.objects.filter(action="delivery.take-rejects").count() - n_before
    assert (answer.status_code, taken) in ((200, 1), (403, 0))
    return taken == 1


def test_whoever_sent_rows_may_have_them_back_and_nobody_else(client, personal):
    """Rights that allow rejects do not allow personal columns: only the sender's own come back."""
    steward, administrator = cast.hoa(), cast.quan()
    client.force_login(administrator)
    assert not has_rejects(client, personal)
    Part.objects.update(sender=administrator.username)
    assert has_rejects(client, personal)
    assert f"{personal}rejects/" in client.get(personal).text
    client.force_login(cast.yen())
    assert not has_rejects(client, personal)
    Part.objects.update(sender=PROGRAM.name)
    assert not has_rejects(client, personal)
    client.force_login(steward)
    assert has_rejects(client, personal)


def test_a_machine_has_the_rejects_of_its_own_deliveries(client, personal):
    agency = Agency.objects.get(code="trung-tam-kiem-soat-benh-tat")
    bearer = f"Bearer {cast.key_of(agency)}"
    client.logout()
    client.defaults["HTTP_AUTHORIZATION"] = bearer
    assert not has_rejects(client, personal)  # the steward sent these
    Part.objects.update(sender=f"{agency.code}/phần mềm")
    assert has_rejects(client, personal)
    entry = AuditEntry.objects.get(action="delivery.take-rejects")
    assert (entry.actor, entry.details["by"]) == (f"{agency.code}/phần mềm", "sender")
    first = Part.objects.get()
    Part.objects.create(
        delivery=first.delivery, number=2, sha256="0" * 64, n_bytes=1, filename="sua.csv", sender="hoa",
        received_at=first.received_at,
    )  # fmt: skip
    assert not has_rejects(client, personal)  # a person's corrections are not the machine's


def test_rejects_are_for_those_who_may_have_them_of_this_very_agency(client):
    delivery = scenes.delivery(state=State.PARTLY_ACCEPTED)
    scenes.receipt(delivery, rejects_file="x.csv")
    lan = cast.lan()
    cast.steward_of(lan, "so-xay-dung")  # may have rejects somewhere, and see deliveries everywhere
    client.force_login(lan)
    assert client.get(f"/deliveries/{delivery.pk}/").status_code == 200
    for address in (f"/deliveries/{delivery.pk}/rejects/", f"/api/v1/deliveries/{delivery.pk}/rejects"):
        assert client.get(address).status_code == 403, address


def test_made_up_data_wears_its_band_wherever_it_shows(hoa):
    delivery = scenes.delivery(state=State.ACCEPTED, is_simulated=True)
    scenes.receipt(delivery)
    for address in (
        f"/deliveries/{delivery.pk}/",
        "/deliveries/",
        f"/datasets/{scenes.CONTRACT}/",
        "/datasets/",
        "/",
    ):
        assert "MÔ PHỎNG" in page(hoa, address), address
    Delivery.objects.update(is_simulated=False)
    assert "MÔ PHỎNG" not in page(hoa, f"/deliveries/{delivery.pk}/")


def test_what_a_sender_writes_is_never_run_by_the_browser(hoa):
    receipt = scenes.receipt(scenes.delivery(state=State.REJECTED))
    scenes.finding(receipt, header="<img src=x onerror=alert(1)>", example_cell="<script>alert(1)</script>")
    shown = hoa.get(f"/deliveries/{receipt.part.delivery_id}/").text
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


def test_a_steward_withdraws_on_the_receipt_and_others_are_not_offered_it(client):
    client.force_login(cast.hoa())
    address = upload(client, table(5)).headers["Location"]
    check_next("test")
    for person, status in ((cast.yen(), 403), (cast.hoa(), 302)):
        client.force_login(person)
        assert ("Rút lần cấp này" in page(client, address)) == (status == 302)
        assert client.post(f"{address}withdrawal/", {"why": "gửi nhầm tháng"}).status_code == status
    shown = page(client, address)
    assert "Đã rút khỏi bộ dữ liệu" in shown
    assert "gửi nhầm tháng" in shown
    assert "Rút lần cấp này" not in shown
    assert not Delivery.objects.get().is_live
