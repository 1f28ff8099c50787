"""The rows of one of the centre's own datasets, as a file like any agency's."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from vamco.packs.contract import Contract

Row = Mapping[str, Any]
"""Column of the contract → value; None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a day, and whether any of them rests on made-up data."""

    rows: Sequence[Row]
    is_simulated: bool = False


def as_csv(contract: Contract, rows: Sequence[Row]) -> bytes:
    """The rows under the contract's Vietnamese titles; days and moments as people write them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.title.vi for column in contract.columns)
    for row in rows:
        writer.writerow(_written(row.get(column.name)) for column in contract.columns)
    return out.getvalue().encode("utf-8-sig")


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M:%S}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
