"""`vamco alerts rehearse|test`: what a rule would have said of the past, and whether it says what it should."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from vamco.alerts.known_events import read_events
from vamco.alerts.rehearsal import FLOOD, Caught, Rehearsal, busiest
from vamco.alerts.rehearsing import rehearse as rehearsed
from vamco.alerts.rule_tests import Outcome, run_tests
from vamco.alerts.stage import incidents
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import cell, day, number
from vamco.flow.parameters import DAY
from vamco.flow.showing_alerts import as_json_option, what_of
from vamco.indicators.declared import packs
from vamco.packs.alert_rule import AlertRule
from vamco.vocabulary.messages import say


@click.command()
@click.argument("rule_id", metavar="RULE")
@click.option("--from", "start", type=DAY, required=True, help="First day (01/06/2024 or 2024-06-01).")
@click.option("--to", "end", type=DAY, required=True, help="Last day.")
@click.option(
    "--as-known", is_flag=True, help="By what was known at each moment, late figures and all; slower."
)
@click.option(
    "--events",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV of known events: name, unit, from, to, service.",
)
@as_json_option
def rehearse(
    rule_id: str, start: datetime, end: datetime, file: Path | None, *, as_known: bool, as_json: bool
) -> None:
    """What RULE would have said: how often it rings, floods, what it caught and missed, and the alarm budget."""
    events = read_events(file) if file else []
    rule = packs().alert_rule(rule_id)
    found = rehearsed(rule, start.date(), end.date(), as_known=as_known, events=events)
    if as_json:
        print_json(found.as_dict())
        return
    for line in _lines(found):
        click.echo(line)


@click.command()
@click.argument("name", metavar="[PACK|RULE]", required=False)
@as_json_option
def test(name: str | None, *, as_json: bool) -> None:
    """Run the tests that packs hold for their rules; exit 1 when one is not met."""
    found = list(run_tests(packs(), _named(name)))
    unmet = [one for one in found if one.found is not None]
    if as_json:
        print_json([one.as_dict() for one in found])
    else:
        for one in unmet:
            click.echo(_unmet(one))
        click.echo(say("flow.alert_tests", language(), n=number(len(found)), n_unmet=number(len(unmet))))
    raise SystemExit(1 if unmet else 0)


def _named(name: str | None) -> Sequence[AlertRule]:
    if name is None:
        return packs().alert_rules
    return [packs().alert_rule(name)] if "." in name else packs().pack(name).alert_rules


def _unmet(one: Outcome) -> str:
    said = one.as_dict()
    return say(
        "flow.alert_test_unmet",
        language(),
        rule=one.rule,
        scenario=one.scenario,
        at=cell(one.expected.at),
        what=one.expected.thing,
        expected=said["expected"],
        found=one.found,
    )


def _lines(found: Rehearsal) -> Iterator[str]:
    span = f"{day(found.start_on)} – {day(found.end_on)}"
    yield click.style(f"{found.rule.title.in_(language())} · {span}", bold=True)
    yield say("flow.rehearsal_rings", language(), **_counts(found))
    yield say("flow.rehearsal_false", language(), **_false(found))
    if found.longest:
        stood = say(
            "flow.rehearsal_longest", language(), what=what_of(dict(found.longest.labels)), n=_days(found)
        )
        yield stood
    for labels in found.chattering:
        yield say("flow.rehearsal_chattering", language(), what=what_of(dict(labels)))
    for caught in found.caught:
        yield _caught(caught)
    verdict = "fits" if found.fits_budget else "exceeds"
    yield say(f"flow.rehearsal_{verdict}_budget", language(), allowed=number(found.allowed), **_budget(found))


def _counts(found: Rehearsal) -> dict[str, str]:
    return {
        "alerts": number(len(found.episodes)),
        "incidents": number(len(found.incidents)),
        "weekly": number(round(len(found.incidents) / found.n_weeks, 2)),
        "busiest": number(busiest(found.incidents)),
        "flood": number(FLOOD),
    }


def _false(found: Rehearsal) -> dict[str, str]:
    opened = incidents(found.rule, found.false)
    return {
        "alerts": number(round(len(found.false) / found.n_weeks, 2)),
        "incidents": number(round(len(opened) / found.n_weeks, 2)),
    }


def _days(found: Rehearsal) -> str:
    return number(found.as_dict()["longest_days"])


def _caught(caught: Caught) -> str:
    event = caught.event
    words = {"name": event.name, "unit": event.unit, "since": day(event.start_on)}
    if caught.at is None:
        return say("flow.rehearsal_missed", language(), **words)
    after, lead = caught.days_after_start, caught.lead_days
    return say("flow.rehearsal_caught", language(), **words, at=cell(caught.at), after=after, lead=lead)


def _budget(found: Rehearsal) -> dict[str, str]:
    each = len(found.incidents) / max(found.n_evaluations, 1)
    level = "–" if found.level is None else number(round(found.level.rate, 3))
    return {"each": number(round(each, 3)), "rate": number(found.rate), "highest": level}
