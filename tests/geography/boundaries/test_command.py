"""`vamco boundaries` imports, checks and draws; exit codes and JSON are what programs rely on."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from tests.geography.boundaries.small_map import geojson

from vamco.flow.commands.boundaries import group
from vamco.geography.boundaries.store import load_boundaries
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Refused


def run(*arguments, code=0):
    done = CliRunner().invoke(group, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def file(shared):
    return shared / "admin_units" / "tayninh_new_communes_simplified_200m.geojson"


def test_an_import_is_stored_with_where_it_came_from(file, home):
    said = json.loads(
        run("import", file, "--map-on", "2025-07-01", "--source", "sapnhap", "--licence", "MIT", "--json")
    )
    stored = load_boundaries(home / "boundaries", Level.COMMUNE, date(2025, 7, 1))
    assert said["stored"] == {"path": str(stored.path), "version": 1, "n": 96}
    assert (stored.origin.licence, stored.origin.sha256) == ("MIT", said["sha256"])
    assert "96 ranh giới" in run("import", file, "--map-on", "01/07/2025", "--to", home / "khác")


def test_a_wrong_declaration_is_refused_and_nothing_stored(file, home):
    with pytest.raises(Refused, match="vn2000_already_wgs84"):
        run("import", file, "--map-on", "2025-07-01", "--crs", "4756")
    assert not (home / "boundaries").exists()


def test_a_check_names_the_fault_and_leaves_with_one(file):
    assert "--crs 4326" in run("check", file, "--map-on", "2025-07-01", "--crs", "9210", code=1)
    said = json.loads(run("check", file, "--map-on", "2025-07-01", "--crs", "9210", "--json", code=1))
    assert said["is_importable"] is False
    assert said["error"]["id"] == "geography.vn2000_degrees_as_metres"


def test_a_check_of_a_good_file_leaves_with_zero(file):
    assert "28177 +31%" in run("check", file, "--map-on", "2025-07-01", "--area-field", "area_km2_official")


def test_a_file_of_another_province_is_refused(tmp_path):
    with pytest.raises(Refused, match="boundary_no_codes"):
        run("check", geojson(tmp_path / "b.geojson"), "--map-on", "2025-07-01")


@pytest.mark.slow
@pytest.mark.parametrize(("on", "n"), [("2025-07-01", 96), ("2025-06-30", 280)])
def test_the_schematic_is_drawn_for_either_map(tmp_path, on, n):
    said = json.loads(run("schematic", "--on", on, "--output", tmp_path / "so-do.svg", "--json"))
    assert (len(said["tiles"]), said["left_out"]) == (n, [])
    assert (tmp_path / "so-do.svg").read_text("utf-8").count('role="listitem"') == n


@pytest.mark.slow
def test_the_same_schematic_is_drawn_twice(tmp_path):
    for name in ("a.svg", "b.svg"):
        assert "96 đơn vị" in run("schematic", "--on", "2025-07-01", "--output", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
