"""As a browser draws it, no name leaves its tile or touches another."""

from datetime import date

import pytest
from tests.geography.conftest import PROVINCES

from vamco.geography.centroids import load_centroids, places_of
from vamco.geography.loading import province_register
from vamco.geography.schematic.layout import lay_out
from vamco.geography.schematic.svg import caption_of, to_svg
from vamco.geography.unit import Level

STRICT = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
MEASURE = """() => [...document.querySelectorAll('.schematic-tile')].map(tile => {
    const box = e => { const b = e.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height] };
    return {unit: tile.dataset.unit, tile: box(tile.querySelector('polygon')),
            texts: [...tile.querySelectorAll('text')].map(box),
            fill: getComputedStyle(tile).fill};
})"""


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("value", ["", "12,3 %"])
def test_every_name_stays_inside_its_tile_under_a_strict_content_policy(browser, value):
    units = province_register(PROVINCES, "tay-ninh").units_on(date(2025, 7, 1), Level.COMMUNE)
    drawn = lay_out(places_of(units, load_centroids(PROVINCES / "tay-ninh" / "centroids.csv")))
    svg = to_svg(drawn, {unit.unit_id: caption_of(unit, value) for unit in units}, "Tây Ninh")
    page = browser.new_page(viewport={"width": 900, "height": 960})
    page.set_content(f"{STRICT}<body>{svg}")
    measured = page.evaluate(MEASURE)
    page.close()
    assert len(measured) == 96
    for each in measured:
        west, north, east, south = each["tile"]
        for left, top, right, bottom in each["texts"]:
            assert west <= left < right <= east, each["unit"]
            assert north <= top < bottom <= south, each["unit"]
    assert {each["fill"] for each in measured} == {"rgb(231, 234, 238)"}
