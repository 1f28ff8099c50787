"""The receipt as JSON, in the shape of a frictionless report, with what only we know beside it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import duckdb
from django.conf import settings

from vamco.intake.checking import sql
from vamco.intake.checking.check import Checked
from vamco.intake.checking.numbers import Convention
from vamco.intake.checking.tables import FINDINGS
from vamco.intake.findings import Kind
from vamco.intake.models import Part, Receipt
from vamco.intake.reading.text_table import TextTable
from vamco.intake.scoring import Score
from vamco.intake.whole import Whole
from vamco.packs.contract import Strictness
from vamco.vocabulary.messages import LANGUAGES, Language, say

N_ERRORS_KEPT: Final = 1_000
_N_SET_ASIDE: Final = 1_000
_FINDINGS_FILE: Final = "findings.parquet"


def build(
    connection: duckdb.DuckDBPyConnection,
    part: Part,
    table: TextTable,
    checked: Checked,
    kinds: Sequence[Kind],
    score: Score,
    whole: Whole,
    folder: Path,
) -> dict[str, Any]:
    """The report with the first errors in it; all findings go to a file in the receipt's folder."""
    target = folder / _FINDINGS_FILE
    everything = sql.select(["*"], FINDINGS) + " ORDER BY row_no, fault"
    connection.execute(
        f"COPY ({everything}) TO {sql.literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )
    faults = [_fault_as_dict(checked, number) for number in range(len(checked.faults))]
    found = connection.execute(f"{everything} LIMIT {N_ERRORS_KEPT}").fetchall()
    errors = [*_whole(checked), *(_error(faults, *row) for row in found)]
    n_errors = sum(kind.n_cells for kind in kinds if kind.fault.strictness is Strictness.ERROR)
    n_warnings = sum(kind.n_cells for kind in kinds if kind.fault.strictness is Strictness.WARNING)
    is_valid = not n_errors
    return {
        "valid": is_valid,
        "stats": {"tasks": 1, "errors": n_errors, "warnings": n_warnings},
        "warnings": [],
        "errors": [],
        "tasks": [
            {
                "name": part.filename,
                "type": "table",
                "valid": is_valid,
                "place": part.filename,
                "labels": list(table.columns),
                "stats": {
                    "errors": n_errors,
                    "warnings": n_warnings,
                    "bytes": part.n_bytes,
                    "sha256": part.sha256,
                    "fields": len(table.columns),
                    "rows": checked.n_received,
                },
                "warnings": [],
                "errors": errors,
            }
        ],
        "is_complete": len(errors) == n_errors + n_warnings,
        "counts": {
            "received": checked.n_received,
            "accepted": checked.n_accepted,
            "rejected": checked.n_rejected,
            "declared_duplicates": checked.n_duplicates,
            "set_aside": len(table.set_aside),
        },
        "score": score.as_dict(),
        "is_refused_whole": checked.is_refused_whole,
        "whole": whole.as_dict(),
        "read": _read(table, checked),
        "repairs": [*_repairs_of_reading(table), *_repairs_of_cells(checked)],
        "set_aside": [
            {
                "rowNumber": row.row_no,
                "cells": list(row.cells),
                "note": {lang: row.say(lang) for lang in LANGUAGES},
            }
            for row in table.set_aside[:_N_SET_ASIDE]
        ],
        "faults": faults,
    }


def report_in(receipt: Receipt, language: Language, *, is_complete: bool = False) -> dict[str, Any]:
    """The receipt's report with its notes in that language: the first errors, or all of them."""
    report: dict[str, Any] = dict(receipt.report)
    report["errors"] = [_said(error, error["said"][language]["what"]) for error in report["errors"]]
    report["tasks"] = [
        {
            **task,
            "errors": list(
                islice(all_errors(receipt, language), None if is_complete else len(task["errors"]))
            ),
        }
        for task in report["tasks"]
    ]
    return report | {"is_complete": is_complete or report.get("is_complete", True)}


def all_errors(receipt: Receipt, language: Language = "vi") -> Iterator[dict[str, Any]]:
    """Every error and warning of a receipt, in the order of rows, with its note in that language."""
    for error in receipt.report["tasks"][0]["errors"] if receipt.report.get("tasks") else []:
        if error["rowNumber"] is None:
            yield _said(error, error["said"][language])
    file = Path(settings.HOME) / receipt.folder / _FINDINGS_FILE
    if not receipt.folder or not file.is_file():
        return
    faults = receipt.report["faults"]
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT * FROM read_parquet(?)", [str(file)])
        while batch := rows.fetchmany(10_000):
            yield from (_error(faults, *row, language=language) for row in batch)


def _said(error: Mapping[str, Any], note: str) -> dict[str, Any]:
    return {name: value for name, value in error.items() if name != "said"} | {"note": note}


def _fault_as_dict(checked: Checked, number: int) -> dict[str, Any]:
    fault = checked.faults[number]
    return {
        "type": fault.error_type,
        "column": fault.column,
        "header": fault.header,
        "place": fault.place,
        "strictness": fault.strictness.value,
        "details": dict(fault.details),
    }


def _error(
    faults: Sequence[dict[str, Any]],
    row_no: int,
    number: int,
    reason: str,
    cell: str | None,
    more: str | None,
    *,
    language: Language = "vi",
) -> dict[str, Any]:
    fault = faults[number]
    shown = {"header": fault["header"], "cell": cell or "", "more": more or "", **fault["details"]}
    return {
        "type": fault["type"],
        "rowNumber": row_no,
        "fieldNumber": None if fault["place"] is None else fault["place"] + 1,
        "fieldName": fault["header"],
        "cell": cell,
        "note": say(f"intake.{reason}", language, **shown),
        "reason": reason,
        "strictness": fault["strictness"],
    }


def _whole(checked: Checked) -> Iterator[dict[str, Any]]:
    for fault in checked.whole:
        yield {
            "type": fault.error_type,
            "rowNumber": None,
            "fieldNumber": None if fault.place is None else fault.place + 1,
            "fieldName": fault.header,
            "cell": None,
            "note": fault.say("vi"),
            "said": {language: fault.say(language) for language in LANGUAGES},
            "reason": fault.reason,
            "strictness": fault.strictness.value,
        }


def numbers_proven(report: Mapping[str, Any]) -> dict[str, Convention]:
    """How the columns of numbers of a file proved to be written, as its report tells."""
    written = report.get("read", {}).get("numbers", {})
    return {column: Convention(proof) for column, proof in written.items()}


def _read(table: TextTable, checked: Checked) -> dict[str, Any]:
    return {
        "format": table.source_format,
        "encoding": table.encoding,
        "delimiter": table.dialect.delimiter if table.dialect else None,
        "sheet": table.sheet,
        "member": table.member,
        "units": {header: unit.written for header, unit in table.header_units.items()},
        "numbers": {column: proof.value for column, proof in checked.numbers.items() if proof},
    }


def _repairs_of_reading(table: TextTable) -> Iterator[dict[str, Any]]:
    for repair in table.repairs:
        yield {
            "n_cells": repair.n_cells,
            "note": {language: repair.say(language) for language in LANGUAGES},
            "examples": list(repair.examples),
        }


def _repairs_of_cells(checked: Checked) -> Iterator[dict[str, Any]]:
    for column, n_cells in checked.repaired.items():
        if n_cells:
            place = checked.layout.place_of(column)
            key = f"intake.repaired_{place.column.kind.value}"
            note = {
                language: say(key, language, header=place.header, n_cells=n_cells) for language in LANGUAGES
            }
            yield {"n_cells": n_cells, "note": note, "examples": [], "column": column}
