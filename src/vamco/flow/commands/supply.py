"""`vamco supply`: what is owed, by whom, and what has not come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

import click
from django.utils import timezone

from vamco.accounts.models import Agency
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import day, number, table
from vamco.flow.parameters import DAY
from vamco.intake.gaps import Gap, Run, gaps_in
from vamco.intake.supply import Supply, SupplyState, late, supplies
from vamco.vocabulary.messages import say


@click.command()
@click.option("--on", type=DAY, help="As of that day (22/11/2026 or 2026-11-22); today when not given.")
@click.option("--all", "everything", is_flag=True, help="Every owed period, not only what is missing.")
@click.option("--json", "as_json", is_flag=True, help="Every period as JSON.")
def command(on: datetime | None, *, everything: bool, as_json: bool) -> None:
    """The supply ledger: who owes which data, and who is late; one line a dataset."""
    today = on.date() if on else timezone.localdate()
    if as_json:
        found = supplies(today) if everything else late(today)
        print_json([entry.as_dict() for entry in found])
        return
    ledger = supplies(today)
    gaps = gaps_in(ledger)
    for line in _periods(ledger) if everything else _gaps(gaps):
        click.echo(line)
    click.secho(_total(gaps, today), bold=True)
    if gaps and not everything:
        click.echo(say("flow.supply_hint", language()), err=True)


def _total(gaps: Sequence[Gap], on: date) -> str:
    if not gaps:
        return say("flow.supply_none", language(), on=day(on))
    return say(
        "flow.supply_total",
        language(),
        on=day(on),
        n=number(sum(len(gap.missing) for gap in gaps)),
        n_datasets=len(gaps),
        n_agencies=len({gap.contract.agency for gap in gaps}),
    )


def _gaps(gaps: Sequence[Gap]) -> Iterator[str]:
    names = _agency_names()
    rows = [
        (
            _word(gap.state),
            gap.contract.id,
            names.get(gap.contract.agency, gap.contract.agency),
            len(gap.missing),
            gap.oldest.due_on,
            gap.oldest.n_days_late,
            "; ".join(_runs(gap)),
        )
        for gap in gaps
    ]
    if rows:
        yield from table(
            _header("state", "dataset", "agency", "missing", "oldest_due", "days", "periods"), rows
        )


def _runs(gap: Gap) -> Iterator[str]:
    if gap.n_earlier:
        first = gap.oldest.period.title.in_(language())
        yield say("flow.supply_earlier", language(), n=number(gap.n_earlier), first=first)
    for run in gap.shown_runs:
        yield _run(run)


def _run(run: Run) -> str:
    first, last = (entry.period.title.in_(language()) for entry in (run.first, run.last))
    key = "flow.supply_run_one" if len(run.missing) == 1 else "flow.supply_run"
    return say(key, language(), first=first, last=last, n=number(len(run.missing)), state=_word(run.state))


def _periods(ledger: Sequence[Supply]) -> Iterator[str]:
    names = _agency_names()
    rows = [
        (
            _word(entry.state),
            entry.contract.id,
            names.get(entry.agency, entry.agency),
            entry.period.title.in_(language()),
            entry.due_on,
            entry.n_days_late or None,
        )
        for entry in ledger
    ]
    if rows:
        yield from table(_header("state", "dataset", "agency", "period", "due", "days"), rows)
        counts = Counter(entry.state for entry in ledger)
        yield " · ".join(f"{_word(state)}: {number(counts[state])}" for state in SupplyState if counts[state])


def _header(*names: str) -> list[str]:
    return [say(f"flow.supply_column_{name}", language()) for name in names]


def _word(state: SupplyState) -> str:
    return say(f"intake.supply_{state}", language())


def _agency_names() -> dict[str, str]:
    return dict(Agency.objects.values_list("code", f"name_{language()}"))
