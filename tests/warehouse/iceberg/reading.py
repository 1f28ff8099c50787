"""Tables as an engine sees them: through their metadata file, and nothing else."""

import json

import pyarrow.parquet
from pyiceberg.table import StaticTable

from vamco.warehouse.iceberg import naming, tables


def load(table="cases", namespace="health", without=()):
    return tables.load(naming.asked(namespace, table), frozenset(without))


def metadata(table):
    return json.loads(table.metadata)


def scanned(table, snapshot_id=None):
    """The rows that pyiceberg reads: (delivery_id, delivery_part, row_no, commune, n), sorted."""
    names = ("delivery_id", "delivery_part", "row_no", "commune", "n")
    rows = StaticTable.from_metadata(table.location).scan(snapshot_id=snapshot_id).to_arrow().to_pylist()
    return sorted(tuple(row[name] for name in names) for row in rows)


def data_files(table, snapshot_id=None):
    """The entries of the manifests: what the table says of each data file."""
    opened = StaticTable.from_metadata(table.location)
    return [task.file for task in opened.scan(snapshot_id=snapshot_id).plan_files()]


def footer(data_file):
    return pyarrow.parquet.read_metadata(data_file.file_path.removeprefix("file://"))
