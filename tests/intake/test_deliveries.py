"""A delivery from bytes to receipt, on both databases."""

import io

import pytest
from sqlglot import parse_one
from tests.intake.conftest import column, contract

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import NOBODY, PROGRAM
from vamco.intake.models import Channel, Delivery, State
from vamco.intake.receiving import receive
from vamco.intake.report import report_in
from vamco.packs.contract import Kind, Rule
from vamco.vocabulary.errors import Forbidden, Misused, NotFound, Refused
from vamco.vocabulary.text import Text
from vamco.warehouse.engine import engine

pytestmark = pytest.mark.django_db

CASES = contract(
    column("code", Kind.CODE, "Mã ca", required=True, key_position=1),
    column("onset_on", Kind.DATE, "Ngày khởi phát", required=True),
    column("n", Kind.INTEGER, "Số ca", minimum="0"),
)
HEADER = "Mã ca,Ngày khởi phát,Số ca\n"


def rows(query: str) -> list[tuple]:
    return [tuple(row.values()) for row in engine().table(parse_one(query, dialect="duckdb")).to_pylist()]


def test_a_clean_file_is_accepted_and_its_rows_can_be_read(deliver):
    delivery = deliver(CASES, HEADER + "A1,01/06/2026,3\nA2,2026-06-02,0\n")
    receipt = delivery.receipt
    assert delivery.state == State.ACCEPTED
    assert (receipt.n_received, receipt.n_accepted, receipt.score) == (2, 2, 100)
    found = rows("SELECT code, CAST(onset_on AS VARCHAR), n, row_no FROM trial.cases ORDER BY code")
    assert found == [("A1", "2026-06-01", 3, 2), ("A2", "2026-06-02", 0, 3)]


def test_a_bad_row_is_refused_with_every_reason_and_the_others_are_accepted(deliver):
    delivery = deliver(CASES, HEADER + "A1,31/02/2026,-4\nA2,2026-06-02,0\n")
    receipt = delivery.receipt
    assert delivery.state == State.PARTLY_ACCEPTED
    assert (receipt.n_received, receipt.n_accepted, receipt.n_rejected) == (2, 1, 1)
    errors = receipt.report["tasks"][0]["errors"]
    assert {(e["rowNumber"], e["fieldName"], e["cell"], e["reason"]) for e in errors if e["rowNumber"]} == {
        (2, "Ngày khởi phát", "31/02/2026", "date_impossible"),
        (2, "Số ca", "-4", "below_minimum"),
    }
    assert "31/02/2026" in errors[0]["note"]
    rejects = receipt.rejects_path.read_text("utf-8-sig").splitlines()
    assert rejects[0] == "Số dòng gốc,Mã ca,Ngày khởi phát,Số ca,Lý do trả lại"
    assert rejects[1].startswith("2,A1,31/02/2026,-4,")


def test_an_empty_delivery_on_time_is_accepted_with_no_rows(deliver):
    delivery = deliver(CASES, HEADER)
    assert delivery.state == State.ACCEPTED
    assert delivery.receipt.n_received == 0
    assert delivery.is_live


def test_the_same_bytes_for_the_same_period_are_one_delivery(deliver):
    first = deliver(CASES, HEADER + "A1,01/06/2026,3\n")
    again = receive(
        PROGRAM,
        CASES.id,
        "2026-06",
        io.BytesIO((HEADER + "A1,01/06/2026,3\n").encode()),
        "b.csv",
        Channel.API,
    )
    assert (again.delivery.pk, again.is_new) == (first.pk, False)
    assert Delivery.objects.count() == 1


def test_the_same_bytes_for_another_period_are_another_delivery(deliver):
    first = deliver(CASES, HEADER + "A1,01/06/2026,3\n")
    other = deliver(CASES, HEADER + "A1,01/06/2026,3\n", period="2026-07")
    assert first.pk != other.pk


def test_a_rejected_file_sent_again_is_checked_again(deliver, contracts_in_use):
    strict = contract(*CASES.columns, column("extra", required=True))
    rejected = deliver(strict, HEADER + "A1,01/06/2026,3\n")
    assert rejected.state == State.REJECTED
    accepted = deliver(CASES, HEADER + "A1,01/06/2026,3\n")
    assert (accepted.pk, accepted.state) == (rejected.pk, State.ACCEPTED)


def test_a_later_delivery_restates_the_earlier_one_and_both_stay_readable(deliver):
    first = deliver(CASES, HEADER + "A1,01/06/2026,3\n")
    second = deliver(CASES, HEADER + "A1,01/06/2026,5\n")
    first.refresh_from_db()
    assert second.supersedes == first
    assert not first.is_live
    assert rows("SELECT n FROM trial.cases") == [(5,)]
    known = engine().table(parse_one("SELECT n FROM trial.cases"), as_known_at=first.decided_at)
    assert known.to_pylist() in ([{"n": 3}], [])


def test_an_idempotency_key_gives_one_delivery_and_refuses_other_content(deliver):
    first = deliver(CASES, HEADER + "A1,01/06/2026,3\n", idempotency_key="k1")
    assert deliver(CASES, HEADER + "A1,01/06/2026,3\n", idempotency_key="k1").pk == first.pk
    with pytest.raises(Refused, match="key_used_otherwise"):
        deliver(CASES, HEADER + "A9,01/06/2026,3\n", idempotency_key="k1")


def test_a_file_that_is_no_table_gets_a_receipt_that_says_so(deliver):
    delivery = deliver(CASES, b"\x00\x01\x02\x03 no table")
    assert delivery.state == State.UNREADABLE
    assert delivery.receipt.report["errors"][0]["said"]["vi"]["what"]


