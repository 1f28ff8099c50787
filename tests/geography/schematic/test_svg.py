"""What people see and hear of the schematic."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from vamco.geography.schematic.layout import lay_out
from vamco.geography.schematic.svg import Caption, caption_of, lines_of, to_svg
from vamco.geography.unit import Level

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def svg(drawn, communes):
    captions = {unit.unit_id: caption_of(unit, "12,3 %") for unit in communes}
    return ET.fromstring(to_svg(drawn, captions, "Tỉnh Tây Ninh"))  # noqa: S314  our own output


def test_the_label_that_it_is_no_boundary_map_is_visible(svg):
    [label] = [text for text in svg.iter(f"{SVG}text") if text.get("class") == "schematic-label"]
    assert label.text == "Sơ đồ — không phải ranh giới"
    assert "Sơ đồ — không phải ranh giới" in svg.get("aria-label")


def test_each_tile_says_its_full_name_and_value(svg):
    tiles = [g for g in svg.iter(f"{SVG}g") if g.get("role") == "listitem"]
    by_unit = {tile.get("data-unit"): tile for tile in tiles}
    tile = by_unit["27694@2025-07-01"]
    assert len(tiles) == 96
    assert tile.get("aria-label") == tile.find(f"{SVG}title").text == "Phường Long An: 12,3 %"
    assert "".join(text.text for text in tile.iter(f"{SVG}text")) == "LongAn12,3 %"
    assert tile.get("class") == "schematic-tile is-ward"


def test_a_strict_content_policy_has_nothing_to_block(svg):
    for element in svg.iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}


def test_colours_are_variables_with_a_neutral_default(svg):
    colours = {element.get(name) for element in svg.iter() for name in ("fill", "stroke")} - {
        None,
        "none",
    }
    assert all(colour.startswith("var(--schematic-") for colour in colours)


def test_names_are_escaped():
    drawn = lay_out({"1": (106.0, 11.0)})
    text = to_svg(drawn, {"1": Caption("<b>", 'a"&<script>')}, "<i>")
    assert ET.fromstring(text).get("aria-label").startswith("<i>")  # noqa: S314  our own output
    assert "<script>" not in text


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Tân An", ["Tân", "An"]),
        ("Phước Vĩnh Tây", ["Phước", "Vĩnh Tây"]),
        ("Dương Minh Châu", ["Dương", "Minh", "Châu"]),
        ("Phan", ["Phan"]),
        ("Phường 1", ["Phường", "1"]),
        ("Nghiêngngả", ["Nghiêngngả"]),
    ],
)
def test_names_are_broken_between_words(name, lines):
    assert lines_of(name) == lines


def test_a_unit_with_a_number_for_a_name_keeps_its_type_word(register):
    units = register.units_on(date(2025, 6, 30), Level.COMMUNE)
    shown = {unit.name: caption_of(unit).short_name for unit in units}
    assert shown["Phường 1"] == "Phường 1"
    assert shown["Thị trấn Bến Lức"] == "Bến Lức"
