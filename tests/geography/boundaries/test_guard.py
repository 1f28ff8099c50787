"""Each classic fault, planted in random points, is named and its fix proposed."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.geography.boundaries.coordinates import WGS84, CoordinateReading, Datum, reading_of
from vamco.geography.boundaries.diagnosis import Doubt, Fault
from vamco.geography.boundaries.guard import diagnose
from vamco.geography.boundaries.references import References
from vamco.geography.boundaries.vn2000 import ZONES, Grid
from vamco.vocabulary.errors import Misused, Refused

LONG_AN = CoordinateReading(ZONES[9210], Datum.VN2000)
law = settings(deadline=None, max_examples=10)
zones = st.sampled_from(list(ZONES.values())).map(lambda grid: CoordinateReading(grid, Datum.VN2000))
seeds = st.integers(0, 2**32 - 1)


def swapped(reading: CoordinateReading) -> CoordinateReading:
    return CoordinateReading(reading.grid, reading.datum, not reading.swapped)


def on_wgs84(reading: CoordinateReading) -> CoordinateReading:
    return CoordinateReading(reading.grid, Datum.WGS84, reading.swapped)


def units(seed: int, n: int = 280) -> tuple[Sequence[str], np.ndarray, References]:
    """Units anywhere in the province; their references are rounded to 0.01°, as ours are."""
    chance = np.random.default_rng(seed)
    places = chance.uniform((105.55, 10.45), (106.7, 11.75), (n, 2))
    codes = [str(25_000 + 3 * i) for i in range(n)]
    rounded = {code: (round(lon, 2), round(lat, 2)) for code, (lon, lat) in zip(codes, places, strict=True)}
    return codes, places, References.of(rounded)


def diagnosed(seed, true, declared, n=280, referenced=True):
    codes, places, references = units(seed, n)
    known = references if referenced else References(extent=references.extent)
    return diagnose(true.from_wgs84(places), codes, declared, known)


def test_without_any_centre_the_declaration_is_believed_and_all_else_in_doubt():
    _, places, _ = units(1)
    found = diagnose(LONG_AN.from_wgs84(places), [None] * len(places), LONG_AN, References.of({}))
    assert found.is_sound
    assert found.doubts == (Doubt.PLACE, Doubt.DATUM)


@law
@given(seeds, zones)
def test_right_coordinates_are_sound_and_nothing_stays_in_doubt(seed, true):
    found = diagnosed(seed, true, true)
    assert found.is_sound
    assert (found.doubts, found.proposal) == ((), None)


@law
@given(seeds, zones, zones)
def test_a_wrong_meridian_or_width_is_named_and_the_true_zone_proposed(seed, true, declared):
    found = diagnosed(seed, true, declared)
    if true.grid == declared.grid:
        assert found.is_sound
        return
    expected = Fault.WRONG_WIDTH if true.grid.meridian == declared.grid.meridian else Fault.WRONG_MERIDIAN
    assert found.faults == (expected,)
    assert found.proposal == true


@law
@given(seeds, zones)
def test_a_missing_datum_shift_is_named(seed, true):
    found = diagnosed(seed, true, on_wgs84(true))
    assert found.faults == (Fault.MISSING_SHIFT,)
    assert found.proposal == true


@law
@given(seeds, zones)
def test_coordinates_already_on_wgs84_are_named(seed, declared):
    found = diagnosed(seed, on_wgs84(declared), declared)
    assert found.faults == (Fault.ALREADY_WGS84,)


@law
@given(seeds, zones, zones)
def test_swapped_northing_and_easting_are_named_in_any_zone(seed, true, declared):
    found = diagnosed(seed, swapped(true), declared)
    assert found.faults[0] is Fault.SWAPPED_AXES
    assert found.proposal == swapped(true)


@law
@given(seeds, zones)
def test_degrees_declared_as_metres_are_named(seed, declared):
    found = diagnosed(seed, WGS84, declared)
    assert found.faults == (Fault.DEGREES_AS_METRES,)
    assert found.proposal == WGS84


@law
@given(seeds, zones)
def test_metres_in_a_file_of_degrees_are_named(seed, true):
    found = diagnosed(seed, true, WGS84)
    assert found.faults == (Fault.METRES_AS_DEGREES,)
    assert found.proposal == true


@law
@given(seeds)
def test_latitude_before_longitude_is_named(seed):
    found = diagnosed(seed, swapped(WGS84), WGS84)
    assert found.faults == (Fault.SWAPPED_DEGREES,)
    assert found.proposal == swapped(WGS84)


@law
@given(seeds, zones)
def test_coordinates_without_declaration_get_their_system_proposed(seed, true):
    found = diagnosed(seed, true, None)
    assert (found.faults, found.proposal) == ((Fault.UNDECLARED,), true)


@law
@given(seeds)
def test_coordinates_of_elsewhere_are_not_given_a_system(seed):
    codes, places, references = units(seed)
    found = diagnose(places - (40.0, 20.0), codes, WGS84, references)
    assert (found.faults, found.proposal) == ((Fault.UNRECOGNIZED,), None)


@law
@given(seeds)
def test_coordinates_that_lie_between_two_meridians_are_not_pressed_into_one(seed):
    codes, places, references = units(seed)
    found = diagnose(np.add(LONG_AN.from_wgs84(places), (12_000, 6_000)), codes, LONG_AN, references)
    assert (found.faults, found.proposal) == ((Fault.UNRECOGNIZED,), None)


@law
@given(seeds, st.integers(1, 3))
def test_with_few_references_the_zone_is_decided_and_the_datum_left_open(seed, n):
    found = diagnosed(seed, LONG_AN, CoordinateReading(ZONES[9209], Datum.VN2000), n)
    assert found.faults == (Fault.WRONG_MERIDIAN,)
    assert found.proposal == LONG_AN
    assert found.doubts == (Doubt.DATUM,)


@law
@given(seeds)
def test_the_datum_is_never_guessed_from_the_extent(seed):
    for declared in (LONG_AN, on_wgs84(LONG_AN)):
        found = diagnosed(seed, LONG_AN, declared, referenced=False)
        assert found.is_sound
        assert Doubt.DATUM in found.doubts


@law
@given(seeds)
def test_from_the_extent_alone_a_far_meridian_is_a_fault_with_the_true_one_among_the_candidates(seed):
    found = diagnosed(seed, LONG_AN, CoordinateReading(ZONES[9214], Datum.VN2000), referenced=False)
    assert found.faults == (Fault.WRONG_MERIDIAN,)
    assert found.proposal == LONG_AN or LONG_AN in found.candidates


@law
@given(seeds)
def test_from_the_extent_alone_swapped_axes_are_put_right(seed):
    found = diagnosed(seed, swapped(LONG_AN), LONG_AN, referenced=False)
    assert found.faults == (Fault.SWAPPED_AXES,)
    assert found.proposal == swapped(LONG_AN)


@law
@given(seeds)
def test_units_under_the_wrong_code_do_not_hide_a_missing_shift(seed):
    codes, places, references = units(seed)
    mistaken = [codes[(i + 1) % 28] if i < 28 else code for i, code in enumerate(codes)]
    found = diagnose(LONG_AN.from_wgs84(places), mistaken, on_wgs84(LONG_AN), references)
    assert found.faults == (Fault.MISSING_SHIFT,)


def test_the_evidence_tells_the_distance_before_and_after():
    evidence = diagnosed(1, LONG_AN, CoordinateReading(ZONES[9209], Datum.VN2000)).evidence
    assert (evidence.n_points, evidence.n_references) == (280, 280)
    assert evidence.distance_before_m == pytest.approx(27_400, abs=300)
    assert evidence.distance_after_m < 600
    assert evidence.offset_after_m < 120


def test_a_fault_is_refused_in_words_with_the_option_that_cures_it():
    found = diagnosed(1, swapped(LONG_AN), CoordinateReading(ZONES[9209], Datum.VN2000))
    with pytest.raises(Refused) as refused:
        found.require_sound()
    assert refused.value.details["option"] == "--crs 9210 --swap-axes"
    for language in ("vi", "en"):
        assert all("--crs 9210" in said["next"] for said in found.say(language))


@pytest.mark.parametrize(
    ("crs", "reading"),
    [
        (9210, LONG_AN),
        ("EPSG:9210", LONG_AN),
        (4326, WGS84),
        ("OGC:CRS84", WGS84),
        (4756, CoordinateReading(None, Datum.VN2000)),
        (32648, CoordinateReading(Grid(105.0, 0.9996), Datum.WGS84)),
        (3405, CoordinateReading(Grid(105.0, 0.9996), Datum.VN2000)),
        (3857, None),
        ("+proj=tmerc +lon_0=105.75 +k=0.9999 +x_0=500000 +ellps=WGS84 +units=m", on_wgs84(LONG_AN)),
        ("+proj=tmerc +lon_0=105.75 +k=0.9999 +x_0=200000 +ellps=WGS84 +units=m", None),
        (
            "+proj=longlat +ellps=WGS84 +towgs84=-191.9,-39.3,-111.45,0,0,0,0",
            CoordinateReading(None, Datum.VN2000),
        ),
        ("+proj=longlat +ellps=WGS84 +towgs84=100,0,0,0,0,0,0", None),
        (
            'PROJCS["VN_2000_105_45",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",'
            'SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],'
            'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
            'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
            'PARAMETER["Central_Meridian",105.75],PARAMETER["Scale_Factor",0.9999],'
            'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]',
            LONG_AN,
        ),
    ],
)
def test_the_ways_files_name_their_system_are_understood(crs, reading):
    assert reading_of(crs) == reading


@law
@given(zones, st.booleans())
def test_a_reading_can_be_declared_again_by_its_proj_string(reading, is_wgs84):
    reading = on_wgs84(reading) if is_wgs84 else reading
    assert reading_of(reading.proj) == reading


def test_a_system_that_does_not_exist_is_refused():
    with pytest.raises(Misused, match="boundary_unknown_crs"):
        reading_of("EPSG:99999")
