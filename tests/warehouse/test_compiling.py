import pytest
from sqlglot import parse_one

from vamco.vocabulary.errors import Misused
from vamco.warehouse.compiling import datasets_of, filled, for_spark
from vamco.warehouse.iceberg.naming import at_version


def spark(sql, **versions):
    versions = {name.replace("__", "."): seq for name, seq in versions.items()}
    return for_spark(parse_one(sql, dialect="duckdb"), "vamco", versions)


def test_a_dataset_becomes_a_table_of_the_catalogue_at_its_version():
    namespace, name = at_version("health.cases", 7)
    said = spark("SELECT c.n FROM health.cases AS c", health__cases=7)
    assert said == f"SELECT c.n FROM `vamco`.`{namespace}`.`{name}` AS c"


def test_without_an_alias_columns_keep_their_table():
    said = spark("SELECT cases.n FROM health.cases", health__cases=7)
    assert said.startswith("SELECT cases.n FROM ")
    assert said.endswith(" AS cases")


def test_common_tables_are_left_alone():
    said = spark("WITH d AS (SELECT 1 AS x) SELECT d.x FROM d, health.cases", health__cases=7)
    assert "FROM d CROSS JOIN `vamco`" in said or "FROM d, `vamco`" in said


def test_functions_are_said_in_the_other_dialect():
    said = spark("SELECT strftime(d, '%Y-%m') FROM health.cases", health__cases=7)
    assert "DATE_FORMAT(d, 'yyyy-MM')" in said


def test_placeholders_become_literals_and_cannot_break_out():
    query = filled(
        parse_one("SELECT n FROM health.cases WHERE commune = :commune", dialect="duckdb"),
        {"commune": "a' OR 'b"},
    )
    assert query.sql("duckdb").endswith("commune = 'a'' OR ''b'")


def test_every_dataset_of_a_query_is_found_once():
    query = parse_one("SELECT 1 FROM a.b JOIN (SELECT 1 FROM c.d UNION SELECT 2 FROM a.b) AS x ON TRUE")
    assert datasets_of(query) == ("a.b", "c.d")


def test_what_is_not_a_query_is_refused():
    with pytest.raises(Misused, match="not_a_query"):
        datasets_of(parse_one("DELETE FROM a.b"))


def test_a_common_table_does_not_hide_a_dataset_of_the_same_name():
    query = parse_one("WITH cases AS (SELECT 1 FROM health.cases) SELECT 1 FROM cases")
    assert datasets_of(query) == ("health.cases",)
