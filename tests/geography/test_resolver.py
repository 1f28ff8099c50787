"""Names as people write them lead to one unit, or to an honest list."""

import csv
import time
import unicodedata
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.geography.names import bare_name, words
from vamco.geography.resolver import Resolver
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Ambiguous, NotFound
from vamco.vocabulary.text import fold

OLD, NEW = date(2025, 1, 1), date(2025, 8, 1)


@pytest.mark.parametrize(
    ("text", "parent", "code"),
    [
        ("Phường 4", "Thành phố Tây Ninh", "25462"),
        ("phường IV", "TP. Tây Ninh", "25462"),
        ("P.4", "tp tây ninh", "25462"),
        ("P4", "703", "25462"),
        ("p 04", "TP Tay Ninh", "25462"),
        ("Phường 4, thành phố Tân An", None, "27691"),
        ("Phường 4 (TP. Tân An), tỉnh Long An", None, "27691"),
        ("TT. Bến Lức", None, "27991"),
        ("tt ben luc", None, "27991"),
        ("TX. Kiến Tường", None, "795"),
        ("tp tan an", None, "794"),
        ("H. Đức Hoà", None, "802"),
        ("huyện đức hòa", None, "802"),
        ("HUYEN DUC HOA", None, "802"),
        ("Huyện Ðức Hòa", None, "802"),
        ("\ufeffHuyện\u00a0Đức\u200b Hòa", None, "802"),
        ("Xã Mĩ Lộc", None, "28177"),
        ("xã  Hòa Khánh   Tây", None, "27970"),
        ("Xã Hoà Khánh Tây", None, "27970"),
        ("xã Tân Thành", "huyện Tân Thạnh", "27850"),
        ("xã Tân Thành", "Mộc Hóa", "27823"),
        ("27694", None, "27694"),
    ],
)
def test_a_name_as_people_write_it_is_one_unit(resolver, text, parent, code):
    assert resolver.resolve(text, OLD, parent=parent).code == code


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_unicode_form_makes_no_difference(resolver, form):
    text = unicodedata.normalize(form, "Thị trấn Thủ Thừa")
    assert resolver.resolve(text, OLD).code == "28036"


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        ("BA RIA-VUNG TAU", "2005-01-01", "77"),
        ("CAN THO CITY", "2005-01-01", "92"),
        ("CAN THO CITY", "1994-02-01", "92"),
        ("THUA THIEN - HUE", "2005-01-01", "46"),
        ("DAK LAK", "2005-01-01", "66"),
        ("HA TAY", "2008-07-31", "28"),
        ("VN-41", "2005-01-01", "80"),
        ("vn-37", "2005-01-01", "72"),
        ("VN-37", "2025-07-01", "80"),
        ("Tỉnh Đăk Lăk", "2021-01-01", "66"),
        ("TP.HCM", "2021-01-01", "79"),
        ("TPHCM", "2021-01-01", "79"),
        ("Tp. Hồ Chí Minh", "2021-01-01", "79"),
    ],
)
def test_a_province_is_known_by_capitals_city_and_iso_code(resolver, text, on, code):
    assert resolver.resolve(text, date.fromisoformat(on), Level.PROVINCE).code == code


def test_homonyms_are_listed_and_never_guessed(resolver):
    with pytest.raises(Ambiguous) as error:
        resolver.resolve("xã Tân Thành", OLD)
    candidates = error.value.details["candidates"]
    assert [c["code"] for c in candidates] == ["25543", "27823", "27850", "28042"]
    assert candidates[0]["parents"] == ["Huyện Tân Châu", "Tỉnh Tây Ninh"]
    assert error.value.exit_code == 3
    assert "Huyện Mộc Hóa" in candidates[1]["label"]


def test_names_that_differ_only_by_marks_are_exact_with_marks_and_ambiguous_without(resolver):
    assert resolver.resolve("thị trấn Tân Thạnh", OLD).code == "27826"
    with_marks = resolver.answer("Tân Thạnh", OLD, Level.COMMUNE)
    without = resolver.answer("Tan Thanh", OLD, Level.COMMUNE)
    assert [u.code for u in with_marks.candidates] == ["27826"]
    assert {u.name for u in without.candidates} == {"Thị trấn Tân Thạnh", "Xã Tân Thành"}


def test_a_wrong_mark_is_not_repaired_silently(resolver):
    with pytest.raises(NotFound) as error:
        resolver.resolve("Xã Tấn Lập", OLD)
    assert "Xã Tân Lập" in str(error.value.details["shown"])


def test_a_name_out_of_its_time_is_not_found_and_its_kin_are_suggested(resolver):
    with pytest.raises(NotFound) as error:
        resolver.resolve("BINH DUONG", date(1995, 1, 1), Level.PROVINCE)
    assert [s["name"] for s in error.value.details["suggestions"]] == ["Tỉnh Bình Dương", "Tỉnh Sông Bé"]
    with pytest.raises(NotFound) as error:
        resolver.resolve("Tỉnh Long An", NEW)
    assert "Tỉnh Tây Ninh" in [s["name"] for s in error.value.details["suggestions"]]


def test_another_rank_is_not_found_and_the_right_one_is_suggested(resolver):
    with pytest.raises(NotFound) as error:
        resolver.resolve("Huyện Tân An", OLD)
    assert "Thành phố Tân An" in [s["name"] for s in error.value.details["suggestions"]]


