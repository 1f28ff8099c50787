"""The shipped register says what the law says."""

import csv
from collections import Counter
from datetime import date

import pytest

from vamco.geography.succession import Extent
from vamco.geography.unit import Level
from vamco.vocabulary.errors import NotFound

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def commune_edges(register, from_on=BEFORE, to_on=AFTER):
    found = register.successions_between(from_on, to_on)
    return [edge for edge in found if register.get(edge.old_unit_id).level is Level.COMMUNE]


def test_a_code_is_another_unit_after_the_merger(register):
    old, new = register.unit("27694", BEFORE), register.unit("27694", AFTER)
    assert (old.name, new.name) == ("Phường 1", "Phường Long An")
    assert [unit.name for unit in register.ancestors(old, BEFORE)] == [
        "Thành phố Tân An",
        "Tỉnh Long An",
        "Việt Nam",
    ]
    assert old.unit_id != new.unit_id


@pytest.mark.parametrize(
    ("on", "within", "n"),
    [
        ("2004-08-31", "80", 188),
        ("2013-03-19", "80", 192),
        ("2024-11-30", "80", 188),
        ("2024-12-01", "80", 186),
        ("2025-06-30", "72", 94),
        ("2025-06-30", None, 280),
        ("2025-07-01", None, 96),
        ("2025-07-01", "80", 96),
    ],
)
def test_communes_are_counted_on_the_map_of_the_day(register, on, within, n):
    assert len(register.units_on(date.fromisoformat(on), Level.COMMUNE, within)) == n


@pytest.mark.parametrize(
    ("on", "n"),
    [
        ("1996-12-31", 53),
        ("1997-01-01", 61),
        ("2004-01-01", 64),
        ("2008-08-01", 63),
        ("2025-06-30", 63),
        ("2025-07-01", 34),
        ("2026-11-22", 34),
    ],
)
def test_provinces_are_counted_on_the_map_of_the_day(register, on, n):
    assert len(register.units_on(date.fromisoformat(on), Level.PROVINCE)) == n


def test_districts_end_with_the_merger(register):
    assert len(register.units_on(BEFORE, Level.DISTRICT)) == 24
    assert register.units_on(AFTER, Level.DISTRICT) == []


def test_the_merged_province_has_82_communes_and_14_wards(register):
    kinds = Counter(unit.kind.value for unit in register.units_on(AFTER, Level.COMMUNE))
    assert kinds == {"rural_commune": 82, "ward": 14}


def test_the_merger_has_302_edges_of_which_43_are_parts_of_21_communes(register):
    edges = commune_edges(register)
    parts = Counter(edge.old_unit_id for edge in edges if edge.extent is Extent.PART)
    assert (len(edges), sum(edge.is_whole for edge in edges), sum(parts.values())) == (302, 259, 43)
    assert (len(parts), sorted(parts.values())[-2:]) == (21, [2, 3])
    assert all(edge.weight is None for edge in edges)


def test_every_edge_of_the_merger_equals_the_crosswalk_with_its_clause(register, shared):
    with (shared / "admin_units/crosswalk_longan_tayninh_20250701.csv").open(encoding="utf-8-sig") as file:
        expected = {
            (row["old_commune_code"], row["new_commune_code"], row["relation"] == "full", row["clause"])
            for row in csv.DictReader(file)
        }
    edges = commune_edges(register)
    found = {(e.old_unit_id.split("@")[0], e.new_unit_id.split("@")[0], e.is_whole, e.clause) for e in edges}
    assert found == expected
    assert {edge.resolution for edge in edges} == {"1682/NQ-UBTVQH15"}


def test_new_communes_are_named_as_their_clause_names_them(register, shared):
    with (shared / "admin_units/units_new_2026.csv").open(encoding="utf-8-sig") as file:
        national = {r["commune_code"] for r in csv.DictReader(file) if r["province_code"] == "80"}
    assert {unit.code for unit in register.units_on(AFTER, Level.COMMUNE)} == national


def test_the_communes_of_december_2024_were_divided_by_population(register):
    edges = commune_edges(register, date(2024, 11, 30), date(2024, 12, 1))
    parts = [edge for edge in edges if not edge.is_whole]
    assert {edge.old_unit_id for edge in parts} == {"28006@2004-08-31"}
    assert sum(edge.weight for edge in parts) == 1
    assert {edge.resolution for edge in edges} == {"1244/NQ-UBTVQH15"}


def test_an_unknown_code_and_a_code_out_of_its_time_are_told_apart(register):
    with pytest.raises(NotFound, match="unknown_code"):
        register.unit("99999", AFTER)
    with pytest.raises(NotFound, match="code_not_valid_on") as error:
        register.unit("28006", AFTER)
    assert "Xã Tân Hòa" in error.value.say("vi")["what"]


def test_all_96_codes_of_today_belonged_to_other_territory_before(register):
    for unit in register.units_on(AFTER, Level.COMMUNE):
        assert register.find(unit.code, BEFORE) is not None


def test_kin_are_found_through_every_change(register):
    long_an = register.unit("27694", AFTER)
    assert "Phường 2" in [unit.name for unit in register.kin_on(long_an, date(2005, 1, 1))]
    assert [
        unit.name for unit in register.kin_on(register.unit("74", AFTER.replace(year=2020)), date(1995, 1, 1))
    ] == ["Tỉnh Sông Bé"]


def test_edges_between_two_days_are_those_that_take_effect_after_the_first(register):
    assert register.successions_between(AFTER, date(2026, 1, 1)) == []
    assert {e.effective_on for e in register.successions_between(date(2024, 12, 1), AFTER)} == {
        date(2025, 1, 1),
        AFTER,
    }
