"""What is shown never gives a small count away, whatever is put together; and no more is hidden than that."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.indicators.ledger import count, definition, indicator, rate

from vamco.indicators.hiding import hidden_parts, hidden_rows, is_small, sizes, tells_a_few
from vamco.packs.contract import Sensitivity
from vamco.packs.indicator import Aggregation
from vamco.vocabulary.observation import ObservationStatus

LEAST = 5
NOW, TODAY = datetime(2026, 11, 22, tzinfo=UTC), date(2026, 11, 22)
HIDDEN = ObservationStatus.SUPPRESSED
CASES = indicator(minimum_count=LEAST)
SHARE = rate(
    "share",
    minimum_count=LEAST,
    definitions=(definition(denominator=count()),),
)
counts = st.integers(0, 12)


class TestPartsOfAWhole:
    def test_nothing_is_hidden_where_nothing_is_small(self):
        assert hidden_parts({"a": (5,), "b": (0,), "c": (9,)}, LEAST) == frozenset()

    def test_one_small_part_takes_the_two_smallest_others_with_it(self):
        parts = {"a": (30,), "b": (3,), "c": (9,), "d": (9,), "e": (9,)}
        assert hidden_parts(parts, LEAST) == {"b", "c", "d"}

    def test_three_small_parts_that_hide_each_other_take_none(self):
        assert hidden_parts({"a": (4,), "b": (3,), "c": (4,), "d": (9,)}, LEAST) == {"a", "b", "c"}

    def test_parts_of_one_each_are_not_left_to_be_told_by_their_number(self):
        ones = dict.fromkeys("abcdef", (1,))
        assert hidden_parts({**ones, "g": (20,), "h": (30,)}, LEAST) == {*ones, "g", "h"}
        assert hidden_parts({**ones, "z": (0,)}, LEAST) == {*ones, "z"}
        assert hidden_parts(ones, LEAST) is None

    def test_the_few_that_a_share_leaves_out_are_hidden_too(self):
        of_share = definition(denominator=count())
        assert is_small(sizes(SHARE, of_share, 97, 100, 97), LEAST)
        assert not is_small(sizes(SHARE, of_share, 100, 100, 100), LEAST)
        of_people = definition(denominator=count(Aggregation.LAST))
        assert not is_small(sizes(SHARE, of_people, 97, 100, 97), LEAST)

    def test_the_rest_of_a_public_share_of_services_is_public(self):
        public = replace(SHARE, disclosure=Sensitivity.PUBLIC)
        of_share = definition(denominator=count())
        assert not is_small(sizes(public, of_share, 97, 100, 97), LEAST)
        assert is_small(sizes(public, of_share, 3, 100, 3), LEAST)

    def test_a_figure_that_was_kept_hides_what_the_figure_itself_would(self):
        of_share = {"definition_version": 1, "numerator": 3.0, "denominator": 100.0}
        assert tells_a_few(SHARE, of_share)
        assert tells_a_few(SHARE, {**of_share, "numerator": 97.0})
        assert not tells_a_few(SHARE, {**of_share, "numerator": 50.0})
        assert tells_a_few(CASES, {"definition_version": 1, "numerator": 3.0})
        assert not tells_a_few(indicator(), {"definition_version": 1, "numerator": 3.0})

    @given(st.dictionaries(st.sampled_from("abcdefgh"), counts, min_size=1))
    def test_no_small_count_follows_from_sum_and_bounds_even_for_one_of_them(self, parts):
        hidden = hidden_parts({name: (n,) for name, n in parts.items()}, LEAST)
        if hidden is None:
            return
        small = {name for name, n in parts.items() if 0 < n < LEAST}
        assert small <= hidden
        floor = 0 if any(parts[name] == 0 for name in hidden) else 1
        for insider in (None, *hidden) if small else ():
            unknown = [parts[name] for name in hidden if name != insider]
            assert sum(unknown) - floor * (len(unknown) - 1) > floor, (parts, hidden, insider)

    @given(st.dictionaries(st.sampled_from("abcdefgh"), counts, min_size=4))
    def test_the_smallest_of_those_that_need_not_be_hidden_go_first(self, parts):
        hidden = hidden_parts({name: (n,) for name, n in parts.items()}, LEAST) or frozenset()
        big = sorted((n, name) for name, n in parts.items() if n >= LEAST)
        n_taken = sum(parts[name] >= LEAST for name in hidden)
        assert {name for _, name in big[:n_taken]} == {name for name in hidden if parts[name] >= LEAST}


def test_rows_of_a_table_in_two_directions_are_hidden_by_three():
    rows = {"a": (30,), "b": (8,), "c": (9,), "d": (0,), "e": ()}
    assert hidden_rows(rows, {"a"}) == {"a", "b", "c"}
    assert hidden_rows(rows, ()) == frozenset()
