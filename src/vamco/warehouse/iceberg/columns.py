"""Columns as Iceberg types them. Columns are only ever added, so their number names a schema for good."""

import re
from collections.abc import Collection
from typing import Final

from pyiceberg.schema import Schema as IcebergSchema
from pyiceberg.types import (
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    IcebergType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestampType,
)

from vamco.warehouse.schema import Column, Schema

_TYPES: Final[dict[str, IcebergType]] = {
    "VARCHAR": StringType(),
    "BIGINT": LongType(),
    "INTEGER": IntegerType(),
    "DOUBLE": DoubleType(),
    "BOOLEAN": BooleanType(),
    "DATE": DateType(),
    "TIMESTAMP": TimestampType(),
}
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def shown(schema: Schema, without: Collection[str]) -> tuple[Column, ...]:
    """The stored columns but those."""
    return tuple(column for column in schema.stored if column.name not in without)


def iceberg_schema(schema: Schema, without: Collection[str]) -> IcebergSchema:
    """The schema as engines see it, without those columns; every field may be null."""
    fields = (
        NestedField(c.field_id, c.name, iceberg_type(c.type), required=False) for c in shown(schema, without)
    )
    return IcebergSchema(*fields, schema_id=len(schema.columns))


def iceberg_type(duckdb_type: str) -> IcebergType:
    """The Iceberg type of one of the warehouse's DuckDB types."""
    if found := _DECIMAL.fullmatch(duckdb_type):
        return DecimalType(int(found[1]), int(found[2]))
    return _TYPES[duckdb_type]