def test_a_wrong_parent_is_named_as_the_trouble(resolver):
    with pytest.raises(NotFound, match="name_not_under_parent"):
        resolver.resolve("xã Tân Thành", NEW, parent="huyện Tân Thạnh")


@pytest.mark.parametrize("text", ["", "   ", ",", "tan2 an", "()", "xã", "𝔛", "'; drop table", "٤"])
def test_nonsense_is_not_found(resolver, text):
    with pytest.raises(NotFound):
        resolver.resolve(text, OLD)


def test_the_43_homonymous_communes_need_their_district_and_then_answer(register, resolver):
    communes = register.units_on(OLD, Level.COMMUNE)
    names = Counter(words(unit.name) for unit in communes)
    homonyms = [unit for unit in communes if names[words(unit.name)] > 1]
    assert (len(homonyms), len({words(unit.name) for unit in homonyms})) == (43, 18)
    for unit in homonyms:
        assert len(resolver.answer(unit.name, OLD).candidates) == names[words(unit.name)]
        assert resolver.resolve(unit.name, OLD, parent=unit.parent_code) is unit


def test_every_province_of_opendengue_is_resolved_on_the_map_of_its_contract(resolver, shared):
    path = shared / "epidemic/opendengue/vietnam_spatial_extract_V1_3.csv"
    with path.open(encoding="utf-8-sig") as file:
        names = {row["adm_1_name"] for row in csv.DictReader(file) if row["adm_1_name"]}
    found = {resolver.resolve(name, date(2004, 1, 1), Level.PROVINCE).code for name in names}
    assert len(names) == len(found) == 64


def test_every_name_of_the_exam_is_a_province(resolver, shared):
    path = shared / "admin_units/province_codes_moet_gso_old_new.csv"
    with path.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            unit = resolver.answer(row["moet_name"], date(2021, 7, 1), Level.PROVINCE).unit
            assert unit is not None, row["moet_name"]
            assert unit.code == row["gso_old_code"]


MANGLERS = [
    str,
    str.upper,
    str.lower,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace("Phường ", "P.").replace("Thị trấn ", "TT. ").replace("Huyện ", "H. "),
    lambda name: f"  {name.replace(' ', '   ')} ",
    lambda name: name.replace("òa", "oà").replace("óa", "oá").replace("ủy", "uỷ").replace("úy", "uý"),
]


@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_an_official_name_with_its_parent_survives_any_way_of_writing(register, resolver, data):
    unit = data.draw(st.sampled_from(register.units))
    first = unit.valid_from_on.toordinal()
    last = (unit.valid_to_on or date(2027, 1, 1)).toordinal() - 1
    on = date.fromordinal(data.draw(st.integers(first, last)))
    written = data.draw(st.sampled_from(MANGLERS))(unit.name)
    answer = resolver.answer(written, on, unit.level, unit.parent_code)
    assert answer.unit is unit


@given(
    text=st.one_of(
        st.text(max_size=20), st.sampled_from(["tan an", "P1", "Long An", "hoa thanh", "80", "VN-41"])
    ),
    on=st.dates(date(1980, 1, 1), date(2030, 1, 1)),
    parent=st.one_of(st.none(), st.sampled_from(["80", "Tây Ninh", "long an", "x"])),
)
@settings(deadline=None)
def test_no_answer_is_ever_off_the_map_of_the_day(resolver, text, on, parent):
    assert all(unit.is_valid_on(on) for unit in resolver.answer(text, on, parent=parent).candidates)


def test_unmarked_text_means_every_unit_that_it_fits(register, resolver):
    for unit in register.units_on(OLD, Level.COMMUNE):
        assert unit in resolver.answer(fold(unit.name), OLD).candidates


def test_an_answer_has_one_unit_or_none_or_every_candidate(resolver):
    assert resolver.answer("P1", OLD, parent="Tân An").unit.code == "27694"
    assert resolver.answer("nowhere", OLD).candidates == ()
    several = resolver.answer("xã Tân Thành", OLD)
    assert (several.unit, len(several.candidates)) == (None, 4)


def test_ten_thousand_distinct_values_take_under_a_second(register, resolver):
    asked = [(u.name.upper(), date(2005 + i, 1, 1), u.parent_code) for i in range(20) for u in register.units]
    start = time.process_time()
    for text, on, parent in asked:
        resolver.answer(text, on, parent=parent)
    assert (time.process_time() - start) / len(asked) < 1 / 10_000


def test_a_bare_name_has_no_type_word():
    assert bare_name("Thị trấn Tân Thạnh") == words("Tân Thạnh")
    assert bare_name("Phường 1") == ("1",)


def test_unmarked_text_is_no_evidence_for_a_name_without_marks(small):
    two = Resolver(
        small(
            "VN,1976-07-02,,Việt Nam,country,\n80,2000-01-01,,Tỉnh A,province,VN\n"
            "1,2000-01-01,,Xã Long An,rural_commune,80\n2,2000-01-01,,Xã Lòng Ân,rural_commune,80"
        )
    )
    assert len(two.answer("xa long an", OLD).candidates) == 2
    assert two.resolve("xã Long An", OLD).code == "1"
    assert two.resolve("xã lòng ân", OLD).code == "2"
