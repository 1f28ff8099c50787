"""A file of boundaries becomes the map of its day, or says what is wrong with it."""

import json
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from tests.geography.boundaries.small_map import (
    MAP_ON,
    REFERENCES,
    SIDE,
    SQUARES,
    UNITS,
    geojson,
    rows,
    unit,
    with_gdal,
)
from tests.geography.conftest import PROVINCES

from vamco.geography.boundaries.coordinates import WGS84, CoordinateReading, Datum
from vamco.geography.boundaries.reading import Declared, read_boundaries
from vamco.geography.boundaries.references import References
from vamco.geography.boundaries.vn2000 import ZONES
from vamco.geography.centroids import load_centroids
from vamco.geography.loading import province_register
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Refused, Unreadable

LONG_AN = CoordinateReading(ZONES[9210], Datum.VN2000)


class Mercator:
    """Web Mercator: neither VN-2000 nor WGS 84 in degrees, and yet well defined."""

    _transformer = Transformer.from_crs("OGC:CRS84", 3857, always_xy=True)

    def from_wgs84(self, points):
        return np.column_stack(self._transformer.transform(*points.T))


def read(path, units=UNITS, **declared):
    return read_boundaries(path, MAP_ON, units, REFERENCES, Declared(**declared))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ranh-gioi.geojson"


def changed(i: int, **values) -> list[dict]:
    return [{**row, **values} if n == i else row for n, row in enumerate(rows())]


@pytest.mark.parametrize(("driver", "suffix"), [("GPKG", "gpkg"), ("ESRI Shapefile", "shp")])
@pytest.mark.parametrize(
    ("crs", "reading"), [("EPSG:4326", WGS84), ("EPSG:9210", LONG_AN), ("EPSG:3857", Mercator())]
)
def test_geopackage_and_shapefile_give_the_boundaries_of_geojson(
    tmp_path, path, driver, suffix, crs, reading
):
    expected = read(geojson(path)).boundaries
    found = read(with_gdal(tmp_path / f"b.{suffix}", driver, crs, reading))
    assert [b.code for b in found.boundaries] == [b.code for b in expected]
    for one, other in zip(found.boundaries, expected, strict=True):
        assert shapely.hausdorff_distance(one.geometry, other.geometry) < 1e-7
        assert one.computed_area_km2 == pytest.approx(other.computed_area_km2, rel=1e-5)
    found.report.require_importable()


def test_the_official_and_the_computed_area_are_both_kept(path):
    file = geojson(path)
    first = read(file).boundaries[0]
    assert first.computed_area_km2 == pytest.approx(121.06, abs=0.01)
    assert first.official_area_km2 == Decimal("120.94")
    assert read(file, area_field="dien_tich").boundaries[0].official_area_km2 == Decimal("120.5")


def test_an_official_area_that_the_geometry_does_not_bear_out_is_reported(path):
    file = geojson(path, properties=changed(3, dien_tich="160,5"))
    [difference] = read(file, area_field="dien_tich").report.area_differences
    assert difference.code == UNITS[3].code
    assert difference.share == pytest.approx(-0.246, abs=0.01)


def test_the_field_of_codes_is_found_and_lost_zeros_are_given_back(path):
    numbers = [{"objectid": i, **row, "ma": int(row["ma"])} for i, row in enumerate(rows())]
    found = read(geojson(path, properties=numbers))
    assert found.report.code_field == "ma"
    assert [b.code for b in found.boundaries] == [u.code for u in UNITS]


def test_units_without_boundary_and_features_without_unit_are_named(path):
    report = read(geojson(path, properties=changed(2, ma="99999", ten="Xã Lạ"))).report
    assert [named.code for named in report.without_boundary] == [UNITS[2].code]
    assert [(named.code, named.name) for named in report.without_unit] == [("99999", "Xã Lạ")]


def test_a_code_borne_twice_is_refused(path):
    report = read(geojson(path, properties=changed(2, ma=UNITS[1].code))).report
    assert report.repeated == (UNITS[1].code,)
    with pytest.raises(Refused, match="boundary_repeated"):
        report.require_importable()


