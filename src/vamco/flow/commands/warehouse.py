"""`vamco warehouse`: what the ledger holds, whether the files agree, and their upkeep."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

import click
from django.utils import timezone
from sqlglot import exp

from vamco.accounts.action import action
from vamco.accounts.policy import PROGRAM
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import number, table
from vamco.intake.contracts import packs
from vamco.packs.contract import Contract
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import say
from vamco.vocabulary.period import Period
from vamco.warehouse import cleaning, compaction, retention, summary, verification
from vamco.warehouse.engine import engine
from vamco.warehouse.iceberg import cleaning as iceberg_cleaning
from vamco.warehouse.models import LedgerEntry
from vamco.warehouse.view import view

_IDENTIFIERS: Final = ("_id", "_no", "_part", "_seq")

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
as_known_at_option = click.option(
    "--as-known-at",
    "moment",
    default=None,
    help="ISO moment, e.g. 2026-03-15T08:00 (local unless it says its zone).",
)


@click.group()
def command() -> None:
    """Datasets, files, verification, compaction and retention of the warehouse."""


@command.command()
@as_json_option
def tables(*, as_json: bool) -> None:
    """The datasets: live rows and entries, files and bytes."""
    _show([asdict(found) for found in summary.datasets()], as_json=as_json)


@command.command()
@click.argument("dataset")
@as_known_at_option
@as_json_option
def files(dataset: str, moment: str | None, *, as_json: bool) -> None:
    """The files of DATASET, and how many of their rows belong to it."""
    found = view(dataset, as_known_at=_moment(moment))
    _show([asdict(file) for file in found.files], as_json=as_json)


@command.command()
@click.argument("dataset")
@as_known_at_option
@click.option("--limit", default=20, show_default=True, help="Rows to show.")
@as_json_option
def show(dataset: str, moment: str | None, limit: int, *, as_json: bool) -> None:
    """The first rows of DATASET, now or as known at a moment."""
    pack, _, name = dataset.partition(".")
    query = exp.select("*").from_(exp.table_(name, pack, quoted=True))
    query = query.order_by("delivery_id", "delivery_part", "row_no").limit(limit)
    rows = engine().table(query, as_known_at=_moment(moment)).to_pylist()
    contract = next((c for c in packs().contracts if c.id == dataset), None)
    if contract is None or contract.period_column is None:
        rows = _with_periods(dataset, rows)
    if as_json:
        print_json(rows)
    elif rows:
        _echo(table(list(rows[0]), [_cells(row, contract) for row in rows]))
    else:
        _echo([say("flow.warehouse_empty", language(), dataset=dataset)])


@command.command()
@as_json_option
def verify(*, as_json: bool) -> None:
    """Re-hash every file and reconcile it with the ledger; exit 1 when something is wrong."""
    n_bytes = sum(found.n_bytes for found in summary.datasets())
    with _progress(say("flow.verifying", language()), n_bytes) as advance:
        report = verification.verify(advance)
    if as_json:
        print_json({**asdict(report), "is_clean": report.is_clean})
    else:
        _say_report(report)
    raise SystemExit(0 if report.is_clean else 1)


@command.command()
@click.argument("dataset", required=False)
@click.option(
    "--least-files", default=2, show_default=True, help="Merge only where so many files can be merged."
)
@as_json_option
def compact(dataset: str | None, least_files: int, *, as_json: bool) -> None:
    """Merge the small files of DATASET, or of all datasets, into sorted files of a million rows."""
    names = [dataset] if dataset else [found.dataset for found in summary.datasets()]
    planned = {name: compaction.planned(name, least_files) for name in names}
    n_rows = sum(item.file.n_rows for groups in planned.values() for group in groups for item in group)
    with _progress(say("flow.compacting", language()), n_rows) as advance:
        done = [compaction.compact(name, least_files=least_files, progress=advance) for name in names]
    _show([asdict(found) for found in done], as_json=as_json)


@command.command()
@click.option(
    "--grace-hours", default=1.0, show_default=True, help="Keep replaced files for running readers."
)
@click.option(
    "--leftover-hours", default=24.0, show_default=True, help="Keep unnamed files of running deliveries."
)
@as_json_option
def clean(grace_hours: float, leftover_hours: float, *, as_json: bool) -> None:
    """Delete the files that compaction replaced, and those that crashes left behind."""
    ages = {"grace": timedelta(hours=grace_hours), "leftover_age": timedelta(hours=leftover_hours)}
    done, door = cleaning.clean(**ages), iceberg_cleaning.clean(**ages)
    if as_json:
        print_json({**asdict(done), "iceberg": door})
        return
    removed = {"replaced": done.replaced, "leftovers": done.leftovers, "iceberg": door}
    for kind, paths in removed.items():
        if paths:
            _echo([say(f"flow.cleaned_{kind}", language(), n=number(len(paths))), *(f"  {p}" for p in paths)])
    if not any(removed.values()):
        _echo([say("flow.cleaned_nothing", language())])


@command.command()
@click.argument("dataset")
@click.option("--days", type=int, help="Keep rows so many days after their period.")
@click.option("--history-days", type=int, help="Keep superseded rows so many days.")
@click.option("--apply", "is_applied", is_flag=True, help="Do it; without this the plan is only shown.")
@as_json_option
def retain(
    dataset: str, days: int | None, history_days: int | None, *, is_applied: bool, as_json: bool
) -> None:
    """Show, or apply, a rule of retention to DATASET; what was done goes to the audit log."""
    plan = retention.plan(retention.Rule(dataset, days, history_days))
    if is_applied:
        with action(PROGRAM, "warehouse.retain", dataset) as details:
            retention.apply(plan)
            details.update(plan.as_dict())
    if as_json:
        print_json([{**plan.as_dict(), "is_applied": is_applied}])
    else:
        _echo(_retention(plan, is_applied=is_applied))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Misused("warehouse.bad_moment", text=text) from None
    return moment if moment.tzinfo else timezone.make_aware(moment)


@contextmanager
def _progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=max(length, 1), label=label, file=sys.stderr) as bar:
        yield bar.update


def _say_report(report: verification.Report) -> None:
    for fault in report.faults:
        kind = say(f"flow.fault_{fault.kind}", language())
        seen = {"expected": fault.expected or "–", "found": fault.found or "–"}
        click.echo(say("flow.fault", language(), kind=kind, where=fault.where, **seen))
    for path in report.leftovers:
        click.echo(say("flow.leftover", language(), path=path))
    sizes = {"n_files": report.n_files, "n_bytes": report.n_bytes, "n_rows": report.n_rows}
    counts = {**sizes, "n_entries": report.n_entries, "n_faults": len(report.faults)}
    key = "flow.verified_clean" if report.is_clean else "flow.verified_faulty"
    said = say(key, language(), **{name: number(n) for name, n in counts.items()})
    click.secho(said, bold=True)


def _retention(plan: retention.Plan, *, is_applied: bool) -> Iterator[str]:
    rule = plan.rule
    for name, days in (("keep", rule.keep_days), ("history", rule.keep_history_days)):
        key = f"flow.retain_{name}_for_good" if days is None else f"flow.retain_{name}"
        yield say(key, language(), dataset=rule.dataset, days=None if days is None else number(days))
    counts = {"n_expired": len(plan.expired), "n_erased": len(plan.erased), "n_rows": plan.n_rows}
    key = "flow.retain_done" if is_applied else "flow.retain_planned"
    yield say(key, language(), **{name: number(n) for name, n in counts.items()})


def _with_periods(dataset: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each with the period of its delivery: nothing in the row itself may say it."""
    entries = LedgerEntry.objects.filter(dataset_id=dataset)
    periods = dict(entries.values_list("delivery_id", "period"))
    return [{**row, "delivery_period": periods.get(row["delivery_id"])} for row in rows]


def _cells(row: dict[str, Any], contract: Contract | None) -> list[Any]:
    """The row as people read it: only quantities are grouped by thousands."""
    columns = contract.columns if contract else ()
    named = {column.name for column in columns if not column.is_quantity}
    shown = {name: str(v) if name in named and type(v) is int else _plain(name, v) for name, v in row.items()}
    if period := row.get("delivery_period"):
        shown["delivery_period"] = Period.parse(period).title.in_(language())
    return list(shown.values())


def _plain(name: str, value: Any) -> Any:
    """Numbers that identify are not grouped by thousands."""
    return str(value) if name.endswith(_IDENTIFIERS) and value is not None else value


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    if not rows:
        _echo([say("flow.warehouse_nothing", language())])
        return
    header = [say(f"flow.warehouse_{name}", language()) for name in rows[0]]
    _echo(table(header, [[_plain(name, value) for name, value in row.items()] for row in rows]))


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
