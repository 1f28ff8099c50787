"""The design system keeps its promises: contrast, and states told apart without colour."""

import re

import pytest
from tests.web.wording import WEB

from vamco.web.templatetags.shell_tags import _SHAPES

TOKENS = (WEB / "static/vamco/tokens.css").read_text("utf-8")
TEXTS = ("ink", "ink-quiet", "ink-faint", "accent", "accent-strong", "attention", "serious", "critical")
GROUNDS = ("ground", "surface", "sunken")
ON_THEIR_OWN = [(state, f"{state}-soft") for state in ("attention", "serious", "critical")]


def theme(selector: str) -> dict[str, str]:
    block = TOKENS[TOKENS.index(selector) :]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block[: block.index("}")]))


THEMES = {"light": theme(":root {"), "dark": theme(':root[data-theme="dark"]')}


def luminance(colour: str) -> float:
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_every_text_colour_can_be_read_on_every_ground(name):
    colours = THEMES[name]
    pairs = (
        [(text, ground) for text in TEXTS for ground in GROUNDS] + ON_THEIR_OWN + [("on-accent", "accent")]
    )
    faint = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", THEMES)
def test_the_edge_of_a_field_can_be_seen(name):
    assert contrast(THEMES[name]["line-strong"], THEMES[name]["surface"]) >= 3


def test_each_state_has_a_shape_of_its_own():
    assert len(set(_SHAPES.values())) == len(_SHAPES)


def test_nothing_is_drawn_by_style_attributes_or_inline_scripts():
    for path in WEB.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)|<style", text), path


def test_colours_are_named_once():
    for path in (WEB / "static/vamco").glob("*.css"):
        if path.name not in {"tokens.css", "print.css"}:
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text("utf-8")) == [], path.name
