"""A catalogue is loaded by plan, look and apply; nothing changes before apply."""

from datetime import date

import pytest
from tests.geography.conftest import PROVINCES

from vamco.geography.catalogues.applying import Authority, applied
from vamco.geography.catalogues.planning import ChangeKind, plan_catalogue
from vamco.geography.catalogues.reading import CatalogueEdge, CatalogueUnit, read_edges, read_units
from vamco.geography.catalogues.starting import plan_profile
from vamco.geography.catalogues.writing import write_profile
from vamco.geography.loading import load_register, province_register
from vamco.geography.unit import Kind, Level
from vamco.vocabulary.errors import Misused, Refused, Unreadable

MERGER = date(2025, 7, 1)
NEW_DAY = date(2026, 1, 1)
LAW = Authority("NQ 1", "công báo")
SMALL = """VN,1976-07-02,,Việt Nam,country,
80,2000-01-01,,Tỉnh A,province,VN
1,2000-01-01,,Xã Hòa An,rural_commune,80
2,2000-01-01,,Xã B,rural_commune,80
3,2000-01-01,,Xã C,rural_commune,80"""


def commune(code, name, kind=Kind.RURAL_COMMUNE):
    return CatalogueUnit(code, name, kind, "80")


def kinds(plan, code):
    return {change.kind for change in plan.changes if change.code == code}


def test_without_edges_the_same_code_and_name_lives_on_however_it_is_spelled(small):
    units = [commune("1", "Xã Hoà An"), commune("2", "Phường B", Kind.WARD), commune("4", "Xã D")]
    plan = plan_catalogue(small(SMALL), units, NEW_DAY)
    assert kinds(plan, "1") == {ChangeKind.KEEP}
    assert kinds(plan, "2") == {ChangeKind.RETYPE}
    assert kinds(plan, "3") == {ChangeKind.CLOSE}
    assert kinds(plan, "4") == {ChangeKind.OPEN}
    assert {doubt.key for doubt in plan.doubts} == {"geography.doubt_no_origin", "geography.doubt_no_heir"}


def test_edges_tell_splits_merges_and_reused_codes(small):
    units = [commune("1", "Xã AB"), commune("3", "Xã CB")]
    edges = [
        CatalogueEdge("1", "1", is_whole=True),
        CatalogueEdge("2", "1", is_whole=False),
        CatalogueEdge("2", "3", is_whole=False),
        CatalogueEdge("3", "3", is_whole=True),
    ]
    plan = plan_catalogue(small(SMALL), units, NEW_DAY, edges=edges)
    assert kinds(plan, "1") == {ChangeKind.OPEN, ChangeKind.MERGE, ChangeKind.REUSE_CODE, ChangeKind.CLOSE}
    assert kinds(plan, "2") == {ChangeKind.CLOSE, ChangeKind.SPLIT}
    after = applied(plan, LAW)
    assert [u.name for u in after.units_on(NEW_DAY, Level.COMMUNE)] == ["Xã AB", "Xã CB"]
    assert len(after.units_on(date(2025, 12, 31), Level.COMMUNE)) == 3
    assert all(change.say(language) for change in plan.changes for language in ("vi", "en"))


@pytest.mark.parametrize(
    ("edge", "doubt"),
    [
        (CatalogueEdge("9", "1", is_whole=True), "doubt_unknown_old"),
        (CatalogueEdge("1", "9", is_whole=True), "doubt_unknown_new"),
        (CatalogueEdge("2", "1", is_whole=False), "doubt_lone_part"),
    ],
)
def test_a_plan_with_faults_is_shown_but_not_applied(small, edge, doubt):
    plan = plan_catalogue(small(SMALL), [commune("1", "Xã A")], NEW_DAY, edges=[edge])
    assert f"geography.{doubt}" in {fault.key for fault in plan.faults}
    assert all(fault.say("vi") for fault in plan.doubts)
    with pytest.raises(Refused, match="plan_has_faults"):
        applied(plan, LAW)


def test_another_source_and_a_list_of_doubts_are_held_against_the_plan(small):
    edges = [CatalogueEdge("1", "1", is_whole=True), CatalogueEdge("2", "2", is_whole=True)]
    others = [CatalogueEdge("1", "1", is_whole=False), CatalogueEdge("3", "1", is_whole=True)]
    units = [commune("1", "Xã Hòa An"), commune("2", "Xã B")]
    plan = plan_catalogue(
        small(SMALL), units, NEW_DAY, edges=edges, other_edges=others, suspicious={("2", "2")}
    )
    found = {(doubt.key.removeprefix("geography.doubt_"), doubt.about) for doubt in plan.doubts}
    assert {
        ("only_here", "2 → 2"),
        ("only_there", "3 → 1"),
        ("other_extent", "1 → 1"),
        ("suspicious", "2 → 2"),
    } <= found


def test_an_applied_plan_is_written_and_loads_again(small, tmp_path):
    plan = plan_catalogue(small(SMALL), [commune("1", "Xã Hòa An"), commune("2", "Xã Bê")], NEW_DAY)
    after = applied(plan, LAW)
    write_profile(after, tmp_path / "vietnam", "Thử: “một” tỉnh")
    again = load_register([tmp_path / "vietnam"])
    assert sorted(again.units, key=lambda u: u.unit_id) == sorted(after.units, key=lambda u: u.unit_id)
    assert again.successions == after.successions
    with pytest.raises(Refused, match="profile_exists"):
        write_profile(after, tmp_path / "vietnam", "x")


