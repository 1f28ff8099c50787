from datetime import timedelta

import pytest
from tests.warehouse.deliveries import CASES, rows_of

from vamco.vocabulary.errors import Refused
from vamco.warehouse.cleaning import clean
from vamco.warehouse.compaction import compact
from vamco.warehouse.models import DataFile
from vamco.warehouse.storage import store
from vamco.warehouse.verification import verify

pytestmark = pytest.mark.django_db
boto3 = pytest.importorskip("boto3")
server = pytest.importorskip("moto.server")


@pytest.fixture(scope="module")
def endpoint():
    running = server.ThreadedMotoServer(port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(endpoint, settings, monkeypatch, tmp_path):
    for name, value in {
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    name = tmp_path.name.replace("_", "-")
    client = boto3.client("s3")
    client.create_bucket(Bucket=name)
    settings.WAREHOUSE_URL = f"s3://{name}/warehouse"
    return client, name


def forget_cache():
    for file in store().root.rglob("*.parquet"):
        file.unlink()


def test_files_live_in_the_bucket_and_are_read_back_without_a_cache(deliveries, bucket):
    client, name = bucket
    deliveries(1, [("a", 1)])
    forget_cache()
    assert rows_of() == [(1, 0, 1, "a", 1)]
    keys = [item["Key"] for item in client.list_objects_v2(Bucket=name)["Contents"]]
    assert keys == [f"warehouse/{DataFile.objects.get().path}"]


def test_compaction_verification_and_cleaning_work_on_objects(deliveries, bucket):
    client, name = bucket
    for n in (1, 2, 3):
        deliveries(n, [("a", n)])
    compact(CASES)
    deliveries.stage(9, [("z", 9)])
    assert len(verify().leftovers) == 1
    clean(grace=timedelta(0), leftover_age=timedelta(0))
    assert client.list_objects_v2(Bucket=name)["KeyCount"] == 1
    assert verify().is_clean
    assert not verify().leftovers
    assert [row[0] for row in rows_of()] == [1, 2, 3]


def test_an_altered_or_missing_object_is_found_and_never_read(deliveries, bucket):
    client, name = bucket
    deliveries(1, [("a", 1)])
    path = DataFile.objects.get().path
    client.put_object(Bucket=name, Key=f"warehouse/{path}", Body=b"something else")
    forget_cache()
    assert [fault.kind for fault in verify().faults] == ["altered_file"]
    with pytest.raises(Refused, match="altered_file"):
        rows_of()
    client.delete_object(Bucket=name, Key=f"warehouse/{path}")
    assert [fault.kind for fault in verify().faults] == ["missing_file"]
    with pytest.raises(Refused, match="unreadable_file"):
        rows_of()