def test_an_invalid_geometry_is_repaired_and_the_repair_told(path):
    west, south, east, north = SQUARES[4].bounds
    bow_tie = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    found = read(geojson(path, shapes=[*SQUARES[:4], bow_tie, *SQUARES[5:]]))
    [repair] = found.report.repairs
    assert (repair.code, repair.reason.split("[")[0]) == (UNITS[4].code, "Self-intersection")
    assert repair.after_km2 == pytest.approx(60, abs=1)
    assert all(shapely.is_valid(b.geometry) for b in found.boundaries)


def test_overlaps_and_gaps_beyond_a_hectare_are_found(path):
    shapes = list(SQUARES)
    shapes[5] = shapely.box(*np.add(SQUARES[5].bounds, (0.01, 0, 0, 0)))
    shapes[0] = shapely.box(*np.add(SQUARES[0].bounds, (0, 0, 0.002, 0)))
    report = read(geojson(path, shapes=shapes)).report
    assert [overlap.codes for overlap in report.overlaps] == [(UNITS[0].code, UNITS[1].code)]
    assert report.overlaps[0].area_km2 == pytest.approx(0.002 / SIDE * 121, rel=0.01)
    [gap] = report.gaps
    assert gap.area_km2 == pytest.approx(12.1, rel=0.01)
    assert {UNITS[4].code, UNITS[5].code} <= set(gap.codes)


def test_slivers_of_drawing_accuracy_are_neither_overlap_nor_gap(path):
    shapes = [shapely.box(*np.add(SQUARES[0].bounds, (0, 0, 0.000005, 0))), *SQUARES[1:]]
    report = read(geojson(path, shapes=shapes)).report
    assert (report.overlaps, report.gaps) == ((), ())


def test_points_lines_and_empty_features_are_told_apart_from_areas(path):
    shapes = [SQUARES[0].centroid, SQUARES[1].exterior, None, shapely.Polygon(), *SQUARES[4:]]
    found = read(geojson(path, shapes=shapes))
    assert found.report.without_area == tuple(u.code for u in UNITS[:4])
    assert len(found.boundaries) == 8
    with pytest.raises(Unreadable, match="boundary_no_areas"):
        read(geojson(path, shapes=[SQUARES[0].centroid] * 12))


def test_names_of_another_map_under_the_same_codes_are_refused(path):
    rotated = [{**row, "ten": rows()[(i + 1) % 12]["ten"]} for i, row in enumerate(rows())]
    report = read(geojson(path, properties=rotated)).report
    assert report.named_otherwise[0].other_name == "Xã Long An"
    with pytest.raises(Refused, match="boundary_other_map"):
        report.require_importable()


def test_a_name_spelled_in_the_other_way_is_the_same_name(path):
    assert read(geojson(path, properties=changed(8, ten="DUC HOÀ"))).report.named_otherwise == ()


def test_a_declared_zone_wins_over_the_silence_of_the_file(tmp_path):
    file = with_gdal(tmp_path / "im-lang.shp", "ESRI Shapefile", None, LONG_AN)
    silent = read(file)
    assert silent.boundaries == ()
    with pytest.raises(Refused, match="vn2000_undeclared") as refused:
        silent.report.require_importable()
    assert refused.value.details["option"] == "--crs 9210"
    assert len(read(file, crs=9210).boundaries) == 12


def test_metres_in_a_geojson_that_declares_nothing_are_found_out(path):
    metres = shapely.transform(np.array(SQUARES), LONG_AN.from_wgs84)
    with pytest.raises(Refused, match="vn2000_metres_as_degrees"):
        read(geojson(path, shapes=metres)).report.require_importable()
    assert read(geojson(path, shapes=metres, crs="urn:ogc:def:crs:EPSG::9210")).report.diagnosis.is_sound


