"""One pinned transformation for the whole country, without a seam."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from pyproj.transformer import TransformerGroup

from vamco.geography.boundaries.vn2000 import ZONES, from_wgs84, to_wgs84

law = settings(deadline=None, max_examples=30)
grids = st.sampled_from(list(ZONES.values()))
places = st.tuples(st.floats(102.2, 109.4), st.floats(8.4, 23.3)).map(lambda place: np.array([place]))


def metres(one, other):
    return float(np.hypot(*((one - other)[0] * (111_320, 110_600))))


@pytest.mark.parametrize("epsg", ZONES)
def test_the_meridian_and_scale_of_each_zone_are_those_of_epsg(epsg):
    operation = CRS.from_epsg(epsg).coordinate_operation
    values = {parameter.name: parameter.value for parameter in operation.params}
    assert values["Longitude of natural origin"] == ZONES[epsg].meridian
    assert values["Scale factor at natural origin"] == ZONES[epsg].scale
    assert values["False easting"] == 500_000
    assert CRS.from_epsg(epsg).geodetic_crs.to_epsg() == 4756


@pytest.mark.parametrize("epsg", ZONES)
def test_the_national_parameters_are_taken_and_not_those_of_the_delta(epsg):
    place = from_wgs84(np.array([[106.41, 10.536]]), ZONES[epsg])
    national = [
        t for t in TransformerGroup(epsg, 4326, always_xy=True).transformers if "(2)" in t.description
    ]
    expected = np.array([national[0].transform(*place[0])])
    assert metres(to_wgs84(place, ZONES[epsg]), expected) < 0.001


def test_a_known_point_of_tan_an_lands_in_both_zones_of_the_province():
    """Measured with PROJ's own choice (the delta set), hence the tolerance of its 0.8 m."""
    tan_an = np.array([[106.41, 10.536]])
    assert from_wgs84(tan_an, ZONES[9210])[0] == pytest.approx((572_038.05, 1_165_213.157), abs=1)
    assert from_wgs84(tan_an, ZONES[9209])[0] == pytest.approx((599_401.375, 1_165_281.564), abs=1)


def test_there_is_no_seam_at_the_edge_of_the_delta_box():
    northings = np.arange(1_220_000.0, 1_226_000.0, 10.0)
    line = np.column_stack((np.full_like(northings, 572_345.0), northings))
    steps = np.diff(to_wgs84(line, ZONES[9210])[:, 1]) * 110_600
    assert np.ptp(steps) < 0.001


@law
@given(grids, places)
def test_there_and_back_is_within_two_millimetres(grid, place):
    assert metres(to_wgs84(from_wgs84(place, grid), grid), place) < 0.002


@law
@given(grids, places)
def test_the_datum_moves_every_place_by_about_two_hundred_metres(grid, place):
    shifted = to_wgs84(from_wgs84(place, grid, shift=False), grid)
    assert 180 < metres(shifted, place) < 260


def test_degrees_on_vn2000_are_shifted_too():
    place = np.array([[106.41, 10.536]])
    assert metres(to_wgs84(place, None), place) == pytest.approx(226, abs=3)


def test_numbers_that_are_no_degrees_come_back_as_infinity():
    assert not np.isfinite(to_wgs84(np.array([[572_345.0, 1_165_432.0]]), None)).any()
