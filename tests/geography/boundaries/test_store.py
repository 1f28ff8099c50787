"""Imported maps are kept whole, never rewritten, and open in other programs."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.geography.boundaries.small_map import MAP_ON, REFERENCES, UNITS, geojson

from vamco.geography.boundaries import store
from vamco.geography.boundaries.reading import read_boundaries
from vamco.geography.boundaries.store import Origin, load_boundaries, store_boundaries, stored_days
from vamco.geography.unit import Level
from vamco.vocabulary.errors import NotFound


@pytest.fixture
def boundaries(tmp_path):
    return read_boundaries(geojson(tmp_path / "b.geojson"), MAP_ON, UNITS, REFERENCES).boundaries


ORIGIN = Origin(MAP_ON, Level.COMMUNE, "b.geojson", "ab" * 32, "WGS 84", "Sở Nội vụ", "CC BY 4.0")


def test_what_is_stored_comes_back_the_same(tmp_path, boundaries):
    store_boundaries(tmp_path / "maps", ORIGIN, boundaries)
    loaded = load_boundaries(tmp_path / "maps", Level.COMMUNE, MAP_ON)
    assert loaded.boundaries == boundaries
    assert (loaded.origin, loaded.version) == (ORIGIN, 1)
    assert [path.name for path in (tmp_path / "maps").iterdir()] == ["commune-2025-07-01-v0001.parquet"]


def test_the_same_import_again_is_the_same_version(tmp_path, boundaries):
    first = store_boundaries(tmp_path, ORIGIN, boundaries)
    assert store_boundaries(tmp_path, ORIGIN, boundaries).path == first.path


def test_another_import_of_the_map_is_the_next_version_and_the_first_stays(tmp_path, boundaries):
    first = store_boundaries(tmp_path, ORIGIN, boundaries)
    before = first.path.read_bytes()
    second = store_boundaries(tmp_path, replace(ORIGIN, sha256="cd" * 32), boundaries[:6])
    assert second.version == 2
    assert load_boundaries(tmp_path, Level.COMMUNE, MAP_ON).boundaries == boundaries[:6]
    assert first.path.read_bytes() == before


def test_imports_at_the_same_time_get_versions_of_their_own(tmp_path, boundaries):
    origins = [replace(ORIGIN, sha256=f"{i:064d}") for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda origin: store_boundaries(tmp_path, origin, boundaries), origins))
    assert sorted(each.version for each in stored) == list(range(1, 9))
    assert [each.origin for each in stored] == origins


def test_a_failed_write_leaves_nothing_behind(tmp_path, boundaries, monkeypatch):
    def fail(*_):
        raise OSError("đĩa đầy")

    monkeypatch.setattr(store.os, "fsync", fail)
    with pytest.raises(OSError, match="đĩa đầy"):
        store_boundaries(tmp_path / "maps", ORIGIN, boundaries)
    assert list((tmp_path / "maps").iterdir()) == []


def test_the_same_boundaries_give_the_same_bytes(tmp_path, boundaries):
    one = store_boundaries(tmp_path / "a", ORIGIN, boundaries).path
    other = store_boundaries(tmp_path / "b", ORIGIN, boundaries).path
    assert one.read_bytes() == other.read_bytes()


def test_the_file_describes_itself_as_geoparquet_and_filters_by_box(tmp_path, boundaries):
    path = store_boundaries(tmp_path, ORIGIN, boundaries).path
    geo = json.loads(pq.read_schema(path).metadata[b"geo"])
    assert geo["columns"]["geometry"]["encoding"] == "WKB"
    assert geo["columns"]["geometry"]["bbox"] == pytest.approx([106.0, 10.5, 106.4, 10.8])
    query = "SELECT count(*) FROM read_parquet(?) WHERE bbox.xmin < 106.05 AND bbox.ymax > 10.65"
    assert duckdb.execute(query, [str(path)]).fetchone() == (2,)


def test_a_map_that_was_never_imported_is_named(tmp_path):
    with pytest.raises(NotFound, match="boundary_none_stored"):
        load_boundaries(tmp_path, Level.DISTRICT, MAP_ON)


def test_the_days_in_store_are_listed_once_each_by_level(tmp_path, boundaries):
    assert stored_days(tmp_path / "none", Level.COMMUNE) == ()
    later = replace(ORIGIN, map_on=date(2026, 3, 2))
    for origin in (later, ORIGIN, replace(ORIGIN, source="again")):
        store_boundaries(tmp_path, origin, boundaries)
    assert stored_days(tmp_path, Level.COMMUNE) == (MAP_ON, date(2026, 3, 2))
    assert stored_days(tmp_path, Level.PROVINCE) == ()
