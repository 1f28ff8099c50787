"""Files that mean harm, or are only broken, are refused in words."""

import json
import sqlite3
import stat
import zipfile
from pathlib import Path

import pytest
import shapely
from tests.geography.boundaries.small_map import SQUARES, geojson, rows, with_gdal

from vamco.geography.boundaries import layer, source
from vamco.geography.boundaries.layer import read_layer
from vamco.vocabulary.errors import Ambiguous, NotFound, Refused, Unreadable


def zipped(path: Path, members: dict[str, bytes | Path]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return path


@pytest.fixture
def shapefile(tmp_path):
    with_gdal(tmp_path / "xa.shp", "ESRI Shapefile", "EPSG:9210")
    return sorted(tmp_path.glob("xa.*"))


def test_a_zipped_shapefile_is_read_with_its_companions(tmp_path, shapefile):
    read = read_layer(zipped(tmp_path / "xa.zip", {f"Bản đồ/{part.name}": part for part in shapefile}))
    assert read.crs == "EPSG:9210"
    assert read.fields["ten"] == [row["ten"] for row in rows()]


def test_unneeded_members_are_not_unpacked(tmp_path, shapefile):
    members = {part.name: part for part in shapefile} | {"chay.exe": b"MZ", "xa.vrt": b"<OGRVRTDataSource/>"}
    assert len(read_layer(zipped(tmp_path / "xa.zip", members)).geometries) == 12


@pytest.mark.parametrize("name", ["../xa.geojson", "/etc/xa.geojson", "a/../../xa.geojson", "c:xa.geojson"])
def test_a_member_that_leaves_the_folder_is_refused(tmp_path, name):
    with pytest.raises(Refused, match="boundary_bad_archive"):
        read_layer(zipped(tmp_path / "b.zip", {name: geojson(tmp_path / "b.geojson")}))
    assert not (tmp_path.parent / "xa.geojson").exists()


def test_a_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("xa.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Refused, match="boundary_bad_archive"):
        read_layer(tmp_path / "b.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = zipped(tmp_path / "b.zip", {"xa.geojson": b"{" + b" " * 50_000_000})
    with pytest.raises(Refused, match="boundary_bad_archive"):
        read_layer(bomb)


def test_a_size_that_the_archive_lies_about_is_caught_while_unpacking(tmp_path, monkeypatch):
    path = zipped(tmp_path / "b.zip", {"xa.geojson": geojson(tmp_path / "b.geojson")})
    told = path.read_bytes()
    true_size = (tmp_path / "b.geojson").stat().st_size.to_bytes(4, "little")
    path.write_bytes(told.replace(true_size, (10).to_bytes(4, "little")))
    with pytest.raises(Unreadable):
        read_layer(path)


def test_sizes_beyond_the_limits_are_refused(tmp_path, monkeypatch):
    file = geojson(tmp_path / "b.geojson")
    for module, limit in (
        (source, "MAX_BYTES"),
        (layer, "MAX_GEOJSON_BYTES"),
        (layer, "MAX_FEATURES"),
        (layer, "MAX_VERTICES"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, limit, 11)
            with pytest.raises(Refused, match="boundary_too_large"):
                read_layer(file)


def test_several_layers_are_listed_and_one_can_be_chosen(tmp_path):
    file = with_gdal(tmp_path / "b.gpkg", "GPKG", "EPSG:4326", layer="xa")
    with_gdal(file, "GPKG", "EPSG:4326", layer="huyen", append=True)
    with pytest.raises(Ambiguous) as refused:
        read_layer(file)
    assert sorted(refused.value.details["candidates"]) == ["huyen", "xa"]
    assert len(read_layer(file, "xa").geometries) == 12
    with pytest.raises(Unreadable):
        read_layer(file, "tinh")


def test_an_archive_must_hold_one_layer(tmp_path):
    file = geojson(tmp_path / "b.geojson")
    with pytest.raises(Ambiguous):
        read_layer(zipped(tmp_path / "b.zip", {"a.geojson": file, "b.geojson": file}))
    with pytest.raises(Ambiguous):
        read_layer(zipped(tmp_path / "c.zip", {"doc.txt": b"x"}))


@pytest.mark.parametrize("name", ["b.geojson", "b.shp", "b.gpkg", "b.vrt", "b.csv"])
def test_a_file_that_is_another_kind_inside_is_not_opened(tmp_path, name):
    (tmp_path / name).write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    with pytest.raises(Unreadable, match="boundary_unknown_kind"):
        read_layer(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read /etc/passwd"}',
        '{"features": 7}',
        '{"features": [7]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": "x"}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}]}',
        '{"features": [{"geometry": {"type": "Circle", "coordinates": [1, 2]}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [NaN, 1], [1, 0], [0, 0]]]}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1e999, 1], [1, 0], [0, 0]]]}}]}',
        '{"features": ' + "[" * 100_000,
        '{"crs": {"type": "name"}, "features": []}',
    ],
)
def test_broken_geojson_is_refused(tmp_path, text):
    (tmp_path / "b.geojson").write_text(text)
    with pytest.raises(Unreadable, match="boundary_unreadable"):
        read_layer(tmp_path / "b.geojson")


def test_a_file_without_features_has_no_areas(tmp_path):
    (tmp_path / "b.geojson").write_text('{"features": []}')
    with pytest.raises(Unreadable, match="boundary_no_areas"):
        read_layer(tmp_path / "b.geojson")


def test_an_archive_of_too_many_members_is_refused(tmp_path):
    members = {f"{i}.txt": b"" for i in range(source.MAX_MEMBERS + 1)}
    with pytest.raises(Refused, match="boundary_too_many_members"):
        read_layer(zipped(tmp_path / "b.zip", members))


def test_a_geojson_in_latin_letters_is_refused(tmp_path):
    (tmp_path / "b.geojson").write_bytes(
        '{"features": [{"properties": {"ten": "Tân"}}]}'.encode("cp1258", "replace")
    )
    with pytest.raises(Unreadable):
        read_layer(tmp_path / "b.geojson")


@pytest.mark.parametrize("suffix", ["shp", "gpkg"])
@pytest.mark.parametrize("length", [16, 100, 600])
def test_a_truncated_file_is_refused(tmp_path, suffix, length):
    driver = {"shp": "ESRI Shapefile", "gpkg": "GPKG"}[suffix]
    file = with_gdal(tmp_path / f"b.{suffix}", driver, "EPSG:4326")
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(Unreadable):
        read_layer(file)


def test_a_database_that_is_no_geopackage_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "b.gpkg") as database:
        database.execute("CREATE TABLE t (ma TEXT, geom BLOB)")
    with pytest.raises((Unreadable, Refused, Ambiguous)):
        read_layer(tmp_path / "b.gpkg")


def test_a_remote_or_virtual_path_is_no_file(tmp_path):
    for path in (
        "/vsicurl/http://127.0.0.1/b.geojson",
        "http://127.0.0.1/b.geojson",
        str(tmp_path / "không có.shp"),
    ):
        with pytest.raises(NotFound, match="boundary_no_file"):
            read_layer(Path(path))


def test_a_deeply_nested_property_is_only_text(tmp_path):
    properties = [{**row, "x": {"a": [1]}} for row in rows()]
    read = read_layer(geojson(tmp_path / "b.geojson", properties=properties))
    assert json.loads(read.fields["x"][0].replace("'", '"')) == {"a": [1]}
    assert shapely.equals(read.geometries, SQUARES).all()