@pytest.mark.parametrize(
    ("content", "period", "options", "error"),
    [
        (b"", "2026-06", {}, Refused),
        (b"x", "nonsense", {}, Misused),
        (b"x", "2026-06", {"agency": "so-khac"}, Refused),
        (b"x", "2026-06", {"options": {"colour": "red"}}, Misused),
        (b"x", "2026-06", {"options": {"map_on": "yesterday"}}, Misused),
        (b"x", "2026-06", {"options": {"encoding": "utf-9"}}, Misused),
    ],
)
def test_what_cannot_be_received_is_refused_and_leaves_nothing(deliver, content, period, options, error):
    with pytest.raises(error) as refusal:
        deliver(CASES, content, period, **options)
    assert refusal.value.say("vi")["what"]
    assert not Delivery.objects.exists()


def test_a_rule_that_overflows_is_said_at_once(deliver):
    squared = Rule("squared", Text("Bình phương", "Squared"), "row", "n * n < 100")
    made = contract(column("n", Kind.INTEGER), name="overflowing", rules=(squared,))
    delivery = deliver(made, "n;m\n9000000000000000000;1\n")
    assert (delivery.state, delivery.attempts) == (State.UNREADABLE, 1)
    assert "Overflow" in delivery.receipt.report["errors"][0]["said"]["vi"]["what"]


def test_a_file_beyond_the_limit_is_refused(deliver, settings, home):
    settings.MAX_DELIVERY_BYTES = 10
    with pytest.raises(Refused, match="too_large"):
        deliver(CASES, b"x" * 11)
    assert not [p for p in (home / "raw").rglob("*") if p.is_file()]


def test_an_unknown_contract_and_a_stranger_are_refused(contracts_in_use):
    contracts_in_use(CASES)
    with pytest.raises(NotFound):
        receive(PROGRAM, "trial.none", "2026-06", io.BytesIO(b"x"), "a.csv", Channel.API)
    with pytest.raises(Forbidden):
        receive(NOBODY, CASES.id, "2026-06", io.BytesIO(b"x"), "a.csv", Channel.API)


def test_receiving_and_deciding_are_in_the_audit_log(deliver):
    deliver(CASES, HEADER + "A1,01/06/2026,3\n")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == [
        "delivery.receive",
        "delivery.decide",
    ]


def test_a_file_name_cannot_lead_out_of_its_folder(deliver):
    delivery = deliver(CASES, HEADER + "A1,32/06/2026,3\n", filename="../../etc/<b>pass\x00wd\\..\\x.csv")
    assert delivery.first_part.filename == "x.csv"


def test_a_report_speaks_one_language_throughout(deliver):
    sum_rule = Rule("few", Text("Không quá một ca", "At most one case"), "delivery", "sum(n) <= 1")
    made = contract(
        *CASES.columns, column("note", title="Ghi chú", aliases=("Chú thích",)), rules=(sum_rule,)
    )
    receipt = deliver(made, HEADER.strip() + ",Lạ\nA1,31/02/2026,1,x\nA2,01/06/2026,2,x\n").receipt
    english, vietnamese = (report_in(receipt, language) for language in ("en", "vi"))
    notes = [error["note"] for error in english["tasks"][0]["errors"]]
    assert any("At most one case" in note for note in notes)
    assert any("“note”" in note for note in notes)
    assert not any("Không" in note or "Cột" in note for note in notes)
    assert [error["note"] for error in vietnamese["tasks"][0]["errors"]] == [
        error["note"] for error in receipt.report["tasks"][0]["errors"]
    ]


def test_the_report_of_an_unreadable_file_speaks_english_too(deliver):
    receipt = deliver(CASES, b"\x00\x01\x02\x03 no table").receipt
    assert report_in(receipt, "en")["errors"][0]["note"] == receipt.report["errors"][0]["said"]["en"]["what"]


def month(*codes: str) -> str:
    return HEADER + "".join(f"{code},01/06/2026,1\n" for code in codes)


def remarks(delivery: Delivery) -> dict[str, dict]:
    found = delivery.receipt.findings.filter(example_row_no=None)
    return {finding.reason: finding.details for finding in found}


def test_a_restatement_by_less_than_half_the_rows_is_warned_of(deliver):
    first = deliver(CASES, month("A", "B", "C", "D"))
    half = deliver(CASES, month("A", "B"))
    assert remarks(half) == {}
    assert half.supersedes == first
    fewer = deliver(CASES, month("E") + "X,no day,1\n", period="2026-07")
    assert remarks(fewer) == {}
    shrunk = deliver(CASES, HEADER + "A,01/06/2026,9\nB,no day,1\n")
    assert remarks(shrunk) == {}  # one of two is half
    emptied = deliver(CASES, HEADER)
    assert remarks(emptied)["restatement_empties"] == {
        "header": "", "cell": "", "more": "", "n_before": 1, "n_now": 0, "deliveries": [shrunk.pk],
    }  # fmt: skip
    assert emptied.state == State.ACCEPTED


def test_what_is_rejected_whole_restates_nothing_and_is_warned_of_nothing(deliver):
    deliver(CASES, month("A", "B", "C"))
    assert remarks(deliver(CASES, HEADER + "A,no day,1\n")) == {}
    assert set(remarks(deliver(CASES, month("A")))) == {"restatement_shrinks"}


def test_where_no_row_was_accepted_there_is_no_score(deliver):
    for content, state in ((HEADER + "A,no day,1\n", State.REJECTED), (HEADER, State.ACCEPTED)):
        receipt = deliver(CASES, content).receipt
        assert receipt.outcome == state
        assert (receipt.score, receipt.report["score"]["value"]) == (None, None)
        assert receipt.report["whole"]["score"]["value"] is None
