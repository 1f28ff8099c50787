"""No comparison without a verdict, and no verdict without its reason."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.geography.comparability import Comparability, compare, compare_maps
from vamco.geography.succession import WeightBasis
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Misused, NotFound

BEFORE_2024, BEFORE, AFTER = date(2024, 11, 30), date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("one", "other", "verdict", "reason"),
    [
        (("27694", BEFORE), ("27694", date(2025, 1, 1)), "comparable", "same_unit"),
        (("794", date(2009, 1, 1)), ("794", date(2010, 1, 1)), "comparable", "same_territory"),
        (("25480", date(2013, 1, 1)), ("25480", BEFORE), "comparable", "same_territory"),
        (("27694", BEFORE), ("27694", AFTER), "not_comparable", "code_reused"),
        (("80", BEFORE), ("80", AFTER), "not_comparable", "code_reused"),
        (("27697", BEFORE), ("27694", AFTER), "not_comparable", "merged"),
        (("25456", BEFORE), ("27694", AFTER), "not_comparable", "different_places"),
        (("27772", BEFORE), ("27757", AFTER), "not_comparable", "overlap"),
        (("28006", BEFORE_2024), ("28012", BEFORE), "not_comparable", "overlap"),
        (("66", date(2003, 1, 1)), ("67", date(2005, 1, 1)), "not_comparable", "part_of_unknown_size"),
    ],
)
def test_two_units_get_a_verdict_with_its_reason(register, one, other, verdict, reason):
    found = compare(register, one, other)
    assert (found.comparability.value, found.reason) == (verdict, f"geography.reason_{reason}")
    assert found == compare(register, other, one)
    assert all(found.say(language).strip() for language in ("vi", "en"))


def test_a_part_of_known_size_is_comparable_as_an_estimate(register):
    weights = {
        ("66@1991-12-26", "66@2004-01-01"): Decimal("0.8"),
        ("66@1991-12-26", "67@2004-01-01"): Decimal("0.2"),
    }
    known = register.weighed(weights, WeightBasis.POPULATION)
    found = compare(known, ("66", date(2003, 1, 1)), ("67", date(2005, 1, 1)))
    assert found.comparability is Comparability.ESTIMATE
    assert "0.2000" in found.say("en")
    assert "dân số" in found.say("vi")


def test_a_reused_code_says_what_became_of_the_old_unit(register):
    said = compare(register, ("27694", BEFORE), ("27694", AFTER)).say("vi")
    assert "Không so sánh được" in said
    assert "Phường 1" in said
    assert "Xã Hướng Thọ Phú" in said


def test_a_code_off_its_day_and_two_levels_are_refused(register):
    with pytest.raises(NotFound):
        compare(register, ("28006", AFTER), ("28006", BEFORE_2024))
    with pytest.raises(Misused):
        compare(register, ("794", BEFORE), ("27694", BEFORE))


def test_maps_are_judged_unit_by_unit(register):
    merger = compare_maps(register, BEFORE, AFTER, Level.COMMUNE)
    assert merger.verdict.comparability is Comparability.NOT_COMPARABLE
    assert (merger.verdict.details["n_comparable"], merger.verdict.details["n_not_comparable"]) == (73, 23)
    assert merger.units["27787@2025-07-01"].reason == "geography.reason_sum_of_whole"
    december = compare_maps(register, BEFORE_2024, BEFORE, Level.COMMUNE)
    assert december.verdict.comparability is Comparability.ESTIMATE
    assert december.verdict.details["n_estimate"] == 3
    assert december.units["27694@2024-12-01"].comparability is Comparability.COMPARABLE
    provinces = compare_maps(register, BEFORE, AFTER, Level.PROVINCE)
    assert provinces.verdict.comparability is Comparability.COMPARABLE


def test_the_same_map_is_comparable_and_the_order_of_days_is_free(register):
    assert (
        compare_maps(register, BEFORE, BEFORE, Level.COMMUNE).verdict.comparability
        is Comparability.COMPARABLE
    )
    assert compare_maps(register, AFTER, BEFORE, Level.COMMUNE) == compare_maps(
        register, BEFORE, AFTER, Level.COMMUNE
    )


@given(data=st.data())
def test_the_verdict_on_two_units_is_symmetric_and_says_something(register, data):
    days = [BEFORE_2024, BEFORE, AFTER]
    picks = []
    for _ in range(2):
        on = data.draw(st.sampled_from(days))
        picks.append((data.draw(st.sampled_from(register.units_on(on, Level.COMMUNE))).code, on))
    one, other = picks
    found = compare(register, one, other)
    assert found == compare(register, other, one)
    if one[0] == other[0] and register.unit(*one) is not register.unit(*other):
        assert found.reason in {"geography.reason_code_reused", "geography.reason_same_territory"}
