"""The schematic keeps who lies beside whom, and is the same on every run and machine."""

import hashlib
import json
import math
import os
import subprocess
import sys

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.geography.schematic.layout import lay_out, neighbours
from vamco.geography.schematic.relaxation import gabriel_edges
from vamco.vocabulary.errors import Misused

SVG = "{http://www.w3.org/2000/svg}"
TO_DRAW = st.dictionaries(
    st.text("0123456789", min_size=5, max_size=5),
    st.tuples(
        st.floats(105.5, 106.8).map(lambda x: round(x, 2)), st.floats(10.4, 11.8).map(lambda y: round(y, 2))
    ),
    min_size=1,
    max_size=25,
)
law = settings(deadline=None, max_examples=8)


def sunflower(n: int) -> dict[str, tuple[float, float]]:
    """Points as the seeds of a sunflower: irregular, and owed to no data file."""
    return {
        f"{i:05d}": (
            round(106 + 0.06 * math.sqrt(i) * math.cos(2.4 * i), 2),
            round(11 + 0.06 * math.sqrt(i) * math.sin(2.4 * i), 2),
        )
        for i in range(n)
    }


def fingerprint(drawn) -> str:
    return hashlib.sha256(repr([(tile.key, tile.cell) for tile in drawn.tiles]).encode()).hexdigest()


@law
@given(TO_DRAW)
def test_each_unit_gets_a_tile_of_its_own_in_the_unit_square(places):
    drawn = lay_out(places)
    assert [tile.key for tile in drawn.tiles] == sorted(places)
    assert len({tile.cell for tile in drawn.tiles}) == len(places)
    corners = np.array([drawn.corners(tile) for tile in drawn.tiles])
    assert corners.min() > -1e-9
    assert corners.max() < 1 + 1e-9
    assert np.ptp(corners, axis=(0, 1)).max() == pytest.approx(1)


@law
@given(TO_DRAW, st.randoms(use_true_random=False))
def test_the_order_of_units_makes_no_difference(places, chance):
    shuffled = list(places.items())
    chance.shuffle(shuffled)
    assert lay_out(dict(shuffled)) == lay_out(places)


def test_the_map_is_the_one_drawn_when_this_was_written():
    assert (
        fingerprint(lay_out(sunflower(60)))
        == "b9f92e0cfbf32599bfcd4c2a63ccce58acdb62dbaacab702f374d39e7a33bc10"
    )


def test_a_processor_with_other_instructions_draws_the_same_map():
    program = (
        "import json, sys; from vamco.geography.schematic.layout import lay_out;"
        "drawn = lay_out(json.load(sys.stdin)); print([(tile.key, tile.cell) for tile in drawn.tiles])"
    )
    plain = {**os.environ, "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(sunflower(60)),
        env=plain,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == repr([(tile.key, tile.cell) for tile in lay_out(sunflower(60)).tiles])


def test_units_whose_rounded_centres_are_the_same_stay_apart():
    drawn = lay_out({str(i): (106.0, 11.0) for i in range(7)})
    assert len({tile.cell for tile in drawn.tiles}) == 7


def test_nothing_is_drawn_of_nothing():
    with pytest.raises(Misused, match="boundary_nothing_to_draw"):
        lay_out({})


def test_neighbours_of_a_cell_are_mutual_and_meet_along_a_side():
    drawn = lay_out(sunflower(60))
    shapes = {tile.cell: shapely.Polygon(drawn.corners(tile)) for tile in drawn.tiles}
    side = drawn.radius
    for cell, shape in shapes.items():
        for other in neighbours(cell):
            assert cell in neighbours(other)
            if other in shapes:
                assert shape.buffer(1e-6).intersection(shapes[other].buffer(1e-6)).area == pytest.approx(
                    2e-6 * side, rel=0.1
                )


class TestOfTheProvince:
    """The 96 communes of July 2025."""

    def test_the_province_is_in_one_piece(self, drawn):
        whole = shapely.union_all([shapely.Polygon(drawn.corners(tile)).buffer(1e-6) for tile in drawn.tiles])
        assert whole.geom_type == "Polygon"
        assert len(whole.interiors) == 0

    def test_neighbours_stay_neighbours_or_next_but_one(self, drawn, places):
        keys = sorted(places)
        cells = {tile.key: tile for tile in drawn.tiles}
        edges = gabriel_edges(np.array([(places[k][0] * 0.98, places[k][1]) for k in keys]))
        steps = []
        for i, j in edges:
            a, b = cells[keys[i]], cells[keys[j]]
            steps.append(math.hypot(a.x - b.x, a.y - b.y) / drawn.width)
        assert np.mean(np.array(steps) < 1.1) > 0.8
        assert np.mean(np.array(steps) < 2.1) > 0.97

    def test_what_lies_well_to_the_north_or_east_is_drawn_so(self, drawn, places):
        agreed = []
        for a in drawn.tiles:
            for b in drawn.tiles:
                (lon_a, lat_a), (lon_b, lat_b) = places[a.key], places[b.key]
                if lat_a - lat_b > 0.15:
                    agreed.append(a.y < b.y)
                if lon_a - lon_b > 0.15:
                    agreed.append(a.x > b.x)
        assert np.mean(agreed) > 0.97

    def test_moving_one_centre_by_its_rounding_leaves_the_rest_in_place(self, drawn, places):
        key, (lon, lat) = min(places.items())
        moved = lay_out({**places, key: (round(lon + 0.01, 2), lat)})
        before, after = ({tile.key: (tile.x, tile.y) for tile in each.tiles} for each in (drawn, moved))
        shifts = [math.dist(before[k], after[k]) / drawn.width for k in before]
        assert np.mean(np.array(shifts) < 0.6) > 0.8
