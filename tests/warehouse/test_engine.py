from datetime import timedelta

import duckdb
import pytest
from django.db import transaction
from sqlglot import parse_one
from tests.warehouse.deliveries import CASES, COLUMNS, ask, rows_of

from vamco.vocabulary.errors import Misused, NotFound, Refused
from vamco.warehouse import duck
from vamco.warehouse.engine import engine
from vamco.warehouse.models import DataFile
from vamco.warehouse.schema import declare
from vamco.warehouse.storage import store
from vamco.warehouse.view import view

pytestmark = pytest.mark.django_db


def test_a_query_joins_datasets_and_groups(deliveries):
    deliveries(1, [("a", 5), ("b", 6), ("b", 7)])
    deliveries.dataset = "reference.population-2026"
    deliveries(2, [("a", 100), ("b", 1000)])
    sql = """WITH c AS (SELECT commune, sum(n) AS n FROM health.cases GROUP BY commune)
        SELECT c.commune, c.n, p.n FROM c JOIN reference."population-2026" AS p ON p.commune = c.commune
        WHERE c.n >= :least ORDER BY c.commune"""
    assert ask(sql, {"least": 6}) == [("b", 13, 1000)]


def test_each_dataset_can_be_read_as_known_at_its_own_moment(deliveries):
    first = deliveries(1, [("a", 5)])
    deliveries(2, [("a", 6)], supersedes=[first])
    deliveries.dataset = "reference.other"
    other = deliveries(3, [("a", 50)])
    deliveries(4, [("a", 60)], supersedes=[other])
    sql = "SELECT c.n, o.n FROM health.cases AS c, reference.other AS o"
    assert ask(sql) == [(6, 60)]
    assert ask(sql, as_known_at={CASES: first.known_since_at}) == [(5, 60)]
    assert ask(sql, as_known_at=other.known_since_at) == [(6, 50)]


def test_a_dataset_may_be_read_twice_in_one_query(deliveries):
    deliveries(1, [("a", 5), ("b", 6)])
    assert ask("SELECT x.n + y.n FROM health.cases x JOIN health.cases y ON x.n < y.n") == [(11,)]


def test_a_column_added_later_is_null_in_older_rows_and_unknown_in_older_versions(deliveries):
    first = deliveries(1, [("a", 5)])
    declare(CASES, [*COLUMNS, ("note", "VARCHAR")], sort=["commune"])
    assert ask("SELECT n, note FROM health.cases") == [(5, None)]
    with pytest.raises(Misused, match="bad_query"):
        ask("SELECT note FROM health.cases", as_known_at=first.known_since_at)


def test_a_column_never_changes_its_type(deliveries):
    deliveries(1, [("a", 5)])
    with pytest.raises(Refused, match="type_changed"):
        declare(CASES, [("n", "VARCHAR")])


@pytest.mark.parametrize(
    "columns", [[], [("", "DATE")], [("a", "DATE"), ("A", "DATE")], [("Row_No", "BIGINT")], [("a", "JSON")]]
)
def test_columns_that_the_warehouse_cannot_hold_are_refused(columns):
    with pytest.raises(Misused):
        declare(CASES, columns)


def test_a_declared_dataset_without_deliveries_is_empty(deliveries):
    declare(CASES, COLUMNS)
    assert ask("SELECT count(*), max(commune) FROM health.cases") == [(0, None)]


def test_a_restatement_of_a_shared_file_hides_its_rows_only(deliveries):
    staged = deliveries.stage(1, [("a", 5)])
    deliveries(1, [("a", 5)])
    assert [f.path for f in view(CASES).files] == [staged[0].path]
    assert not any(f.is_mixed for f in view(CASES).files)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM health.cases, read_text('/etc/passwd')",
        "SELECT * FROM elsewhere.health.cases",
        "SELECT * FROM cases",
        "DROP TABLE health.cases",
        "COPY health.cases TO '/tmp/stolen.csv'",
        "SELECT nonsense FROM health.cases",
        "SELECT 'a'::INTEGER FROM health.cases",
    ],
)
def test_a_query_reads_datasets_and_nothing_else(deliveries, sql):
    deliveries(1, [("a", 5)])
    with pytest.raises(Misused):
        ask(sql)


def test_even_raw_sql_cannot_reach_a_file_outside_the_warehouse(deliveries, tmp_path):
    deliveries(1, [("a", 5)])
    inside = store().root / view(CASES).files[0].path
    outside = tmp_path / "outside.parquet"
    outside.write_bytes(inside.read_bytes())
    with duck.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM read_parquet(?)", [str(inside)]).fetchone() == (1,)
        with pytest.raises(duckdb.PermissionException):
            cursor.execute("SELECT count(*) FROM read_parquet(?)", [str(outside)])
        with pytest.raises(duckdb.Error, match="locked"):
            cursor.execute("SET enable_external_access = true")


def test_an_unknown_dataset_is_named():
    with pytest.raises(NotFound, match=r"health\.nothing"):
        ask("SELECT 1 FROM health.nothing")


def test_a_query_that_takes_too_long_is_stopped(deliveries, settings):
    settings.ENGINE_SECONDS = 0.2
    deliveries(1, [("a", n) for n in range(50)])
    with pytest.raises(Refused, match="query_too_slow"):
        ask(
            "SELECT sum(a.n * b.n * c.n * d.n * e.n * f.n) FROM "
            + ", ".join(f"health.cases {x}" for x in "abcdef")
        )
    settings.ENGINE_SECONDS = 30
    assert ask("SELECT count(*) FROM health.cases") == [(50,)]


def test_a_query_that_needs_too_much_memory_is_stopped(deliveries, settings, tmp_path):
    settings.ENGINE_MEMORY = "20MB"
    deliveries(1, [("a", n) for n in range(2000)])
    with pytest.raises(Refused, match="query_too_big"):
        ask("SELECT max(len(l)) FROM (SELECT list(a.n + b.n) AS l FROM health.cases a, health.cases b)")


def test_a_missing_file_is_an_error_and_never_fewer_rows(deliveries):
    deliveries(1, [("a", 5)])
    deliveries(2, [("b", 5)])
    store().remove(DataFile.objects.first().path)
    with pytest.raises(Refused, match="unreadable_file"):
        rows_of()


@pytest.mark.django_db(transaction=True)
def test_files_are_planned_once_for_a_version(deliveries, django_assert_num_queries):
    deliveries(1, [("a", 5)])
    rows_of()
    with django_assert_num_queries(1):
        rows_of()
    deliveries(2, [("b", 6)])
    assert len(rows_of()) == 2


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_remembered(deliveries):
    deliveries(1, [("a", 5)])
    with transaction.atomic():
        deliveries(2, [("b", 6)])
        assert len(rows_of()) == 2
        transaction.set_rollback(True)
    deliveries(3, [("c", 7)])
    assert [row[0] for row in rows_of()] == [1, 3]


def test_a_program_may_ask_the_engine_for_arrow(deliveries):
    deliveries(1, [("a", 5)])
    table = engine().table(parse_one("SELECT commune, n FROM health.cases"))
    assert table.column_names == ["commune", "n"]
    assert table.num_rows == 1


def test_history_before_a_moment_is_read_under_load_of_later_versions(deliveries):
    entry = deliveries(1, [("a", 5)])
    for n in range(2, 6):
        entry = deliveries(n, [("a", n)], supersedes=[entry])
    assert [rows_of(as_known_at=entry.known_since_at - timedelta(microseconds=1))[0][0]] == [4]
