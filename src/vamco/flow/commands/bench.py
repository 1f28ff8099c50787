"""`vamco bench`: what we claim about speed, measured side by side with a peer in one run."""

import sys
from importlib import import_module
from typing import Any

import click

from vamco.flow.checkout import ROOT, require_checkout
from vamco.flow.command_line import print_json


def measured(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of every `bench/bench_*.py` asked for (all when none is named)."""
    sys.path.insert(0, str(ROOT))
    found = sorted(path.stem.removeprefix("bench_") for path in (ROOT / "bench").glob("bench_*.py"))
    rows: list[dict[str, Any]] = []
    for name in names or found:
        click.secho(f"· {name}", err=True)
        rows += import_module(f"bench.bench_{name}").run()
    return rows


@click.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def command(names: tuple[str, ...], *, as_json: bool) -> None:
    """Measure the claims of speed (in a checkout): NAMES of bench files, or all."""
    require_checkout("bench")
    rows = measured(names)
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            mark = "ok  " if row["ok"] else "FAIL"
            click.echo(f"{mark} {row['name']}: {row['ratio']:.2f} (limit {row['limit']})")
    raise SystemExit(0 if all(row["ok"] for row in rows) else 1)
