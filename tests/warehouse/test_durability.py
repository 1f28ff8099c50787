"""What reaches the disk, and in which order: traced from outside where strace is, else from inside."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from tests.warehouse.crew import ROOT
from tests.warehouse.deliveries import CASES, COLUMNS

from vamco.warehouse.models import DataFile
from vamco.warehouse.schema import declare
from vamco.warehouse.storage import store

ONE_DELIVERY = """
import os, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["CREW_DATABASE"]
django.setup()
import duckdb
from tests.warehouse.deliveries import Deliveries
with duckdb.connect(config={"threads": 1}) as connection:
    Deliveries(connection)(1, [("a", 1)])
"""


def order(calls, *wanted):
    """Places of the first calls, one after the other, that match; fails when one is missing."""
    places, start = [], 0
    for pattern in wanted:
        place = next((n for n, call in enumerate(calls[start:], start) if re.search(pattern, call)), None)
        assert place is not None, (pattern, calls[start:])
        places.append(place)
        start = place + 1
    return places


@pytest.mark.django_db
def test_the_file_then_its_name_then_its_folder_reach_the_disk_before_the_ledger_names_it(
    deliveries, monkeypatch
):
    calls = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(descriptor):
        calls.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').resolve()}")
        fsync(descriptor)

    def watched_replace(source, target):
        calls.append(f"rename {target}")
        return replace(source, target)

    def watched_sql(execute, sql, *rest):
        calls.append(sql)
        return execute(sql, *rest)

    declare(CASES, COLUMNS, sort=["commune"])
    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    with connection.execute_wrapper(watched_sql):
        deliveries(1, [("a", 1)])
    name = DataFile.objects.get().path
    order(
        calls,
        r"fsync .*/staging/",
        rf"rename .*/{name}",
        rf"fsync .*/{name[:2]}$",
        "INSERT.*warehouse_datafile",
    )
    assert order(calls, r"fsync .*/staging/") < order(calls, "INSERT.*warehouse_ledgerentry")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL writes its log in its own process")
def test_traced_from_outside_the_database_is_synced_last(settings, tmp_path):
    declare(CASES, COLUMNS, sort=["commune"])
    database = str(connection.settings_dict["NAME"])
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "vamco.settings",
        "VAMCO_HOME": str(settings.HOME),
        "VAMCO_WAREHOUSE_URL": str(settings.WAREHOUSE_URL),
        "CREW_DATABASE": database,
    }
    trace = tmp_path / "trace"
    watched = "trace=fsync,fdatasync,rename,renameat,renameat2"
    command = [
        "strace",
        "-f",
        "-y",
        "-qq",
        "-e",
        watched,
        "-o",
        str(trace),
        sys.executable,
        "-c",
        ONE_DELIVERY,
    ]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=60)
    calls = trace.read_text().splitlines()
    path = DataFile.objects.get().path
    *_, folder, synced = order(
        calls,
        r"f(data)?sync\(.*/staging/",
        rf"rename.*{path}",
        rf"f(data)?sync\(.*/{path[:2]}>",
        rf"f(data)?sync\(.*{re.escape(database)}",
    )
    before = [call for call in calls[:folder] if database in call and "sync(" in call]
    assert folder < synced
    assert before == []
    assert store().size(path)
