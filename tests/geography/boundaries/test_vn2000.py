"""One pinned transformation for the whole country, without a seam."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from pyproj.transformer import TransformerGroup

from vamco.geography.boundaries.vn2000 import ZONES, from_wgs84, to_wgs84, zone
from vamco.vocabulary.errors import NotFound

law = settings(deadline=None, max_examples=30)
zones = st.sampled_from(ZONES)
places = st.tuples(st.floats(102.2, 109.4), st.floats(8.4, 23.3)).map(lambda place: np.array([place]))


def metres(one, other):
    return float(np.hypot(*((one - other)[0] * (111_320, 110_600))))


@pytest.mark.parametrize("known", ZONES, ids=lambda known: str(known.epsg))
def test_the_meridian_and_scale_of_each_zone_are_those_of_epsg(known):
    operation = CRS.from_epsg(known.epsg).coordinate_operation
    values = {parameter.name: parameter.value for parameter in operation.params}
    assert values["Longitude of natural origin"] == known.grid.meridian
    assert values["Scale factor at natural origin"] == known.grid.scale
    assert values["False easting"] == 500_000
    assert CRS.from_epsg(known.epsg).geodetic_crs.to_epsg() == 4756


@pytest.mark.parametrize("known", ZONES, ids=lambda known: str(known.epsg))
def test_the_national_parameters_are_taken_and_not_those_of_the_delta(known):
    place = from_wgs84(np.array([[106.41, 10.536]]), known.grid)
    national = [
        t for t in TransformerGroup(known.epsg, 4326, always_xy=True).transformers if "(2)" in t.description
    ]
    expected = np.array([national[0].transform(*place[0])])
    assert metres(to_wgs84(place, known.grid), expected) < 0.001


def test_a_known_point_of_tan_an_lands_in_both_zones_of_the_province():
    """Measured with PROJ's own choice (the delta set), hence the tolerance of its 0.8 m."""
    tan_an = np.array([[106.41, 10.536]])
    assert from_wgs84(tan_an, zone(9210).grid)[0] == pytest.approx((572_038.05, 1_165_213.157), abs=1)
    assert from_wgs84(tan_an, zone(9209).grid)[0] == pytest.approx((599_401.375, 1_165_281.564), abs=1)


def test_there_is_no_seam_at_the_edge_of_the_delta_box():
    northings = np.arange(1_220_000.0, 1_226_000.0, 10.0)
    line = np.column_stack((np.full_like(northings, 572_345.0), northings))
    steps = np.diff(to_wgs84(line, zone(9210).grid)[:, 1]) * 110_600
    assert np.ptp(steps) < 0.001


@law
@given(zones, places)
def test_there_and_back_is_within_two_millimetres(known, place):
    assert metres(to_wgs84(from_wgs84(place, known.grid), known.grid), place) < 0.002


@law
@given(zones, places)
def test_the_datum_moves_every_place_by_about_two_hundred_metres(known, place):
    shifted = to_wgs84(from_wgs84(place, known.grid, shift=False), known.grid)
    assert 180 < metres(shifted, place) < 260


def test_degrees_on_vn2000_are_shifted_too():
    place = np.array([[106.41, 10.536]])
    assert metres(to_wgs84(place, None), place) == pytest.approx(226, abs=3)


def test_numbers_that_are_no_degrees_come_back_as_infinity():
    assert not np.isfinite(to_wgs84(np.array([[572_345.0, 1_165_432.0]]), None)).any()


def test_a_zone_that_vietnam_does_not_use_is_refused():
    with pytest.raises(NotFound, match="vn2000_no_zone"):
        zone(32648)
