"""What a restatement changed: rows added, removed and changed between two deliveries, found by key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import duckdb
from django.conf import settings
from django.db.models import Min
from sqlglot import exp

from vamco.intake.checking import sql
from vamco.intake.checking.workspace import workspace
from vamco.intake.contracts import contract_of
from vamco.intake.models import Delivery
from vamco.packs.contract import Contract
from vamco.vocabulary.errors import Refused
from vamco.warehouse.compiling import Source, for_duckdb
from vamco.warehouse.engine import planned
from vamco.warehouse.models import LedgerEntry
from vamco.warehouse.versions import present_versions

_BATCH: Final = 1_000


class Change(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row of one key: the cells that differ, by column, as (before, after)."""

    change: Change
    key: tuple[Any, ...]
    cells: Mapping[str, tuple[Any, Any]]

    def as_dict(self) -> dict[str, Any]:
        """The difference as JSON can carry it."""
        cells = {column: {"before": before, "after": after} for column, (before, after) in self.cells.items()}
        return {"change": self.change.value, "key": list(self.key), "cells": cells}


def difference(before: Delivery, after: Delivery, limit: int | None = None) -> Iterator[RowDifference]:
    """Rows that differ, in order of key, as many as `limit`; read as each delivery stood while it was live.

    A contract without a key compares whole rows: then rows are added and removed, never changed.
    Raises `Refused` when the deliveries are of different contracts.
    """
    if before.contract_id != after.contract_id:
        raise Refused("intake.different_contracts", before=before.pk, after=after.pk)
    contract = contract_of(after.contract_id)
    columns = [column.name for column in contract.columns]
    key = contract.key or tuple(columns)
    with workspace("difference") as (connection, _):
        for table, delivery in (("before", before), ("after", after)):
            _load(connection, table, contract, delivery, columns)
        found = connection.execute(
            _compared(key, columns) + (f" LIMIT {int(limit)}" if limit is not None else "")
        )
        while batch := found.fetchmany(_BATCH):
            yield from (_row(row, key, columns) for row in batch)


def _load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    contract: Contract,
    delivery: Delivery,
    columns: list[str],
) -> None:
    pack, _, dataset = contract.id.partition(".")
    query = (
        exp.select(*(exp.column(name, quoted=True) for name in columns))
        .from_(exp.table_(dataset, pack))
        .where(exp.column("delivery_id").eq(delivery.pk))
    )
    compiled = for_duckdb(query, {contract.id: _while_live(delivery)})
    connection.execute(sql.create_table(sql.name(table), compiled.sql), dict(compiled.parameters))


def _while_live(delivery: Delivery) -> Source:
    """The dataset at the last version of the ledger that held all that was accepted of the delivery."""
    dataset = delivery.contract_id
    present = present_versions([dataset])[dataset]
    ended = LedgerEntry.objects.filter(dataset_id=dataset, delivery_id=delivery.pk).aggregate(
        seq=Min("superseded_seq")
    )
    seq = present if ended["seq"] is None else ended["seq"] - 1
    return planned(dataset, seq, present, settings.WAREHOUSE_URL)


def _compared(key: tuple[str, ...], columns: list[str]) -> str:
    same = " AND ".join(f"b.{sql.name(name)} IS NOT DISTINCT FROM a.{sql.name(name)}" for name in key)
    differs = sql.any_of(f"b.{sql.name(name)} IS DISTINCT FROM a.{sql.name(name)}" for name in columns)
    numbered = {
        side: sql.within(sql.select(["*", "TRUE AS _there"], sql.name(table)), side)
        for side, table in (("b", "before"), ("a", "after"))
    }
    cells = [f"{side}.{sql.name(name)}" for side in "ba" for name in columns]
    joined = f"{numbered['b']} FULL JOIN {numbered['a']} ON {same}"
    order = ", ".join(f"COALESCE(b.{sql.name(name)}, a.{sql.name(name)})" for name in key)
    query = sql.select(
        ["b._there", "a._there", *cells], joined, f"b._there IS NULL OR a._there IS NULL OR {differs}"
    )
    return f"{query} ORDER BY {order}"


def _row(row: tuple[Any, ...], key: tuple[str, ...], columns: list[str]) -> RowDifference:
    was, is_, *cells = row
    pairs = dict(zip(columns, zip(cells[: len(columns)], cells[len(columns) :], strict=True), strict=True))
    change = Change.CHANGED if was and is_ else Change.REMOVED if was else Change.ADDED
    named = tuple(pairs[name][1 if is_ else 0] for name in key)
    return RowDifference(change, named, {name: pair for name, pair in pairs.items() if pair[0] != pair[1]})
