"""What is carried from one map to another is conserved, and says what rests on an estimate."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.geography.recoding import Additivity, OnUnknownWeight, Reference, rebuild_rate, recode
from vamco.geography.recoding.allocation import allocate, from_quanta, quanta
from vamco.geography.recoding.atoms import crosswalk
from vamco.geography.recoding.recoded import exact_sum
from vamco.geography.succession import WeightBasis
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Misused, Refused
from vamco.vocabulary.observation import ObservationStatus

BEFORE_2024, BEFORE, AFTER = date(2024, 11, 30), date(2025, 6, 30), date(2025, 7, 1)
BOUNDS = OnUnknownWeight.BOUNDS

SMALL = """VN,1976-07-02,,Việt Nam,country,
80,2000-01-01,,Tỉnh A,province,VN
1,2000-01-01,2010-01-01,Xã A,rural_commune,80
2,2000-01-01,2010-01-01,Xã B,rural_commune,80
3,2000-01-01,2010-01-01,Xã C,rural_commune,80
1,2010-01-01,2020-01-01,Xã AB,rural_commune,80
4,2010-01-01,2020-01-01,Xã BC,rural_commune,80
9,2020-01-01,,Xã ABC,rural_commune,80"""
SMALL_EDGES = """1@2000-01-01,1@2010-01-01,whole,2010-01-01,,
2@2000-01-01,1@2010-01-01,part,2010-01-01,0.3,population
2@2000-01-01,4@2010-01-01,part,2010-01-01,0.7,population
3@2000-01-01,4@2010-01-01,whole,2010-01-01,,
1@2010-01-01,9@2020-01-01,whole,2020-01-01,,
4@2010-01-01,9@2020-01-01,whole,2020-01-01,,"""
Y2005, Y2015, Y2025 = date(2005, 1, 1), date(2015, 1, 1), date(2025, 1, 1)


@pytest.fixture
def tiny(small):
    return small(SMALL, SMALL_EDGES)


def values(a, b, c):
    return {"1@2000-01-01": a, "2@2000-01-01": b, "3@2000-01-01": c}


def vector(register, on, numbers):
    units = register.units_on(on, Level.COMMUNE)
    return {unit.unit_id: number for unit, number in zip(units, numbers, strict=True)}


def weighed(register, data):
    """The register with shares drawn for the 21 communes of unknown division."""
    weights = {}
    table = crosswalk(register, BEFORE, AFTER, Level.COMMUNE)
    for old, atoms in table.by_old.items():
        if len(atoms) > 1:
            cuts = sorted(
                data.draw(
                    st.lists(
                        st.integers(1, 999), min_size=len(atoms) - 1, max_size=len(atoms) - 1, unique=True
                    )
                )
            )
            for atom, low, high in zip(atoms, [0, *cuts], [*cuts, 1000], strict=True):
                weights[old, atom.new_unit_id] = Decimal(high - low) / 1000
    return register.weighed(weights, WeightBasis.POPULATION)


counts_280 = st.lists(st.integers(0, 10**7), min_size=280, max_size=280)
amounts_280 = st.lists(st.decimals(-(10**9), 10**9, places=3, allow_nan=False), min_size=280, max_size=280)


def test_the_atoms_of_the_merger_are_its_302_edges(register):
    table = crosswalk(register, BEFORE, AFTER, Level.COMMUNE)
    assert len(table.atoms) == 302
    assert sum(atom.is_all_of_old for atom in table.atoms) == 259
    assert (table.lost, table.unexplained) == (frozenset(), frozenset())


@given(numbers=counts_280, data=st.data())
@settings(deadline=None, max_examples=15)
def test_any_counts_are_conserved_exactly_from_280_to_96(register, numbers, data):
    given_values = vector(register, BEFORE, numbers)
    result = recode(weighed(register, data), given_values, BEFORE, AFTER, integers=True)
    assert len(result.values) == 96
    assert sum(value.value for value in result.values.values()) == sum(numbers)
    assert all(value.value == int(value.value) for value in result.values.values())
    assert result.restored() == given_values


@given(numbers=amounts_280, data=st.data())
@settings(deadline=None, max_examples=10)
def test_any_amounts_are_conserved_exactly_from_280_to_96(register, numbers, data):
    result = recode(weighed(register, data), vector(register, BEFORE, numbers), BEFORE, AFTER)
    assert exact_sum([value.value for value in result.values.values()]) == exact_sum(numbers)


@given(numbers=counts_280)
@settings(deadline=None, max_examples=10)
def test_whole_moved_units_are_exact_and_come_back_exactly(register, numbers):
    given_values = vector(register, BEFORE, numbers)
    result = recode(register, given_values, BEFORE, AFTER, on_unknown_weight=BOUNDS)
    table = crosswalk(register, BEFORE, AFTER, Level.COMMUNE)
    restored = result.restored()
    for old, atoms in table.by_old.items():
        if len(atoms) == 1:
            assert restored[old] == given_values[old]
    for new, atoms in table.by_new.items():
        if all(atom.is_all_of_old for atom in atoms):
            assert result.values[new].value == sum(given_values[a.old_unit_id] for a in atoms)
            assert result.values[new].status is ObservationStatus.NORMAL


@given(numbers=counts_280, data=st.data())
@settings(deadline=None, max_examples=10)
def test_going_back_by_the_amounts_themselves_restores_whole_moved_units(register, numbers, data):
    given_values = vector(register, BEFORE, [n + 1 for n in numbers])
    known = weighed(register, data)
    there = recode(known, given_values, BEFORE, AFTER, integers=True)
    carried = {unit: int(value.value) for unit, value in there.values.items()}
    reference = Reference(given_values, WeightBasis.RECORDS)
    back = recode(known, carried, AFTER, BEFORE, integers=True, reference=reference)
    table = crosswalk(known, BEFORE, AFTER, Level.COMMUNE)
    assert sum(value.value for value in back.values.values()) == sum(given_values.values())
    for new, atoms in table.by_new.items():
        if all(atom.is_all_of_old for atom in atoms):
            assert all(back.values[a.old_unit_id].value == given_values[a.old_unit_id] for a in atoms), new


@given(numbers=counts_280, data=st.data())
@settings(deadline=None, max_examples=10)
def test_bounds_hold_every_division_that_is_possible(register, numbers, data):
    given_values = vector(register, BEFORE, numbers)
    bounds = recode(register, given_values, BEFORE, AFTER, on_unknown_weight=BOUNDS)
    possible = recode(weighed(register, data), given_values, BEFORE, AFTER)
    for unit, value in possible.values.items():
        assert bounds.values[unit].low <= value.value <= bounds.values[unit].high


def test_unknown_shares_are_refused_with_the_list_of_divided_units(register):
    with pytest.raises(Refused, match="unknown_weight") as error:
        recode(register, vector(register, BEFORE, range(1, 281)), BEFORE, AFTER)
    assert len(error.value.details["units"]) == 21
    assert "Xã Thái Bình Trung" in error.value.say("vi")["what"]


def test_a_count_of_nothing_needs_no_shares(register):
    table = crosswalk(register, BEFORE, AFTER, Level.COMMUNE)
    cases = {old: 0 if len(atoms) > 1 else 5 for old, atoms in table.by_old.items()}
    result = recode(register, cases, BEFORE, AFTER)
    assert sum(value.value for value in result.values.values()) == sum(cases.values())
    assert not any(value.is_estimated for value in result.values.values())


def test_parts_are_weighed_and_marked_with_basis_share_and_bounds(tiny):
    result = recode(tiny, values(10, 10, 10), Y2005, Y2015).values["1@2010-01-01"]
    assert (result.value, result.low, result.high) == (13, 10, 20)
    assert (result.status, result.is_estimated) == (ObservationStatus.ESTIMATED, True)
    assert (result.bases, result.estimated_share) == ((WeightBasis.POPULATION,), Decimal("0.230769"))


def test_parts_that_meet_again_are_exact(tiny):
    result = recode(tiny, values(1, 2, 4), Y2005, Y2025)
    assert result.values["9@2020-01-01"].value == 7
    assert result.values["9@2020-01-01"].status is ObservationStatus.NORMAL


def test_whole_numbers_are_divided_into_whole_numbers(tiny):
    result = recode(tiny, values(0, 7, 0), Y2005, Y2015, integers=True)
    assert [value.value for value in result.values.values()] == [2, 5]
    with pytest.raises(Misused, match="not_a_whole_number"):
        recode(tiny, values(0, Decimal("7.5"), 0), Y2005, Y2015, integers=True)


def test_a_missing_part_makes_a_partial_sum_and_no_bounds(tiny):
    result = recode(tiny, values(10, None, 10), Y2005, Y2015)
    first = result.values["1@2010-01-01"]
    assert (first.value, first.status) == (10, ObservationStatus.PARTIAL)
    assert (first.missing, first.low, first.high) == (("2@2000-01-01",), None, None)
    nothing = recode(tiny, values(None, None, 10), Y2005, Y2015).values["1@2010-01-01"]
    assert (nothing.value, nothing.status) == (None, ObservationStatus.MISSING)


def test_a_unit_that_was_not_given_is_missing_too(tiny):
    result = recode(tiny, {"1@2000-01-01": 3}, Y2005, Y2025).values["9@2020-01-01"]
    assert (result.value, result.status) == (3, ObservationStatus.PARTIAL)
    assert result.missing == ("2@2000-01-01", "3@2000-01-01")


def test_a_maximum_is_the_greatest_of_whole_units_and_refused_for_parts(tiny):
    whole = recode(tiny, values(3, 9, 4), Y2005, Y2025, Additivity.MAXIMUM)
    assert whole.values["9@2020-01-01"].value == 9
    with pytest.raises(Refused, match="not_divisible") as error:
        recode(tiny, values(3, 9, 4), Y2005, Y2015, Additivity.MAXIMUM)
    assert error.value.details["units"] == ["2@2000-01-01"]
    bound = recode(tiny, values(3, 9, 4), Y2005, Y2015, Additivity.MAXIMUM, on_unknown_weight=BOUNDS)
    assert (bound.values["1@2010-01-01"].low, bound.values["1@2010-01-01"].high) == (3, 9)
    assert bound.values["1@2010-01-01"].value is None


def test_a_minimum_is_the_least_of_whole_units(tiny):
    assert recode(tiny, values(3, 9, 4), Y2005, Y2025, Additivity.MINIMUM).values["9@2020-01-01"].value == 3


def test_what_cannot_be_combined_moves_only_with_its_whole_territory(tiny, register):
    with pytest.raises(Refused, match="not_combinable"):
        recode(tiny, values(1, 2, 3), Y2005, Y2025, Additivity.NONE)
    rates = vector(register, BEFORE_2024, range(282))
    result = recode(register, rates, BEFORE_2024, BEFORE, Additivity.NONE, on_unknown_weight=BOUNDS)
    assert result.values["25456@2004-08-31"].value == rates["25456@2004-08-31"]
    assert result.values["27694@2024-12-01"].value is None


def test_going_back_over_a_merger_needs_a_reference(tiny):
    merged = {"9@2020-01-01": 60}
    with pytest.raises(Refused, match="unknown_weight"):
        recode(tiny, merged, Y2025, Y2005)
    reference = Reference(values(10, 20, 30), WeightBasis.HOUSEHOLDS)
    back = recode(tiny, merged, Y2025, Y2005, reference=reference)
    assert [value.value for value in back.values.values()] == [10, 20, 30]
    assert all(WeightBasis.HOUSEHOLDS in value.bases for value in back.values.values())
    assert all((value.low, value.high) == (0, 60) for value in back.values.values())


def test_a_chain_of_changes_is_followed_through(register):
    start = vector(register, BEFORE_2024, range(1, 283))
    result = recode(register, start, BEFORE_2024, AFTER, on_unknown_weight=BOUNDS)
    ward = result.values["27694@2025-07-01"]
    assert (ward.value, ward.status) == (None, ObservationStatus.MISSING)
    kept = [value.value for value in result.values.values() if value.value is not None]
    luong_hoa = result.values["28003@2025-07-01"]
    assert luong_hoa.bases == (WeightBasis.POPULATION,)
    assert luong_hoa.value == (
        start["28003@2004-08-31"]
        + start["28009@2004-08-31"]
        + start["28006@2004-08-31"] * Decimal("0.408772")
    )
    assert len(kept) == 96 - 23


def test_districts_have_no_successor(register):
    units = register.units_on(BEFORE, Level.DISTRICT)
    with pytest.raises(Refused, match="no_successor"):
        recode(register, {unit.unit_id: 1 for unit in units}, BEFORE, AFTER)


def test_values_off_the_map_and_mixed_levels_are_refused(register):
    with pytest.raises(Refused, match="not_on_map"):
        recode(register, {"27694@2025-07-01": 1}, BEFORE, AFTER)
    with pytest.raises(Misused, match="one_level_only"):
        recode(register, {"27694@2024-12-01": 1, "794@2009-08-25": 1}, BEFORE, AFTER)


def test_the_same_day_changes_nothing(register):
    start = vector(register, BEFORE, range(280))
    result = recode(register, start, BEFORE, BEFORE)
    assert {unit: value.value for unit, value in result.values.items()} == start


def test_a_rate_is_rebuilt_from_its_recoded_parts(tiny):
    cases = recode(tiny, values(1, 10, 3), Y2005, Y2015)
    people = recode(tiny, values(100, 1000, 300), Y2005, Y2015)
    rates = rebuild_rate(cases, people, per=1000)
    assert rates["1@2010-01-01"].value == 10
    assert rates["1@2010-01-01"].status is ObservationStatus.ESTIMATED
    nobody = recode(tiny, values(0, 0, 0), Y2005, Y2015)
    assert rebuild_rate(cases, nobody)["1@2010-01-01"].status is ObservationStatus.NOT_APPLICABLE
    partly = recode(tiny, values(1, None, 3), Y2005, Y2015)
    assert rebuild_rate(partly, people)["1@2010-01-01"].status is ObservationStatus.PARTIAL


@given(n=st.integers(-(10**30), 10**30), cuts=st.lists(st.fractions(0, 1), max_size=6))
def test_allocated_parts_add_up_and_are_off_by_less_than_one(n, cuts):
    edges = [Fraction(0), *sorted(cuts), Fraction(1)]
    shares = [high - low for low, high in pairwise(edges)]
    parts = allocate(n, shares)
    assert sum(parts) == n
    assert all(abs(part - n * share) < 1 for part, share in zip(parts, shares, strict=True))


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_numbers_are_counted_in_quanta_without_loss(value):
    assert from_quanta(quanta(value, 9), 9) == value


def test_each_commune_of_today_is_made_of_communes_of_one_former_province(register):
    table = crosswalk(register, BEFORE, AFTER, Level.COMMUNE)
    provinces = Counter(
        frozenset(
            next(
                u.code
                for u in register.ancestors(register.get(a.old_unit_id), BEFORE)
                if u.level is Level.PROVINCE
            )
            for a in atoms
        )
        for atoms in table.by_new.values()
    )
    assert provinces == {frozenset({"80"}): 60, frozenset({"72"}): 36}
