import pytest
from tests.warehouse.deliveries import CASES, rows_of
from tests.warehouse.iceberg.reading import load, scanned
from tests.warehouse.test_object_storage import bucket, endpoint, forget_cache  # noqa: F401  fixtures

from vamco.warehouse.compaction import compact

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_files_of_a_bucket_are_fetched_to_where_engines_of_this_machine_read(deliveries, bucket):  # noqa: F811
    entries = [deliveries(n, [("a", n)]) for n in (1, 2)]
    compact(CASES)
    deliveries(3, [("a", 3)], supersedes=[entries[0]])
    forget_cache()
    assert scanned(load()) == rows_of() == [(2, 0, 1, "a", 2), (3, 0, 1, "a", 3)]
