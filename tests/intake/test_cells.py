"""How cells are read: numbers, days, yes and no, signs for nothing; and why some are refused."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.conftest import column, contract

from vamco.geography.register import Register
from vamco.geography.resolver import Resolver
from vamco.intake.checking.check import check
from vamco.intake.checking.terms import Terms
from vamco.intake.checking.workspace import workspace
from vamco.intake.reading.reader import read
from vamco.packs.contract import Contract, Drift, Kind, Rule, Strictness
from vamco.packs.heading import written_names
from vamco.vocabulary.errors import Unreadable
from vamco.vocabulary.observation import Nothing
from vamco.vocabulary.period import Period
from vamco.vocabulary.text import Text

NOBODY = Resolver(Register("none", (), ()))


def checked(made: Contract, content: str, query: str = "FROM accepted"):
    """What the check makes of a CSV: rows of the query, and (row, reason) of every finding."""
    with workspace("test") as (connection, folder):
        path = Path(folder) / "in.csv"
        path.write_text(content, "utf-8", newline="")
        known = {name for c in made.columns for name in written_names(c)}
        table = read(path, filename="in.csv", known_headers=known, staging=folder)
        found = check(connection, table, Terms(made, Period.parse("2026-06"), NOBODY))
        rows = connection.execute(query).fetchall()
        reasons = connection.execute("SELECT row_no, reason FROM findings ORDER BY ALL").fetchall()
        return rows, reasons, found


def values(kind: Kind, cells: list[str], **facts):
    """The values that a column of these cells holds (null where refused), and the reasons by place."""
    made = contract(column("id", Kind.INTEGER), column("v", kind, **facts))
    content = "id;v\n" + "".join(f"{n};{cell}\n" for n, cell in enumerate(cells))
    rows, reasons, _ = checked(made, content, "SELECT v FROM rows ORDER BY row_no")
    return [value for (value,) in rows], {row_no - 2: reason for row_no, reason in reasons}


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.234,5", "2,25", "288"], ["1234.5", "2.25", "288"]),
        (["1,234.5", "2.25", "288"], ["1234.5", "2.25", "288"]),
        (["1.234,5", "1,234.5"], ["1234.5", "1234.5"]),
        (["1.234", "2,5"], ["1234", "2.5"]),
        (["1.234", "2.5"], ["1.234", "2.5"]),
        (["1,234", "2.5"], ["1234", "2.5"]),
        (["0.123", "1.234"], ["0.123", "1.234"]),
        (["12.345.678", "1.234"], ["12345678", "1234"]),
        (["1 234 567,5", "−3", "+7", "007", "1e3"], ["1234567.5", "-3", "7", "7", "1000"]),
    ],
)
def test_numbers_are_read_by_what_their_column_proves(cells, numbers):
    assert values(Kind.DECIMAL, cells) == ([Decimal(n) for n in numbers], {})


def test_a_number_with_two_readings_is_refused_where_nothing_decides():
    assert values(Kind.DECIMAL, ["1.234", "288"]) == ([None, Decimal(288)], {0: "number_ambiguous"})
    mixed = values(Kind.DECIMAL, ["1.234", "1.5", "2,5"])
    assert mixed == ([None, Decimal("1.5"), Decimal("2.5")], {0: "number_ambiguous"})


def test_a_proof_far_below_the_first_rows_still_decides():
    cells = ["1.234"] + ["7"] * 25_000 + ["2,5"]
    found, reasons = values(Kind.DECIMAL, cells)
    assert (found[0], reasons) == (Decimal(1234), {})
    found, reasons = values(Kind.DECIMAL, ["2.5", "1.234"] + ["7"] * 25_000 + ["2,5"])
    assert (found[1], reasons) == (None, {1: "number_ambiguous"})


def test_whole_numbers_and_declared_ranges_decide_what_cells_alone_cannot():
    assert values(Kind.INTEGER, ["1.234", "288"]) == ([1234, 288], {})
    assert values(Kind.DECIMAL, ["1.234", "288"], maximum="500") == ([Decimal("1.234"), Decimal(288)], {})


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("12a", "number_unreadable"),
        ("1.5", "number_not_whole"),
        ("5%", "number_percent"),
        ("1_000", "number_unreadable"),
        ("5.", "number_unreadable"),
        ("1e40", "number_too_large"),
        ("1.5e0", "number_not_whole"),
        ("9999999999999999999", "number_too_large"),
        ("9.999.999.999.999.999.999", "number_too_large"),
    ],
)
def test_what_is_no_whole_number_is_refused_with_its_reason(cell, reason):
    assert values(Kind.INTEGER, [cell]) == ([None], {0: reason})


@pytest.mark.parametrize("unit", [None, "%"])
@pytest.mark.parametrize(
    ("cell", "reason"),
    [("1e40", "number_too_large"), ("1" * 40, "number_too_large"), ("5.", "number_unreadable")],
)
def test_a_number_that_cannot_be_kept_is_one_refused_cell(cell, reason, unit):
    found = values(Kind.DECIMAL, [cell, "0.5", "2.25"], unit_of_measure=unit)
    assert found == ([None, Decimal("0.5"), Decimal("2.25")], {0: reason})


@pytest.mark.parametrize("kind", [Kind.INTEGER, Kind.DECIMAL])
def test_a_number_that_its_multiplier_makes_too_large_is_one_refused_cell(kind):
    found = values(kind, ["9" * (18 if kind is Kind.INTEGER else 26), "7"], multiplier=Decimal(10**6))
    assert found == ([None, 7_000_000], {0: "number_too_large"})


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009"])
def test_thousands_may_be_set_apart_by_any_space(space):
    assert values(Kind.INTEGER, [f"1{space}234{space}567"]) == ([1234567], {})
    assert values(Kind.DECIMAL, [f"1{space}234,5"]) == ([Decimal("1234.5")], {})


def test_a_percent_sign_falls_where_the_column_is_in_per_cent():
    assert values(Kind.DECIMAL, ["12,5%", "7 %"], unit_of_measure="%") == ([Decimal("12.5"), Decimal(7)], {})


def test_values_are_multiplied_into_the_unit_of_the_contract():
    found = values(Kind.DECIMAL, ["1,5"], unit_of_measure="đồng", multiplier=Decimal(1000))
    assert found == ([Decimal(1500)], {})


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=40), st.sampled_from(["vi", "en"])
)
def test_every_amount_written_with_its_separators_comes_back_the_same(numbers, style):
    plain = [f"{number:,.2f}" for number in numbers]
    cells = plain if style == "en" else [text.translate(str.maketrans(",.", ".,")) for text in plain]
    assert values(Kind.DECIMAL, cells) == (numbers, {})


@pytest.mark.parametrize(
    "cell",
    [
        "2026-06-15",
        "15/06/2026",
        "15/6/2026",
        "15-06-2026",
        "15.6.2026",
        "2026/06/15",
        "46188",
        "2026-06-15 00:00:00",
        "2026-06-15\u00a000:00:00",
        "2026.06.15",
        "2026-6-15",
    ],
)
def test_a_day_is_read_in_every_usual_form(cell):
    found, reasons = values(Kind.DATE, [cell])
    assert (str(found[0]), reasons) == ("2026-06-15", {})


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31/02/2026", "date_impossible"),
        ("15/06/2569", "date_buddhist_year"),
        ("15/06/26", "date_two_digit_year"),
        ("06/15/2026", "date_month_first"),
        ("15/06/0026", "date_implausible_year"),
        ("rằm tháng giêng", "date_lunar"),
        ("10/3 năm Bính Ngọ", "date_lunar"),
        ("10/03/2026 âl", "date_lunar"),
        ("2026", "date_year_only"),
        ("15/06/2026 08:30", "date_with_time"),
        ("hôm qua", "date_unreadable"),
        ("infinity", "date_unreadable"),
        ("epoch", "date_unreadable"),
        ("epoch     ", "date_unreadable"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_its_own_reason(cell, reason):
    assert values(Kind.DATE, [cell]) == ([None], {0: reason})


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-06-15 08:30:00", "2026-06-15 08:30:00"),
        ("15/06/2026 08:30", "2026-06-15 08:30:00"),
        ("2026-06-15T01:30:00Z", "2026-06-15 08:30:00"),
        ("2026-06-15T08:30:00+07:00", "2026-06-15 08:30:00"),
        ("2026-06-15T01:30:00.000+00:00", "2026-06-15 08:30:00"),
        ("2026-06-15", "2026-06-15 00:00:00"),
        ("15/06/2026", "2026-06-15 00:00:00"),
        ("2026-06-15T08:30:00", "2026-06-15 08:30:00"),
        ("2026-06-15T01:30+00", "2026-06-15 08:30:00"),
        ("2026-06-15T1:30:00Z", "2026-06-15 08:30:00"),
        ("2026-06-15\u00a008:30", "2026-06-15 08:30:00"),
        ("15/06/2026\u202f08:30", "2026-06-15 08:30:00"),
        ("2026.06.15 08:30", "2026-06-15 08:30:00"),
    ],
)
def test_a_moment_is_kept_in_vietnamese_time(cell, moment):
    found, reasons = values(Kind.TIMESTAMP, [cell])
    assert (str(found[0]), reasons) == (moment, {})


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2026-06-01 25:00:00", "time_impossible"),
        ("01/06/2026 08:61", "time_impossible"),
        ("31/02/2026", "date_impossible"),
        ("294247-01-10 04:00:54+00", "date_unreadable"),
        ("infinity", "date_unreadable"),
        ("epoch", "date_unreadable"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_with_its_own_reason(cell, reason):
    assert values(Kind.TIMESTAMP, [cell]) == ([None], {0: reason})


def test_yes_and_no_in_vietnamese():
    found, reasons = values(Kind.BOOLEAN, ["có", "KHÔNG", "x", "0", "có lẽ"])
    assert (found, reasons) == ([True, False, True, False, None], {4: "not_yes_or_no"})


def test_codes_never_lose_their_zeros_and_are_refused_when_a_spreadsheet_spoilt_them():
    assert values(Kind.CODE, ["00123", " 007 ", "1.2E+11"]) == (
        ["00123", "007", "1.2E+11"],
        {2: "code_as_number"},
    )


def test_a_choice_may_differ_in_case_and_marks_only():
    found = values(Kind.TEXT, ["Đang xử lý", "DANG XU LY", "xong"], choices=("Đang xử lý", "Quá hạn"))
    assert found == (["Đang xử lý", "Đang xử lý", None], {2: "not_a_choice"})


def test_five_kinds_of_nothing_stay_apart():
    signs = {"-": Nothing.NOT_APPLICABLE, "…": Nothing.MISSING, "x": Nothing.SUPPRESSED}
    made = contract(column("id"), column("n", Kind.INTEGER, nothings=signs))
    content = "id,n\na,0\nb,-\nc,...\nd,X\ne,\n"
    rows, reasons, _ = checked(made, content, "SELECT n, n__nothing FROM accepted ORDER BY row_no")
    assert reasons == []
    assert rows == [
        (0, None),
        (None, "not_applicable"),
        (None, "missing"),
        (None, "suppressed"),
        (None, "missing"),
    ]


def test_a_required_cell_may_hold_a_declared_sign_but_not_a_blank():
    made = contract(column("id"), column("n", Kind.INTEGER, required=True, nothings={"-": Nothing.MISSING}))
    _, reasons, _ = checked(made, "id,n\na,-\nb,\n")
    assert reasons == [(3, "required")]


def test_a_blank_means_what_the_contract_says():
    made = contract(column("id"), column("kind", when_blank="A97"), column("other", when_blank="B"))
    rows, _, _ = checked(made, "id,kind\na,\nb,A90\n", "SELECT kind, other FROM accepted ORDER BY row_no")
    assert rows == [("A97", "B"), ("A90", "B")]


def test_limits_lengths_and_patterns_are_each_found():
    made = contract(
        column("a", Kind.INTEGER, minimum="1", maximum="9"),
        column("b", max_length=3),
        column("c", pattern="[A-Z]+"),
    )
    _, reasons, _ = checked(made, "a,b,c\n0,abcd,x\n10,abc,X\n")
    assert reasons == [(2, "below_minimum"), (2, "pattern"), (2, "too_long"), (3, "above_maximum")]


def test_a_day_outside_the_period_of_the_delivery_is_refused():
    made = contract(column("id"), column("day", Kind.DATE), period_column="day")
    _, reasons, _ = checked(made, "id,day\na,30/06/2026\nb,01/07/2026\n")
    assert reasons == [(3, "outside_period")]


def test_the_same_row_again_is_a_declared_duplicate_and_another_of_its_key_a_conflict():
    made = contract(column("k", Kind.CODE, key_position=1), column("n", Kind.INTEGER))
    rows, reasons, found = checked(
        made, "k,n\nA,1\nA,01\nB,1\nB,2\nC,3\n", "SELECT row_no, k FROM accepted ORDER BY 1"
    )
    assert rows == [(2, "A"), (6, "C")]
    assert reasons == [(4, "key_repeated"), (5, "key_repeated")]
    assert (found.n_received, found.n_accepted, found.n_rejected, found.n_duplicates) == (5, 2, 2, 1)


def test_equal_rows_that_share_a_fault_are_no_conflict_of_keys():
    made = contract(column("id", key_position=1), column("n", Kind.INTEGER))
    _, reasons, found = checked(made, "id,n\na,?\na,?\nb,2\n")
    assert reasons == [(2, "number_unreadable"), (3, "number_unreadable")]
    assert (found.n_accepted, found.n_rejected, found.n_duplicates) == (1, 2, 0)


def test_a_conflict_of_keys_names_only_rows_of_other_content():
    made = contract(column("id", key_position=1), column("n", Kind.INTEGER))
    rows, _, _ = checked(
        made,
        "id,n\na,?\na,?\na,!\na,3\na,3\n",
        "SELECT row_no, more FROM findings WHERE reason = 'key_repeated' ORDER BY row_no",
    )
    assert rows == [(2, "4, 5"), (3, "4, 5"), (4, "2, 3, 5"), (5, "2, 3, 4")]


def test_without_a_key_whole_rows_are_compared():
    rows, _, found = checked(
        contract(column("a"), column("b")), "a,b\n1,2\n1,2\n1,3\n", "SELECT count(*) FROM accepted"
    )
    assert (rows, found.n_duplicates) == ([(2,)], 1)


@pytest.mark.django_db
def test_a_unique_column_may_not_repeat_a_value():
    made = contract(column("k", Kind.CODE, key_position=1), column("u", unique=True))
    _, reasons, _ = checked(made, "k,u\nA,1\nB,1\nC,\nD,\n")
    assert reasons == [(2, "value_repeated"), (3, "value_repeated")]


def rule(holds: str, scope: str = "row", strictness: Strictness = Strictness.ERROR) -> Rule:
    return Rule("rule", Text("Quy tắc", "Rule"), scope, holds, strictness)


def test_a_rule_across_cells_refuses_the_row_and_a_warning_only_marks_it():
    columns = (column("a", Kind.INTEGER), column("b", Kind.INTEGER))
    rows, reasons, _ = checked(
        contract(*columns, rules=(rule("a <= b"),)),
        "a,b\n1,2\n2,1\n3,\n",
        "SELECT a FROM accepted ORDER BY a",
    )
    assert (rows, reasons) == ([(1,), (3,)], [(3, "rule_broken")])
    warned, _, _ = checked(
        contract(*columns, rules=(rule("a <= b", strictness=Strictness.WARNING),)), "a,b\n2,1\n"
    )
    assert len(warned) == 1


def test_a_broken_rule_about_the_delivery_refuses_it_whole():
    made = contract(column("a", Kind.INTEGER), column("b"), rules=(rule("count(*) >= 3", "delivery"),))
    _, _, found = checked(made, "a,b\n1,x\n2,x\n")
    assert (found.n_accepted, found.n_rejected, found.is_refused_whole) == (0, 2, True)


@pytest.mark.parametrize(
    ("drift", "n_accepted", "is_whole"),
    [
        (Drift.FREEZE, 0, True),
        (Drift.DISCARD_ROW, 1, False),
        (Drift.DISCARD_VALUE, 2, False),
        (Drift.EVOLVE, 2, False),
    ],
)
def test_unknown_columns_are_treated_as_the_contract_says(drift, n_accepted, is_whole):
    made = contract(column("a"), column("b"), drift=drift)
    _, _, found = checked(made, "a,b,Ghi chú\n1,2,x\n3,4,\n")
    assert (found.n_accepted, found.is_refused_whole) == (n_accepted, is_whole)
    assert (("ghi_chu", "VARCHAR") in found.columns) == (drift is Drift.EVOLVE)


def test_short_and_long_rows_are_found_and_quoted_line_breaks_are_read():
    made = contract(column("a"), column("b"), column("c"))
    content = 'a,b,c\n1,2\n1,2,3,4\n"x\ny",2,3\n1,2,3,\n'
    rows, reasons, _ = checked(made, content, "SELECT a FROM accepted ORDER BY row_no")
    assert {reason for _, reason in reasons} == {"missing_cell", "extra_cell"}
    assert rows == [("x\ny",), ("1",)]


def test_a_missing_needed_column_refuses_the_delivery_and_names_it():
    made = contract(column("a"), column("b", required=True), column("c"))
    _, _, found = checked(made, "a,c\n1,2\n")
    assert [(fault.reason, fault.header) for fault in found.whole if fault.rejects] == [
        ("header_missing", "b")
    ]


def test_a_header_in_another_unit_refuses_the_delivery():
    money = column("v", Kind.DECIMAL, "Doanh thu", unit_of_measure="đồng", multiplier=Decimal(1000))
    made = contract(column("a"), money)
    _, _, found = checked(made, "a,Doanh thu (triệu đồng)\nx,1\n")
    assert [fault.reason for fault in found.whole if fault.rejects] == ["header_other_unit"]
    right, _, _ = checked(made, "a,Doanh thu (nghìn đồng)\nx,1\n", "SELECT v FROM accepted")
    assert right == [(Decimal(1000),)]


def test_rows_that_the_scan_does_not_give_back_refuse_the_file():
    made = contract(column("id", Kind.INTEGER), column("v"))
    with workspace("test") as (connection, folder):
        path = Path(folder) / "in.csv"
        path.write_text("id;v\n1;a\n2;b\n", "utf-8")
        table = replace(read(path, filename="in.csv", known_headers={"id", "v"}, staging=folder), n_rows=3)
        with pytest.raises(Unreadable, match="rows_lost"):
            check(connection, table, Terms(made, Period.parse("2026-06"), NOBODY))
