import duckdb
import pyarrow.parquet
import pytest
from sqlglot.expressions import select

from vamco.warehouse.schema import declare
from vamco.warehouse.storage import store
from vamco.warehouse.writing import ROWS_PER_FILE, stage, write_sorted

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection():
    with duckdb.connect(config={"threads": 2}) as opened:
        yield opened


def rows_of(staged):
    return pyarrow.parquet.read_table(store().local(staged.path, staged.sha256))


def test_rows_lie_as_they_came_and_carry_their_origin(connection):
    schema = declare("health.cases", [("commune", "VARCHAR"), ("n", "INTEGER")], sort=["commune"])
    connection.execute("CREATE TABLE t AS FROM (VALUES ('b', 1, 7), ('a', 2, 8)) v(commune, n, row_no)")
    [staged] = stage(connection, "t", schema, delivery_id=5, part=2, n_rows=2)
    assert rows_of(staged).to_pylist() == [
        {"commune": "b", "n": 1, "delivery_id": 5, "delivery_part": 2, "row_no": 7},
        {"commune": "a", "n": 2, "delivery_id": 5, "delivery_part": 2, "row_no": 8},
    ]


def test_every_parquet_field_has_the_id_of_its_column(connection):
    schema = declare("health.cases", [("a", "VARCHAR"), ("b", "DATE")])
    connection.execute("CREATE TABLE t AS SELECT 'x' AS a, DATE '2026-01-01' AS b, 1 AS row_no")
    [staged] = stage(connection, "t", schema, delivery_id=1, n_rows=1)
    fields = {f.name: int(f.metadata[b"PARQUET:field_id"]) for f in rows_of(staged).schema}
    assert fields == {c.name: c.field_id for c in schema.stored}


def test_an_absent_column_is_null_and_an_unknown_one_is_left_out(connection):
    schema = declare("health.cases", [("a", "VARCHAR"), ("b", "DATE")])
    connection.execute("CREATE TABLE t AS SELECT 'x' AS a, 1 AS row_no, 'secret' AS c")
    [staged] = stage(connection, "t", schema, delivery_id=1, n_rows=1)
    assert rows_of(staged).select(["a", "b"]).to_pylist() == [{"a": "x", "b": None}]
    assert "c" not in rows_of(staged).column_names


def test_no_rows_make_no_file(connection):
    schema = declare("health.cases", [("a", "VARCHAR")])
    connection.execute("CREATE TABLE t (a VARCHAR, row_no BIGINT)")
    assert stage(connection, "t", schema, delivery_id=1, n_rows=0) == []


def test_a_wrong_count_is_refused(connection):
    schema = declare("health.cases", [("a", "VARCHAR")])
    connection.execute("CREATE TABLE t AS SELECT 'x' AS a, 1 AS row_no")
    with pytest.raises(ValueError, match="2 rows announced, 1 written"):
        stage(connection, "t", schema, delivery_id=1, n_rows=2)
    assert list(store().stored()) == []


def test_rows_behind_a_join_give_the_same_bytes_on_any_number_of_threads(connection):
    schema = declare("health.cases", [("a", "INTEGER"), ("b", "VARCHAR")])
    n = 300_000
    connection.execute(
        f"CREATE TABLE t AS SELECT i % 7 AS a, 'x' || i AS b, i AS row_no FROM range({n}) r(i)"
    )
    connection.execute("CREATE TABLE out AS SELECT i * 50 AS i FROM range(500) r(i)")
    connection.execute("CREATE VIEW v AS FROM t WHERE row_no NOT IN (FROM out)")
    first = stage(connection, "v", schema, delivery_id=1, n_rows=n - 500)
    connection.execute("SET threads = 1; SET preserve_insertion_order = false")
    assert stage(connection, "v", schema, delivery_id=1, n_rows=n - 500) == first
    numbers = rows_of(first[0])["row_no"].to_pylist()
    assert numbers == sorted(numbers)


def test_sorted_rows_give_the_same_bytes_whatever_order_they_came_in(connection):
    schema = declare("health.cases", [("a", "INTEGER")], sort=["a"])
    n = 300_000
    origin = "1::BIGINT AS delivery_id, 0::INTEGER AS delivery_part"
    connection.execute(
        f"CREATE TABLE t AS SELECT (i % 7)::INTEGER AS a, {origin}, i AS row_no FROM range({n}) r(i)"
    )
    connection.execute("CREATE TABLE u AS FROM t ORDER BY hash(row_no)")
    first, again = (write_sorted(connection, select("*").from_(t), schema, n) for t in "tu")
    assert first == again
    assert rows_of(first[0])["a"].to_pylist() == sorted(i % 7 for i in range(n))


def test_a_large_delivery_is_cut_into_files_of_half_a_million(connection):
    schema = declare("health.cases", [("a", "INTEGER")])
    n = 2 * ROWS_PER_FILE + 5
    connection.execute(f"CREATE TABLE t AS SELECT i AS a, i AS row_no FROM range({n}) r(i)")
    connection.execute("SET preserve_insertion_order = false")
    staged = stage(connection, "t", schema, delivery_id=1, n_rows=n)
    assert max(s.n_rows for s in staged) <= ROWS_PER_FILE // 2
    numbers = [number for s in staged for number in rows_of(s)["row_no"].to_pylist()]
    assert numbers == list(range(n))
    settings = "SELECT current_setting('preserve_insertion_order'), current_setting('threads')"
    assert connection.execute(settings).fetchone() == (False, 2)
    assert {s.path for s in staged} == {found.path for found in store().stored()}


def test_nothing_unfinished_is_left_behind(connection):
    schema = declare("health.cases", [("a", "INTEGER")])
    connection.execute("CREATE TABLE t AS SELECT 'no number' AS a, 1 AS row_no")
    with pytest.raises(duckdb.ConversionException):
        stage(connection, "t", schema, delivery_id=1, n_rows=1)
    assert list(store().stored()) == []
