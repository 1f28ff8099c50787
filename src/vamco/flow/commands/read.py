"""`vamco read`: what a reader sees in a file, before any contract is asked."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from vamco.flow.command_line import language, print_json
from vamco.flow.figures import number
from vamco.intake.reading.preview import first_rows
from vamco.intake.reading.reader import read, sheet_names
from vamco.intake.reading.text_table import TextTable
from vamco.vocabulary.errors import VamcoError
from vamco.vocabulary.messages import say


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", help="Read this sheet only; without it each sheet is shown.")
@click.option("--known", multiple=True, help="A header to look for; may be repeated.")
@click.option("--encoding", help="The encoding that the sender declares of a text file.")
@click.option("--limit", type=click.IntRange(min=0), default=5, show_default=True, help="Rows to show.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def command(
    file: Path, sheet: str | None, known: Sequence[str], encoding: str | None, limit: int, *, as_json: bool
) -> None:
    """Show what FILE holds: format, encoding, header, units, rows, repairs and rows set aside."""
    with tempfile.TemporaryDirectory(prefix="vamco-read-") as folder:
        staging = Path(folder)
        reading = partial(
            read, file, filename=file.name, known_headers=known, staging=staging, encoding=encoding
        )
        if sheet or len(sheets := sheet_names(file, staging=staging)) < 2:
            seen = [_facts(reading(sheet=sheet), limit)]
        else:
            seen = [_facts_or_refusal(partial(reading, sheet=each), limit) for each in sheets]
    if as_json:
        print_json(seen)
    else:
        for each in seen:
            _echo(each)


def _facts_or_refusal(reading: "partial[TextTable]", limit: int) -> dict[str, Any]:
    """One sheet that cannot be read does not hide the others."""
    try:
        return _facts(reading(), limit)
    except VamcoError as error:
        return {"sheet": reading.keywords["sheet"], **error.as_dict(language())}


def _facts(table: TextTable, limit: int) -> dict[str, Any]:
    tongue = language()
    return {
        "sheet": table.sheet,
        "format": table.source_format,
        "encoding": table.encoding,
        "member": table.member,
        "delimiter": table.dialect.delimiter if table.dialect else None,
        "columns": list(table.columns),
        "units": {name: [unit.written, str(unit.multiplier)] for name, unit in table.header_units.items()},
        "n_rows": table.n_rows,
        "first_row_no": table.first_row_no,
        "repairs": [
            {"id": r.key, "n_cells": r.n_cells, "text": r.say(tongue), "examples": list(r.examples)}
            for r in table.repairs
        ],
        "set_aside": [
            {"row_no": a.row_no, "reason": a.reason, "text": a.say(tongue), "cells": list(a.cells)}
            for a in table.set_aside
        ],
        "rows": [{"row_no": row.no, "cells": row.cells} for row in first_rows(table, limit)],
    }


def _echo(seen: dict[str, Any]) -> None:
    if "error" in seen:
        click.secho(f"{seen['sheet']}: {seen['error']['what']}", bold=True)
        return
    tongue = language()
    what = " · ".join(filter(None, [seen["sheet"], seen["member"], seen["format"], seen["encoding"]]))
    n_rows = "?" if seen["n_rows"] is None else number(seen["n_rows"])
    click.secho(f"{what} · {say('intake.read_n_rows', tongue, n_rows=n_rows)}", bold=True)
    for place, column in enumerate(seen["columns"], start=1):
        unit = seen["units"].get(column)
        click.echo(f"  {place:>3}  {column}" + (f"  [{unit[0]} × {unit[1]}]" if unit else ""))
    for repair in seen["repairs"]:
        click.echo(f"  ✎ {repair['text']}" + "".join(f"\n      {e}" for e in repair["examples"][:2]))
    for aside in seen["set_aside"]:
        cells = " | ".join(cell.strip() for cell in aside["cells"] if cell.strip())
        click.echo(f"  ↷ {aside['row_no']}: {aside['text']} {cells[:80]}")
    for row in seen["rows"]:
        click.echo(f"  {row['row_no']:>6} | " + " | ".join(row["cells"]))
