"""Corrected rejects come back as a further part of the same delivery."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from tests.intake.conftest import column, contract
from tests.intake.test_deliveries import CASES, HEADER, rows

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import PROGRAM
from vamco.intake.models import Delivery, Receipt, State
from vamco.intake.rejects_file import rejects_in
from vamco.intake.replay import replay
from vamco.intake.whole import whole_of
from vamco.intake.worker import check_one
from vamco.packs.contract import Kind, Rule, Strictness
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.text import Text

pytestmark = pytest.mark.django_db

BAD = HEADER + "A1,31/02/2026,1\nA2,02/06/2026,2\nA3,03/06/2026,x\n"


def send_back(delivery: Delivery, text: str, filename: str = "sua.csv") -> Delivery:
    replay(PROGRAM, delivery, io.BytesIO(text.encode()), filename)
    delivery.refresh_from_db()
    return check_one(delivery, "test")


def totals(delivery: Delivery) -> tuple[int, int]:
    """Rows received with the first part, rows accepted in all."""
    receipts = list(Receipt.objects.filter(part__delivery=delivery))
    return receipts[0].n_received, sum(receipt.n_accepted for receipt in receipts)


def test_corrected_rows_are_accepted_under_their_old_row_number(deliver):
    delivery = deliver(CASES, BAD)
    corrected = (
        delivery.receipt.rejects_path.read_text("utf-8-sig").replace("31/02", "28/02").replace(",x,", ",9,")
    )
    delivery = send_back(delivery, corrected)
    assert delivery.state == State.ACCEPTED
    assert rows("SELECT row_no, code, n FROM trial.cases ORDER BY row_no") == [
        (2, "A1", 1),
        (3, "A2", 2),
        (4, "A3", 9),
    ]
    assert totals(delivery) == (3, 3)
    with pytest.raises(Refused, match="nothing_to_correct"):
        replay(PROGRAM, delivery, io.BytesIO(b"more"), "x.csv")


def test_rows_that_are_still_wrong_wait_with_those_not_sent_back(deliver):
    delivery = deliver(CASES, BAD)
    lines = delivery.receipt.rejects_path.read_text("utf-8-sig").splitlines()
    delivery = send_back(delivery, "\n".join([lines[0], lines[1].replace("31/02", "30/02")]))
    assert delivery.state == State.PARTLY_ACCEPTED
    left = delivery.receipt.rejects_path.read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[:4] for line in left] == [
        ["2", "A1", "30/02/2026", "1"],
        ["4", "A3", "03/06/2026", "x"],
    ]
    delivery = send_back(delivery, "\n".join([lines[0], left[1].replace(",x,", ",7,")]))
    assert totals(delivery) == (3, 2)
    assert delivery.receipt.rejects_path.read_text("utf-8-sig").count("\n") == 2


def test_rows_that_were_never_refused_are_not_taken(deliver):
    delivery = deliver(CASES, BAD)
    head = "Số dòng gốc," + HEADER.strip() + ",Lý do trả lại\n"
    delivery = send_back(
        delivery, head + "3,A2,02/06/2026,5,\n99,A9,02/06/2026,5,\n2,A1,28/02/2026,1,\n2,A1,28/02/2026,2,\n"
    )
    reasons = {error["reason"] for error in delivery.receipt.report["tasks"][0]["errors"]}
    assert reasons >= {"not_a_rejected_row", "row_no_repeated"}
    assert totals(delivery) == (3, 1)


def test_a_file_without_row_numbers_is_unreadable_and_takes_nothing_back(deliver):
    delivery = deliver(CASES, BAD)
    delivery = send_back(delivery, BAD.replace("31/02", "28/02"))
    assert delivery.state == State.PARTLY_ACCEPTED
    assert delivery.receipt.outcome == State.UNREADABLE
    assert rows("SELECT code FROM trial.cases") == [("A2",)]
    assert (
        send_back(delivery, "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n2,A1,28/02/2026,1\n").receipt.n_accepted
        == 1
    )


def test_a_corrected_row_may_not_take_the_key_of_an_accepted_one(deliver):
    delivery = deliver(CASES, BAD)
    delivery = send_back(delivery, "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n2,A2,28/02/2026,1\n")
    assert [e["reason"] for e in delivery.receipt.report["tasks"][0]["errors"]] == ["key_known"]


def test_a_restated_delivery_takes_no_more_rows(deliver):
    first = deliver(CASES, BAD)
    deliver(CASES, HEADER + "A1,01/06/2026,1\n")
    with pytest.raises(Refused, match="restated_meanwhile"):
        replay(PROGRAM, first, io.BytesIO(b"x"), "x.csv")


def test_the_same_corrections_twice_are_one_part(deliver):
    delivery = deliver(CASES, BAD)
    text = "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n2,A1,28/02/2026,1\n"
    send_back(delivery, text)
    delivery.refresh_from_db()
    assert replay(PROGRAM, delivery, io.BytesIO(text.encode()), "again.csv").number == 2


def test_formulas_are_guarded_in_rejects_and_come_back_as_they_were(deliver):
    notes = contract(
        column("code", Kind.CODE, "Mã"), column("note", title="Ghi chú"), column("n", Kind.INTEGER, "Số")
    )
    delivery = deliver(notes, "Mã,Ghi chú,Số\n=1+1,-chú ý,x\n+84 28,@abc,-\n,-5,?\n")
    text = delivery.receipt.rejects_path.read_text("utf-8-sig")
    assert "2,'=1+1,'-chú ý,x," in text
    assert "4,,-5,?," in text
    delivery = send_back(delivery, text.replace(",x,", ",1,").replace(",-,", ",2,").replace(",?,", ",3,"))
    assert rows("SELECT code, note, n FROM trial.cases ORDER BY n") == [
        ("=1+1", "-chú ý", 1),
        ("+84 28", "@abc", 2),
        (None, "-5", 3),
    ]


def test_a_workbook_gets_a_workbook_back_and_returns_as_one(deliver, tmp_path):
    book = Workbook()
    for line in (
        ["Mã ca", "Ngày khởi phát", "Số ca"],
        ["A1", "31/02/2026", 1],
        ["A2", "02/06/2026", 2],
        ["=1", "x", 3],
    ):
        book.active.append(line)
    book.active["A4"].data_type = "s"
    book.save(tmp_path / "in.xlsx")
    delivery = deliver(CASES, (tmp_path / "in.xlsx").read_bytes(), filename="in.xlsx")
    receipt = delivery.receipt
    assert (receipt.n_received, receipt.n_rejected) == (3, 2)
    back = load_workbook(receipt.rejects_path)
    assert [cell.value for cell in back.active[1]] == [
        "Số dòng gốc",
        "Mã ca",
        "Ngày khởi phát",
        "Số ca",
        "Lý do trả lại",
    ]
    assert {cell.data_type for row in back.active.iter_rows(min_row=2) for cell in row} == {"s"}
    back.active["C2"], back.active["C3"] = "28/02/2026", "05/06/2026"
    back.save(tmp_path / "back.xlsx")
    replay(PROGRAM, delivery, io.BytesIO((tmp_path / "back.xlsx").read_bytes()), "back.xlsx")
    delivery.refresh_from_db()
    assert check_one(delivery, "test").state == State.ACCEPTED


def test_corrections_that_are_overtaken_by_a_restatement_change_nothing(deliver):
    first = deliver(CASES, BAD)
    replay(
        PROGRAM,
        first,
        io.BytesIO("Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n2,A1,28/02/2026,1\n".encode()),
        "x.csv",
    )
    second = deliver(CASES, HEADER + "A7,01/06/2026,1\n")
    Delivery.objects.filter(pk=second.pk).update(received_at=first.received_at - timedelta(days=1))
    second = check_one(second, "test")
    assert second.state == State.ACCEPTED
    first.refresh_from_db()
    first = check_one(first, "test")
    assert (first.state, first.receipt.outcome, first.is_live) == (
        State.PARTLY_ACCEPTED,
        State.UNREADABLE,
        False,
    )
    assert second.is_live
    assert rows("SELECT code FROM trial.cases") == [("A7",)]


TOTAL = Rule("enough", Text("Không quá 5 ca", "At most 5 cases"), "delivery", "sum(n) <= 5")


def test_rules_about_the_whole_are_asked_of_all_parts_together(deliver):
    delivery = deliver(contract(*CASES.columns, rules=(TOTAL,)), BAD)
    head = "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n"
    delivery = send_back(delivery, head + "4,A3,03/06/2026,4\n")
    assert (delivery.state, delivery.receipt.outcome) == (State.PARTLY_ACCEPTED, State.REJECTED)
    assert [e["reason"] for e in delivery.receipt.report["tasks"][0]["errors"]] == ["rule_broken"]
    assert counted(delivery) == (3, 1, 2, 0)
    delivery = send_back(delivery, head + "4,A3,03/06/2026,3\n2,A1,28/02/2026,0\n")
    assert (delivery.state, counted(delivery)) == (State.ACCEPTED, (3, 3, 0, 0))


def test_a_delivery_refused_as_a_whole_takes_no_single_rows(deliver):
    few = Rule("few", Text("Ít nhất 3 dòng", "At least 3 rows"), "delivery", "count(*) >= 3")
    delivery = deliver(contract(*CASES.columns, rules=(few,)), BAD)
    assert delivery.state == State.REJECTED
    with pytest.raises(Refused, match="refused_whole"):
        replay(PROGRAM, delivery, io.BytesIO(b"x"), "x.csv")


def counted(delivery: Delivery) -> tuple[int, int, int, int]:
    """Rows of the first file: received, accepted over all parts, still rejected, declared twice."""
    whole = whole_of(delivery)
    return whole.n_received, whole.n_accepted, whole.n_rejected, whole.n_duplicates


def test_the_whole_of_a_delivery_is_counted_and_scored_over_all_parts(deliver):
    delivery = deliver(CASES, BAD)
    part = delivery.receipt.score
    assert (counted(delivery), whole_of(delivery).score.value) == ((3, 1, 2, 0), part)
    head = "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n"
    delivery = send_back(delivery, head + "2,A1,28/02/2026,x\n9,A9,01/06/2026,1\n")
    assert counted(delivery) == (3, 1, 2, 0)
    rules = {(rule.field, rule.rule): rule.n_conforming for rule in whole_of(delivery).rules}
    assert (rules["onset_on", "date_unreadable"], rules["n", "number_unreadable"]) == (3, 1)
    assert part < 100
    delivery = send_back(delivery, head + "2,A1,28/02/2026,1\n4,A3,03/06/2026,2\n")
    assert (counted(delivery), whole_of(delivery).score.value) == ((3, 3, 0, 0), 100)


ROWS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["01", "02", "31"]), st.sampled_from("12x")),
    min_size=1,
    max_size=8,
)


BACK = st.lists(st.tuples(st.integers(2, 9), ROWS.map(lambda rows: rows[0])), max_size=6)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=ROWS, back=BACK)
def test_no_row_is_lost_or_doubled_between_the_parts(deliver, sent, back):
    assert_conserved_over_parts(deliver, sent, back)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=ROWS, back=BACK)
def test_no_row_is_lost_or_doubled_between_the_parts_of_many_deliveries(deliver, sent, back):
    assert_conserved_over_parts(deliver, sent, back)


def assert_conserved_over_parts(deliver, sent, back):
    period = f"{1900 + Delivery.objects.count()}"
    delivery = deliver(CASES, HEADER + "".join(f"{k},{d}/02/2026,{n}\n" for k, d, n in sent), period)
    if delivery.state in (State.PARTLY_ACCEPTED, State.REJECTED):
        lines = "".join(f"{no},{k},{d}/02/2026,{n}\n" for no, (k, d, n) in back)
        delivery = send_back(delivery, "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n" + lines)
    received, accepted, rejected, duplicates = counted(delivery)
    assert received == len(sent) == accepted + rejected + duplicates
    held = list(Receipt.objects.filter(part__delivery=delivery))
    assert accepted == sum(receipt.n_accepted for receipt in held)
    path = delivery.receipt.rejects_path
    waiting = len(path.read_text("utf-8-sig").splitlines()) - 1 if path else 0
    assert rejected == waiting


MONEY = contract(column("code", Kind.CODE, "Mã"), column("amount", Kind.DECIMAL, "Số tiền"))


def with_amount(delivery: Delivery, old: str, new: str) -> str:
    text = delivery.receipt.rejects_path.read_text("utf-8-sig")
    assert old in text
    return text.replace(old, new)


def test_corrections_are_read_as_the_first_file_proved_to_write_its_numbers(deliver):
    for proof, amount in (("1.000,5", 1234), ("1,000.5", Decimal("1.234"))):
        delivery = deliver(MONEY, f'Mã,Số tiền\nA,"{proof}"\nB,?\n')
        assert delivery.receipt.n_rejected == 1
        send_back(delivery, with_amount(delivery, "?", "1.234"))
        assert rows("SELECT amount FROM trial.cases WHERE code = 'B'") == [(amount,)]


def test_corrections_that_write_numbers_otherwise_are_told_so_and_not_guessed_at(deliver):
    delivery = deliver(MONEY, 'Mã,Số tiền\nA,"1.000,5"\nB,?\nC,!\n')
    text = with_amount(delivery, "?", "12.5").replace(",!,", ",1.234,")
    receipt = send_back(delivery, text).receipt
    assert (receipt.n_accepted, receipt.n_rejected) == (1, 1)
    said = {finding.reason: finding for finding in receipt.findings.all()}
    assert set(said) == {"numbers_written_otherwise", "number_ambiguous"}
    assert said["numbers_written_otherwise"].strictness == Strictness.WARNING
    assert rows("SELECT amount FROM trial.cases ORDER BY code") == [(Decimal("1000.5"),), (Decimal("12.5"),)]


def test_our_own_writing_of_a_workbooks_numbers_does_not_speak_against_the_senders(deliver, tmp_path):
    book = Workbook()
    for line in (["Mã", "Số tiền"], ["A", "1.000,5"], ["", 12.5], ["B", "?"]):
        book.active.append(line)
    book.save(tmp_path / "in.xlsx")
    strict = contract(
        column("code", Kind.CODE, "Mã", required=True), column("amount", Kind.DECIMAL, "Số tiền")
    )
    delivery = deliver(strict, (tmp_path / "in.xlsx").read_bytes(), filename="in.xlsx")
    back = load_workbook(delivery.receipt.rejects_path)
    assert [row[2].value for row in back.active.iter_rows(min_row=2)] == ["12,5", "?"]


def test_two_unknown_columns_with_one_header_come_back_as_two(deliver):
    delivery = deliver(CASES, "Mã ca,Ngày khởi phát,Số ca,ghi chú,ghi chú\nA1,no day,1,trái,phải\n")
    header, row = delivery.receipt.rejects_path.read_text("utf-8-sig").splitlines()
    assert header == "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca,ghi chú,ghi chú,Lý do trả lại"
    assert row.startswith("2,A1,no day,1,trái,phải,")
    delivery = send_back(delivery, f"{header}\n{row}\n".replace(",1,", ",x,"))
    row = delivery.receipt.rejects_path.read_text("utf-8-sig").splitlines()[1]
    assert row.startswith("2,A1,no day,x,trái,phải,")


NOTES = contract(
    column("code", Kind.CODE, "Mã"), column("note", title="- Ghi chú"), column("n", Kind.INTEGER, "Số")
)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_headers_are_guarded_too_and_the_senders_own_apostrophes_survive(deliver, tmp_path, suffix):
    lines = (["Mã", "- Ghi chú", "Số", "=cmd()"], ["'=1+1", "'kể cả", "x", "a"], ["''-b", "=2", "y", "b"])
    if suffix == "xlsx":
        book = Workbook()
        for line in lines:
            book.active.append(line)
        for cell in (cell for row in book.active for cell in row):
            cell.data_type = "s"
        book.save(tmp_path / "in.xlsx")
        content = (tmp_path / "in.xlsx").read_bytes()
    else:
        content = "\n".join(map(",".join, lines)).encode()
    delivery = deliver(NOTES, content, filename=f"in.{suffix}")
    kept = delivery.receipt.rejects_path
    if suffix == "xlsx":
        back = load_workbook(kept)
        header = [cell.value for cell in back.active[1]]
        back.active["D2"], back.active["D3"] = "1", "2"
        back.save(tmp_path / "out.xlsx")
        kept = tmp_path / "out.xlsx"
        corrected = kept.read_bytes()
    else:
        text = kept.read_text("utf-8-sig")
        header = text.splitlines()[0].split(",")
        corrected = text.replace(",x,", ",1,").replace(",y,", ",2,").encode()
    assert header == ["Số dòng gốc", "Mã", "'- Ghi chú", "Số", "'=cmd()", "Lý do trả lại"]
    replay(PROGRAM, delivery, io.BytesIO(corrected), f"sua.{suffix}")
    delivery = check_one(Delivery.objects.get(pk=delivery.pk), "test")
    assert delivery.state == State.ACCEPTED
    assert rows("SELECT code, note FROM trial.cases ORDER BY n") == [("'=1+1", "'kể cả"), ("''-b", "=2")]


def test_the_rejects_file_is_in_the_language_asked_for_and_comes_back_in_either(deliver):
    delivery = deliver(CASES, BAD)
    english = rejects_in(delivery.receipt, "en")
    assert english == rejects_in(delivery.receipt, "en")
    assert rejects_in(delivery.receipt, "vi") == delivery.receipt.rejects_path
    header, first, _ = english.read_text("utf-8-sig").splitlines()
    assert header == "Original row,Mã ca,Ngày khởi phát,Số ca,Why it was returned"
    assert "there is no day “31/02/2026”" in first
    assert "ngày" not in first
    delivery = send_back(delivery, english.read_text("utf-8-sig").replace("31/02", "28/02"))
    assert totals(delivery) == (3, 2)
    assert rejects_in(delivery.receipt, "en").read_text("utf-8-sig").count("\n") == 2


def test_rows_named_in_the_findings_of_corrections_are_those_of_the_first_file(deliver):
    delivery = deliver(CASES, HEADER + "A1,01/06/2026,1\nA9,02/06/2026,x\nA8,02/06/2026,y\nA7,02/06/2026,z\n")
    text = "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n3,A2,02/06/2026,1\n5,A2,02/06/2026,2\n"
    send_back(delivery, text)
    notes = [e["note"] for e in delivery.receipt.report["tasks"][0]["errors"]]
    assert ["trùng với dòng 5 (số dòng gốc)" in notes[0], "trùng với dòng 3 (số dòng gốc)" in notes[1]] == [
        True
    ] * 2


def reasoned(delivery: Delivery, *reasons: str) -> str:
    """The rejects with other reasons, row by row."""
    header, *lines = delivery.receipt.rejects_path.read_text("utf-8-sig").splitlines()
    said = [",".join([*line.split(",")[:4], reason]) for line, reason in zip(lines, reasons, strict=True)]
    return "\n".join([header, *said]) + "\n"


def test_a_row_that_its_sender_drops_stays_rejected_and_waits_no_more(deliver):
    delivery = deliver(CASES, BAD)
    delivery = send_back(delivery, reasoned(delivery, " Bỏ ", "giữ"))
    receipt, whole = delivery.receipt, whole_of(delivery)
    assert (receipt.n_received, receipt.n_accepted, receipt.n_rejected) == (2, 0, 2)
    assert (counted(delivery), whole.n_dropped, whole.n_open) == ((3, 1, 2, 0), 1, 1)
    assert receipt.findings.get(reason="rows_dropped").details["rows"] == [2]
    assert [line[:2] for line in receipt.rejects_path.read_text("utf-8-sig").splitlines()[1:]] == ["4,"]
    delivery = send_back(delivery, reasoned(delivery, "DROP"))
    whole = whole_of(delivery)
    assert (counted(delivery), whole.n_dropped, whole.n_open) == ((3, 1, 2, 0), 2, 0)
    assert delivery.state == State.ACCEPTED
    with pytest.raises(Refused, match="nothing_to_correct"):
        replay(PROGRAM, delivery, io.BytesIO(b"more"), "x.csv")


def test_of_two_rows_with_one_key_one_is_dropped_and_the_other_accepted(deliver):
    delivery = deliver(CASES, HEADER + "A1,01/06/2026,1\nA1,02/06/2026,2\n")
    assert delivery.state == State.REJECTED
    delivery = send_back(delivery, reasoned(delivery, "bỏ", ""))
    assert (delivery.state, counted(delivery)) == (State.ACCEPTED, (2, 1, 1, 0))
    assert rows("SELECT n FROM trial.cases") == [(2,)]


def test_only_a_row_that_waits_can_be_dropped_and_only_once(deliver):
    delivery = deliver(CASES, BAD)
    head = "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca,Lý do trả lại\n"
    delivery = send_back(delivery, head + "3,A2,02/06/2026,2,bỏ\n4,A3,03/06/2026,3,bỏ\n4,A3,03/06/2026,3,\n")
    assert (counted(delivery), whole_of(delivery).n_dropped) == ((3, 1, 2, 0), 0)
    reasons = {error["reason"] for error in delivery.receipt.report["tasks"][0]["errors"]}
    assert reasons >= {"not_a_rejected_row", "row_no_repeated"}


def test_corrections_that_are_refused_whole_drop_nothing(deliver):
    few = Rule("few", Text("Ít", "Few"), "delivery", "count(*) < 2")
    delivery = deliver(contract(*CASES.columns, rules=(few,)), BAD)
    delivery = send_back(delivery, reasoned(delivery, "bỏ", "").replace(",x,", ",1,"))
    assert delivery.receipt.report["is_refused_whole"]
    assert (counted(delivery), whole_of(delivery).n_dropped) == ((3, 1, 2, 0), 0)
    assert delivery.receipt.rejects_path.read_text("utf-8-sig").count("\n") == 3


UNREAD = b"%PDF-1.4 ..."


def check_again(delivery: Delivery) -> Delivery:
    return check_one(Delivery.objects.get(pk=delivery.pk), "test")


def test_the_bytes_of_a_part_that_could_not_be_read_are_tried_again(deliver):
    delivery = deliver(CASES, BAD)
    for n_receipts in (1, 2):
        part = replay(PROGRAM, delivery, io.BytesIO(UNREAD), "sua.pdf")
        delivery = check_again(delivery)
        assert (part.number, part.receipts.count(), delivery.receipt.part) == (2, n_receipts, part)
        assert delivery.receipt.outcome == State.UNREADABLE
    entries = AuditEntry.objects.filter(action="delivery.replay").order_by("id")
    assert [entry.details.get("again", False) for entry in entries] == [False, True]


def test_bytes_that_cannot_be_tried_again_are_refused_in_words(deliver):
    delivery = deliver(CASES, BAD)
    replay(PROGRAM, delivery, io.BytesIO(UNREAD), "sua.pdf")
    delivery = check_again(delivery)
    delivery = send_back(delivery, "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca\n2,A1,28/02/2026,1\n")
    with pytest.raises(Refused, match="unread_part_again"):
        replay(PROGRAM, delivery, io.BytesIO(UNREAD), "sua.pdf")
    with pytest.raises(Refused, match="first_file_again"):
        replay(PROGRAM, delivery, io.BytesIO(BAD.encode()), "goc.csv")


def test_a_rejected_file_that_has_corrections_is_not_quietly_taken_for_known(deliver):
    refused = HEADER + "A1,no day,1\n"
    delivery = deliver(CASES, refused)
    replay(PROGRAM, delivery, io.BytesIO(UNREAD), "sua.pdf")
    check_again(delivery)
    with pytest.raises(Refused, match="corrections_came_since"):
        deliver(CASES, refused)
