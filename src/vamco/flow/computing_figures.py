"""`vamco indicators list|compute|verify`: what is declared, computing it, and computing it again to compare."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click

from vamco.flow.command_line import language, print_json
from vamco.flow.figures import number, table
from vamco.indicators.catching_up import Done, catch_up, compute_anew
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.models import Observation
from vamco.indicators.verifying import Outcome, Verified
from vamco.indicators.verifying import verify as verified
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import say

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command(name="list")
@as_json_option
def list_them(*, as_json: bool) -> None:
    """The indicators of this installation: base period, level, live figures, last period."""
    rows = list(_listed(packs().indicators))
    if as_json:
        print_json(rows)
        return
    header = [
        say(f"flow.indicator_{name}", language())
        for name in ("id", "title", "period_type", "level", "n", "last")
    ]
    for line in table(header, [list(row.values()) for row in rows]):
        click.echo(line)


@click.command()
@click.option("--indicator", "ids", multiple=True, metavar="ID", help="Only these, all of their periods.")
@click.option("--all", "is_all", is_flag=True, help="All periods of all indicators.")
@as_json_option
def compute(ids: tuple[str, ...], *, is_all: bool, as_json: bool) -> None:
    """Compute what deliveries have touched since the last time; all of it with --all or --indicator."""
    if is_all or ids:
        done = compute_anew(list(packs().indicators) if is_all else [indicator_of(name) for name in ids])
    else:
        done = catch_up()
    if as_json:
        print_json(_as_dict(done))
    else:
        click.echo(say("flow.indicators_computed", language(), **_counts(done)))


@click.command()
@click.option("--sample", default=200, show_default=True, help="How many figures to draw at random.")
@as_json_option
def verify(sample: int, *, as_json: bool) -> None:
    """Recompute figures from what their passports name; exit 1 when one differs."""
    found = list(verified(sample))
    outcomes = Counter(one.outcome for one in found)
    different = [one for one in found if one.outcome is Outcome.DIFFERENT]
    if as_json:
        counts = {outcome.value: outcomes[outcome] for outcome in Outcome}
        print_json({**counts, "differences": [_difference(one) for one in different]})
    else:
        _say_differences(different)
        said = {outcome.value: number(outcomes[outcome]) for outcome in Outcome}
        click.echo(say("flow.indicators_verified", language(), n=number(len(found)), **said))
    raise SystemExit(1 if different else 0)


def _listed(indicators: Iterable[Indicator]) -> Iterator[dict[str, Any]]:
    live = Observation.objects.filter(superseded_at=None, value__isnull=False)
    for one in indicators:
        own = live.filter(indicator=one.id)
        last = own.order_by("-start_on").values_list("period", flat=True).first()
        yield {
            "id": one.id,
            "title": one.short.vi if language() == "vi" else one.short.en,
            "period_type": one.period_type.value,
            "level": one.level,
            "n_figures": own.count(),
            "last_period": last or "",
        }


def _counts(done: Done) -> dict[str, str]:
    n_periods = sum(len(periods) for periods in done.changed.values())
    n_computed, n_changed = (done.run.n_computed, done.run.n_changed) if done.run else (0, 0)
    return {
        "n_computed": number(n_computed),
        "n_changed": number(n_changed),
        "n_indicators": number(len(done.changed)),
        "n_periods": number(n_periods),
    }


def _as_dict(done: Done) -> dict[str, Any]:
    changed = {name: sorted(map(str, periods)) for name, periods in sorted(done.changed.items())}
    run = done.run
    return {
        "run": run.pk if run else None,
        "n_computed": run.n_computed if run else 0,
        "n_changed": run.n_changed if run else 0,
        "changed": changed,
    }


def _difference(one: Verified) -> dict[str, Any]:
    row = one.observation
    differences = {name: {"stored": old, "recomputed": new} for name, (old, new) in one.differences.items()}
    named = {
        "indicator": row.indicator,
        "unit_id": row.unit_id,
        "period": row.period,
        "breakdown": row.breakdown,
    }
    return {**named, "run": row.run_id, "differences": differences}


def _say_differences(different: Iterable[Verified]) -> None:
    for one in different:
        row = one.observation
        where = f"{row.indicator} · {row.unit_id} · {row.period} · {row.breakdown}".rstrip(" ·")
        for name, (stored, again) in one.differences.items():
            said = {"where": where, "column": name, "stored": stored, "recomputed": again}
            click.echo(say("flow.indicator_differs", language(), **said))