@pytest.mark.parametrize("province", ["vietnam", "tay-ninh"])
def test_writing_the_shipped_register_again_gives_the_same_bytes(province, tmp_path):
    write_profile(province_register(PROVINCES, province), tmp_path / province, "x")
    for name in ("units.csv", "succession.csv"):
        assert (tmp_path / province / name).read_bytes() == (PROVINCES / province / name).read_bytes()


def test_the_merger_is_planned_from_the_catalogues_as_the_register_has_it(register, shared):
    units = [
        u
        for u in read_units(shared / "admin_units/units_new_2026.csv", Level.COMMUNE)
        if u.parent_code == "80"
    ]
    codes = {unit.code for unit in units}
    edges = read_edges(shared / "admin_units/crosswalk_longan_tayninh_20250701.csv")
    national = [
        e for e in read_edges(shared / "admin_units/crosswalk_national_20250701.csv") if e.new_code in codes
    ]
    plan = plan_catalogue(register, units, MERGER, edges=edges, other_edges=national)
    counts = plan.counts()
    assert (counts["open"], counts["close"], counts["split"], counts["merge"]) == (96, 280, 21, 96)
    assert counts["reuse_code"] == 96
    assert plan.doubts == ()


def test_the_whole_country_is_read(shared):
    units = read_units(shared / "admin_units/units_new_2026.csv", Level.COMMUNE)
    provinces = read_units(shared / "admin_units/provinces_new_2026.csv", Level.PROVINCE)
    assert (len(units), len(provinces)) == (3321, 34)
    assert {unit.kind for unit in units} == {Kind.WARD, Kind.RURAL_COMMUNE, Kind.SPECIAL_ZONE}
    assert {unit.parent_code for unit in units} == {province.code for province in provinces}


def test_today_s_provinces_are_those_of_the_national_catalogue(shared):
    national = province_register(PROVINCES, "vietnam")
    provinces = read_units(shared / "admin_units/provinces_new_2026.csv", Level.PROVINCE)
    plan = plan_catalogue(national, provinces, date(2026, 11, 22), Level.PROVINCE)
    assert plan.counts()["keep"] == 34
    assert plan.doubts == ()


@pytest.mark.slow
def test_any_of_the_34_provinces_can_start_a_profile(shared, tmp_path):
    national = province_register(PROVINCES, "vietnam")
    units = read_units(shared / "admin_units/units_new_2026.csv", Level.COMMUNE)
    edges = read_edges(shared / "admin_units/crosswalk_national_20250701.csv")
    n_units = 0
    for province in national.units_on(MERGER, Level.PROVINCE):
        plan = plan_profile(national, units, province.code, MERGER, edges=edges)
        register = applied(plan, LAW)
        write_profile(register, tmp_path / province.code, province.name)
        again = load_register([PROVINCES / "vietnam", tmp_path / province.code])
        n_units += len(again.units_on(MERGER, Level.COMMUNE))
    assert n_units == 3321


def test_a_profile_starts_with_its_former_districts_and_communes(shared):
    national = province_register(PROVINCES, "vietnam")
    units = read_units(shared / "admin_units/units_new_2026.csv", Level.COMMUNE)
    edges = read_edges(shared / "admin_units/crosswalk_national_20250701.csv")
    register = applied(plan_profile(national, units, "80", MERGER, edges=edges), LAW)
    assert len(register.units_on(date(2025, 6, 30), Level.COMMUNE)) == 280
    assert len(register.units_on(date(2025, 6, 30), Level.DISTRICT)) == 24
    assert len(register.units_on(MERGER, Level.COMMUNE)) == 96


def test_an_island_district_without_communes_becomes_a_special_zone(shared, tmp_path):
    national = province_register(PROVINCES, "vietnam")
    units = read_units(shared / "admin_units/units_new_2026.csv", Level.COMMUNE)
    edges = read_edges(shared / "admin_units/crosswalk_national_20250701.csv")
    write_profile(applied(plan_profile(national, units, "31", MERGER, edges=edges), LAW), tmp_path, "x")
    register = load_register([PROVINCES / "vietnam", tmp_path])
    district = register.unit("318", date(2025, 6, 30))
    assert district.name == "Huyện Bạch Long Vĩ"
    assert [u.kind for u in register.kin_on(district, MERGER)] == [Kind.SPECIAL_ZONE]


def test_an_unknown_province_starts_nothing(shared):
    national = province_register(PROVINCES, "vietnam")
    with pytest.raises(Refused, match="no_units_for_province"):
        plan_profile(national, [commune("1", "Xã A")], "99", MERGER)


def test_columns_are_named_when_their_headers_are_unusual(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("\ufeffso,goi_la,thuoc\n00001,Xã A,80\n", "utf-8")
    with pytest.raises(Misused, match="catalogue_columns") as error:
        read_units(path, Level.COMMUNE)
    assert error.value.details["missing"] == ["code", "name"]
    named = {"code": "so", "name": "goi_la", "parent_code": "thuoc"}
    assert read_units(path, Level.COMMUNE, named) == [
        CatalogueUnit("00001", "Xã A", Kind.RURAL_COMMUNE, "80")
    ]


@pytest.mark.parametrize("row", ["1,Xóm A,80", ",Xã A,80"])
def test_a_row_without_kind_or_code_is_named(tmp_path, row):
    path = tmp_path / "c.csv"
    path.write_text(f"code,name,parent_code\n{row}\n", "utf-8")
    with pytest.raises(Unreadable, match="catalogue_row") as error:
        read_units(path, Level.COMMUNE)
    assert error.value.details["line"] == 2


def test_a_file_that_is_no_text_is_unreadable(tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes(b"code,name\n\xff\xfe\xfa,x\n")
    with pytest.raises(Unreadable, match="unreadable_catalogue"):
        read_units(path, Level.COMMUNE)
