"""The schematic map as SVG: accessible, styled by classes and variables only, as a strict CSP asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final
from xml.etree import ElementTree as ET

from vamco.geography.names import bare_name, words
from vamco.geography.schematic.layout import Schematic, Tile
from vamco.geography.unit import AdministrativeUnit
from vamco.vocabulary.messages import Language, say

_SIZE: Final = 1000.0  # the unit square, in units of the drawing
_EDGE: Final = 4.0  # room around for the outline
_FOOT: Final = 48.0  # room below for the label that says what this is
_FILLED: Final = 0.96  # of a tile's radius; the rest is the line between tiles
_LETTER: Final = 0.2  # height of a letter, in widths of a tile
_LINE: Final = 1.15  # distance of lines, in heights of a letter
_BASELINE: Final = 0.36  # heights of a letter below the middle of its line
_N_LINES: Final = 3.3  # that a tile holds; where there are more, letters shrink
_LONGEST: Final = 8  # letters that a line of a tile holds
_FONT: Final = "Be Vietnam Pro, Segoe UI, Roboto, Noto Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Caption:
    """What a tile says: a short name on it, a full one for those who listen, a value, classes."""

    short_name: str
    full_name: str
    value: str = ""
    classes: Sequence[str] = field(default_factory=tuple)


def caption_of(unit: AdministrativeUnit, value: str = "") -> Caption:
    """The caption of a unit: its name without type word, unless only a number would be left; its kind as class."""
    n_type_words = len(words(unit.name)) - len(bare_name(unit.name))
    bare = " ".join(unit.name.split()[n_type_words:])
    short_name = unit.name if bare.isdecimal() else bare
    return Caption(short_name, unit.name, value, (f"is-{unit.kind.value.replace('_', '-')}",))


def to_svg(drawn: Schematic, captions: Mapping[str, Caption], title: str, language: Language = "vi") -> str:
    """The map as one SVG element. Each tile bears `schematic-tile`, its own classes and `data-unit`.

    Colours come from the CSS variables `--schematic-tile`, `-ink`, `-muted` and `-outline`.
    """
    label = say("geography.boundary_schematic_label", language)
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "schematic",
            "viewBox": f"{-_EDGE:g} {-_EDGE:g} {_SIZE + 2 * _EDGE:g} {_SIZE + _EDGE + _FOOT:g}",
            "role": "group",
            "aria-label": f"{title}. {label}",
            "font-family": _FONT,
            "text-anchor": "middle",
        },
    )
    ET.SubElement(svg, "title").text = title
    svg.append(_outline(drawn))
    tiles = ET.SubElement(svg, "g", {"class": "schematic-tiles", "role": "list"})
    for tile in _in_reading_order(drawn):
        tiles.append(_tile(drawn, tile, captions[tile.key]))
    svg.append(_text("schematic-label", label, _SIZE / 2, _SIZE + _FOOT * 0.62, 20.0, "muted"))
    return ET.tostring(svg, encoding="unicode")


def _in_reading_order(drawn: Schematic) -> list[Tile]:
    return sorted(drawn.tiles, key=lambda tile: (-tile.cell[0], tile.cell[1]))


def _outline(drawn: Schematic) -> ET.Element:
    sides = (f"M{_at(*start)}L{_at(*end)}" for start, end in drawn.outline())
    return ET.Element(
        "path",
        {
            "class": "schematic-outline",
            "d": "".join(sides),
            "fill": "none",
            "stroke": _colour("outline"),
            "stroke-width": "2.5",
            "stroke-linecap": "round",
            "aria-hidden": "true",
        },
    )


def _tile(drawn: Schematic, tile: Tile, caption: Caption) -> ET.Element:
    said = f"{caption.full_name}: {caption.value}" if caption.value else caption.full_name
    group = ET.Element(
        "g",
        {
            "class": " ".join(("schematic-tile", *caption.classes)),
            "role": "listitem",
            "aria-label": said,
            "data-unit": tile.key,
            "fill": _colour("tile"),
        },
    )
    ET.SubElement(group, "title").text = said
    corners = (
        (tile.x + (x - tile.x) * _FILLED, tile.y + (y - tile.y) * _FILLED) for x, y in drawn.corners(tile)
    )
    ET.SubElement(group, "polygon", {"points": " ".join(_at(x, y) for x, y in corners)})
    group.extend(_lettering(drawn, tile, caption))
    return group


def _lettering(drawn: Schematic, tile: Tile, caption: Caption) -> Iterator[ET.Element]:
    """The lines of the name and the value below, about the middle of the tile."""
    lines = lines_of(caption.short_name)
    n_lines = len(lines) + bool(caption.value)
    letter = drawn.width * _SIZE * _LETTER * min(1.0, _N_LINES / n_lines)
    x, y = tile.x * _SIZE, tile.y * _SIZE + letter * (_BASELINE - _LINE * (n_lines - 1) / 2)
    for i, line in enumerate(lines):
        yield _text("schematic-name", line, x, y + i * _LINE * letter, letter, "ink")
    if caption.value:
        value = _text("schematic-value", caption.value, x, y + len(lines) * _LINE * letter, letter, "ink")
        value.set("font-weight", "700")
        yield value


def _text(name: str, text: str, x: float, y: float, height: float, colour: str) -> ET.Element:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": f"{height:.1f}", "fill": _colour(colour)}
    element = ET.Element("text", {"class": name, **place})
    element.text = text
    return element


def lines_of(name: str) -> list[str]:
    """The name on two lines, or more where a tile cannot hold them, as even as they get; a word is never cut."""
    parts = name.split()
    for n_lines in range(min(2, len(parts)), len(parts) + 1):
        ways = [_joined(parts, cuts) for cuts in combinations(range(1, len(parts)), n_lines - 1)]
        best = min(ways, key=lambda lines: max(map(len, lines)))
        if max(map(len, best)) <= _LONGEST:
            return best
    return parts


def _joined(parts: Sequence[str], cuts: Sequence[int]) -> list[str]:
    return [" ".join(parts[start:end]) for start, end in zip((0, *cuts), (*cuts, len(parts)), strict=True)]


def _at(x: float, y: float) -> str:
    return f"{x * _SIZE:.1f},{y * _SIZE:.1f}"


def _colour(name: str) -> str:
    return f"var(--schematic-{name}, {_DEFAULTS[name]})"


_DEFAULTS: Final = {"tile": "#e7eaee", "ink": "#29333d", "muted": "#5d6874", "outline": "#b9c1ca"}
