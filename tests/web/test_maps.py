"""The map of a day: a tile for each commune, or the boundaries that were imported."""

import re
from datetime import date
from itertools import pairwise

import pytest
import shapely

from vamco.geography.boundaries.shape import Boundary
from vamco.geography.boundaries.store import Origin, store_boundaries
from vamco.geography.unit import Level
from vamco.web.units import drawing
from vamco.web.units.life import register

pytestmark = pytest.mark.django_db
NEW, OLD = date(2025, 7, 1), date(2025, 6, 30)
LABEL = "Sơ đồ — không phải ranh giới"


def page(client, address: str) -> str:
    return " ".join(client.get(address).text.split())


def imported(home, on: date, source: str = "Sở Nội vụ", n: int = 96) -> None:
    """Squares in a row as the boundaries of that day's communes."""
    units = register().units_on(on, Level.COMMUNE)[:n]
    squares = [shapely.MultiPolygon([shapely.box(106 + i, 10, 107 + i, 11)]) for i in range(len(units))]
    made = [
        Boundary(u.code, u.unit_id, u.name, square, 1.0) for u, square in zip(units, squares, strict=True)
    ]
    origin = Origin(on, Level.COMMUNE, "ranh-gioi.zip", "ab" * 32, "WGS 84", source, "CC BY 4.0")
    store_boundaries(home / "boundaries", origin, made)


def test_each_commune_of_the_day_is_a_tile_that_opens_its_page(client):
    shown = page(client, "/units/?on=2025-07-01")
    assert LABEL in shown
    for unit in register().units_on(NEW, Level.COMMUNE):
        kind = unit.kind.value
        link = f'<a class="{kind}" href="/units/{unit.code}/?on=2025-07-01" aria-label="{unit.name}">'
        assert shown.count(link) == 1


def test_the_map_belongs_to_the_list_of_communes_alone(client):
    for address in ("/units/?level=province", "/units/?q=tan"):
        assert LABEL not in client.get(address).text


@pytest.fixture
def kept(home, monkeypatch):
    """The file that keeps a layout of three communes; nothing is remembered beside it."""
    monkeypatch.setattr(drawing, "_tiles", drawing._tiles.__wrapped__)
    drawn()
    [path] = (home / "maps").iterdir()
    return path


def drawn() -> drawing.Drawing | None:
    return drawing.drawing_of(register().units_on(NEW, Level.COMMUNE)[:3], Level.COMMUNE, NEW, NEW)


def test_a_layout_is_computed_once_and_kept_at_home(kept, monkeypatch):
    fresh = drawn()
    monkeypatch.setattr(drawing, "lay_out", None)
    assert drawn() == fresh


def test_a_kept_layout_that_is_torn_is_made_anew(kept):
    whole = kept.read_text()
    kept.write_text(whole[:100])
    assert drawn() is not None
    assert kept.read_text() == whole


def test_a_unit_is_marked_on_its_map_and_its_kin_on_theirs(client):
    shown = page(client, "/units/27694/?on=2025-07-01")
    assert "Trên bản đồ ngày 01/07/2025" in shown
    assert "Các đơn vị đi trước, bản đồ ngày 30/06/2025" in shown
    kin = register().predecessors("27694@2025-07-01")
    assert all(f'aria-label="{register().get(edge.old_unit_id).name}"' in shown for edge in kin)
    assert len(re.findall(r'<a href="/units/\d+/[^"]*" aria-label=', shown)) == 1 + len(kin)


def test_an_old_unit_shows_where_it_went(client):
    shown = page(client, "/units/27694/?on=2025-06-30")
    assert "Các đơn vị về sau, bản đồ ngày 01/07/2025" in shown
    assert 'aria-label="Phường Long An"' in shown


def test_a_district_is_marked_by_its_communes(client):
    shown = page(client, "/units/794/?on=2025-06-30")
    communes = register().units_on(OLD, Level.COMMUNE, "794")
    assert communes
    assert all(f'aria-label="{unit.name}"' in shown for unit in communes)


def test_imported_boundaries_are_drawn_instead_with_their_source(home, client):
    imported(home, NEW)
    for address in ("/units/?on=2025-07-01", "/units/?on=2026-11-22", "/units/27694/?on=2025-07-01"):
        shown = page(client, address)
        assert "Ranh giới đã nhập của bản đồ ngày 01/07/2025" in shown
        assert "Sở Nội vụ" in shown
        assert "CC BY 4.0" in shown
    assert LABEL in page(client, "/units/?on=2025-06-30")


def test_boundaries_of_any_day_serve_all_days_of_the_same_map_the_latest_first(home, client):
    for on, source in ((NEW, "bản đầu"), (date(2026, 3, 2), "bản đo lại")):
        imported(home, on, source)
    for on in ("2025-07-01", "2025-12-31", "2026-03-02", "2026-11-22"):
        assert "bản đo lại" in page(client, f"/units/?on={on}")
    assert LABEL in page(client, "/units/?on=2025-06-30")


def test_a_later_import_is_seen_at_once(home, client):
    imported(home, NEW)
    assert "Sở Nội vụ" in page(client, "/units/?on=2025-07-01")
    imported(home, NEW, "Sở Nông nghiệp và Môi trường", n=95)
    shown = page(client, "/units/?on=2025-07-01")
    assert "Sở Nông nghiệp và Môi trường" in shown
    assert "Chưa có vị trí trên hình:" in shown


def test_neighbours_keep_one_line_between_them_when_simplified(home):
    imported(home, NEW)
    drawn = drawing.drawing_of(register().units_on(NEW, Level.COMMUNE), Level.COMMUNE, NEW, NEW)
    sides = [[float(x) for x in re.findall(r"[ML]([\d.]+),", shape.path)] for shape in drawn.shapes]
    assert len(sides) == 96
    assert [max(west) for west, _ in pairwise(sides)] == [min(east) for _, east in pairwise(sides)]


def test_without_any_centre_the_page_goes_without_a_map(client, monkeypatch):
    monkeypatch.setattr(drawing, "_centroids", lambda _: ())
    shown = page(client, "/units/?on=2025-07-01")
    assert "96 đơn vị" in shown
    assert LABEL not in shown