def test_swapped_axes_are_refused_and_cured_by_declaring_them(path):
    turned = CoordinateReading(LONG_AN.grid, LONG_AN.datum, swapped=True)
    file = geojson(path, shapes=shapely.transform(np.array(SQUARES), turned.from_wgs84), crs="EPSG:9210")
    with pytest.raises(Refused, match="vn2000_swapped_axes"):
        read(file).report.require_importable()
    assert len(read(file, swap_axes=True).boundaries) == 12


def test_a_file_without_codes_of_units_lists_its_fields(path):
    with pytest.raises(Refused, match="boundary_no_codes") as refused:
        read(geojson(path), units=[unit("88888", "Xã Khác")] * 12)
    assert refused.value.details["fields"] == ["ma", "ten", "dien_tich"]


def test_a_field_that_is_not_there_is_refused(path):
    with pytest.raises(Refused, match="boundary_no_field"):
        read(geojson(path), code_field="code")


def test_the_report_is_json_in_both_languages(path):
    report = read(geojson(path, properties=changed(2, ma="99999"))).report
    for language in ("vi", "en"):
        assert json.loads(json.dumps(report.as_dict(language)))["n_features"] == 12


class TestOnTheRealMap:
    """The 96 communes of July 2025, against our own reference points."""

    @pytest.fixture
    def units(self):
        return province_register(PROVINCES, "tay-ninh").units_on(MAP_ON, Level.COMMUNE)

    @pytest.fixture
    def references(self):
        rows = load_centroids(PROVINCES / "tay-ninh" / "centroids.csv")
        return References.of({row.code: (row.lon, row.lat) for row in rows if row.valid_from_on == MAP_ON})

    @pytest.fixture
    def file(self, shared):
        return shared / "admin_units" / "tayninh_new_communes_simplified_200m.geojson"

    def test_every_commune_gets_its_boundary_without_finding_but_areas(self, file, units, references):
        found = read_boundaries(file, MAP_ON, units, references)
        report = found.report
        assert len(found.boundaries) == 96
        assert (report.without_boundary, report.without_unit, report.named_otherwise) == ((), (), ())
        assert (report.overlaps, report.gaps, report.repairs) == ((), (), ())
        assert report.diagnosis.doubts == ()
        assert report.area_differences[0].share == pytest.approx(0.31, abs=0.01)
        assert sum(b.computed_area_km2 for b in found.boundaries) == pytest.approx(8_536, rel=0.01)

    def test_the_old_map_does_not_pass_for_the_new_one(self, file, references):
        units = province_register(PROVINCES, "tay-ninh").units_on(date(2025, 6, 30), Level.COMMUNE)
        with pytest.raises(Refused, match="boundary_other_map"):
            read_boundaries(file, date(2025, 6, 30), units, references).report.require_importable()

    @pytest.mark.parametrize(
        ("true", "declared", "fault"),
        [
            (LONG_AN, "EPSG:9209", "vn2000_wrong_meridian"),
            (LONG_AN, "+proj=tmerc +lon_0=105.75 +k=0.9999 +x_0=500000 +ellps=WGS84", "vn2000_missing_shift"),
            (CoordinateReading(None, Datum.VN2000), "EPSG:4326", "vn2000_missing_shift"),
            (WGS84, "EPSG:4756", "vn2000_already_wgs84"),
            (CoordinateReading(ZONES[3405], Datum.VN2000), "EPSG:5897", "vn2000_wrong_width"),
        ],
    )
    def test_faults_planted_in_real_boundaries_are_found_against_rounded_references(
        self, tmp_path, file, units, references, true, declared, fault
    ):
        boundaries = read_boundaries(file, MAP_ON, units, references).boundaries
        planted = shapely.transform(np.array([b.geometry for b in boundaries]), true.from_wgs84)
        path = geojson(tmp_path / "b.geojson", planted, [{"ma": b.code} for b in boundaries], crs=declared)
        with pytest.raises(Refused, match=fault):
            read_boundaries(path, MAP_ON, units, references).report.require_importable()
