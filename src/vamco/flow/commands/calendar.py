"""`vamco calendar`: which days are worked and on whose word, and when something is due."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import click
from django.utils import timezone

from vamco.accounts.policy import PROGRAM
from vamco.deadlines.calendar import calendar_known_on, schedule_now
from vamco.deadlines.deciding import Signed, decide, preview, preview_taking_back, take_back
from vamco.deadlines.recomputing import Recomputed
from vamco.deadlines.year import NotableDay, explain, notable_days
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import cell, day, number, table
from vamco.flow.parameters import DAY
from vamco.vocabulary.messages import say
from vamco.worktime.calendar_day import CalendarDay, DayKind
from vamco.worktime.clock import deadline
from vamco.worktime.policy import ClockPolicy, Starts, Unit
from vamco.worktime.schedule import ZONE, Schedule
from vamco.worktime.shifts import read_shifts, write_shifts

_MOMENT: Final = click.DateTime(
    ["%d/%m/%Y", "%Y-%m-%d", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
_yes = click.option("--yes", "is_sure", is_flag=True, help="Sign without asking.")
_COLUMNS: Final = ("day", "weekday", "works", "title", "basis", "decision", "signed_by")


@click.group()
def command() -> None:
    """The working calendar and the deadlines that rest on it."""


@command.command()
@click.option("--year", type=click.IntRange(1901, 2100), help="The year; this year when not given.")
@_as_json
def show(year: int | None, *, as_json: bool) -> None:
    """The days of a year that are not as the ordinary week has them."""
    days = notable_days(year or timezone.localdate().year)
    if as_json:
        print_json([each.as_dict() for each in days])
        return
    header = [_say(f"column_{name}") for name in _COLUMNS]
    for line in table(header, [_row(each) for each in days]):
        click.echo(line)


@command.command("explain")
@click.argument("on", type=DAY, metavar="DATE")
@_as_json
def explain_(on: datetime, *, as_json: bool) -> None:
    """Whether the offices work on a day, when, and on whose word."""
    found, shifts = explain(on.date()), schedule_now().shifts_on(on.date())
    if as_json:
        print_json(found.as_dict() | {"shifts": write_shifts(shifts)})
        return
    for line in _explained(found, write_shifts(shifts)):
        click.echo(line)


@command.command("deadline")
@click.argument("start", type=_MOMENT, metavar="START")
@click.argument("amount", type=float)
@click.option(
    "--unit",
    type=click.Choice([unit.value for unit in Unit]),
    default=Unit.WORKING_DAYS.value,
    show_default=True,
)
@click.option(
    "--starts",
    type=click.Choice([start.value for start in Starts]),
    default=Starts.NEXT_DAY.value,
    show_default=True,
)
@click.option("--known-on", type=DAY, help="On the calendar as announced by that day.")
@_as_json
def deadline_(
    start: datetime, amount: float, unit: str, starts: str, known_on: datetime | None, *, as_json: bool
) -> None:
    """When something that begins at START and may take AMOUNT is due."""
    policy, schedule = ClockPolicy(Unit(unit), amount, Starts(starts)), schedule_now()
    if known_on:
        schedule = Schedule(calendar_known_on(known_on.date()), schedule.hours)
    due_at = deadline(policy, start.replace(tzinfo=ZONE), schedule)
    if as_json:
        print_json(
            {"due_at": due_at.isoformat(), "policy": policy.as_dict(), "words": policy.in_words(language())}
        )
        return
    click.echo(policy.in_words(language()))
    click.secho(_say("due", due_at=cell(due_at), weekday=_weekday(due_at)), bold=True)


@command.command("decide")
@click.argument("on", type=DAY, metavar="DATE")
@click.argument("kind", type=click.Choice([kind.value for kind in DayKind]))
@click.option("--title", required=True, help="What the day is called.")
@click.option("--decision", required=True, help="Number of the document that decided it.")
@click.option("--announced", type=DAY, required=True, help="The day on which that was announced.")
@click.option("--source", default="", help="Where it can be read.")
@click.option("--verified", is_flag=True, help="Somebody has read the document itself.")
@click.option("--hours", default="", help="Hours of a day that differs, such as 07:30-11:30.")
@_yes
@_as_json
def decide_(on: datetime, announced: datetime, *, is_sure: bool, as_json: bool, **said: Any) -> None:
    """Sign what a day is; says first how many open deadlines move."""
    wanted = CalendarDay(
        on.date(),
        DayKind(said["kind"]),
        said["title"],
        said["decision"],
        announced.date(),
        said["source"],
        said["verified"],
        read_shifts(said["hours"]),
    )
    _ask(preview(wanted), is_sure=is_sure or as_json)
    _done(decide(PROGRAM, wanted), as_json=as_json)


@command.command("take-back")
@click.argument("on", type=DAY, metavar="DATE")
@click.option("--why", required=True, help="Why the row no longer stands.")
@_yes
@_as_json
def take_back_(on: datetime, why: str, *, is_sure: bool, as_json: bool) -> None:
    """Let no signed row stand for a day; the rows themselves are kept."""
    _ask(preview_taking_back(on.date()), is_sure=is_sure or as_json)
    _done(take_back(PROGRAM, on.date(), why), as_json=as_json)


def _ask(found: Recomputed, *, is_sure: bool) -> None:
    if not is_sure:
        click.echo(_say("would_move", n_moved=number(found.n_moved), n_open=number(found.n_open)))
        click.confirm(_say("ask_to_sign"), abort=True)


def _done(signed: Signed, *, as_json: bool) -> None:
    counts = {"n_moved": signed.recomputed.n_moved, "n_open": signed.recomputed.n_open}
    if as_json:
        print_json({"on": signed.row.on, "kind": signed.row.kind, **counts})
        return
    said = {name: number(n) for name, n in counts.items()}
    click.secho(_say("signed", day=day(signed.row.on), **said), bold=True)


def _row(found: NotableDay) -> tuple[Any, ...]:
    verdict, row = found.verdict, found.verdict.row
    return (
        verdict.on,
        _weekday(verdict.on),
        _say("works" if verdict.is_working else "rests"),
        verdict.title,
        _say(f"basis_{verdict.basis}"),
        row.decision if row else "",
        _signer(found),
    )


def _explained(found: NotableDay, hours: str) -> Iterator[str]:
    verdict, row = found.verdict, found.verdict.row
    yield _say(
        "explained",
        day=day(verdict.on),
        weekday=_weekday(verdict.on),
        works=_say("works" if verdict.is_working else "rests"),
        hours=hours,
        basis=_say(f"basis_{verdict.basis}"),
        title=verdict.title,
    ).strip()
    if row:
        yield _say(
            "explained_row",
            decision=row.decision,
            announced_on=day(row.announced_on),
            source=row.source or "–",
            signed_by=_signer(found),
        )


def _signer(found: NotableDay) -> str:
    return found.signed_by or (_say("in_file") if found.verdict.row else "")


def _weekday(on: Any) -> str:
    return _say(f"weekday_{on.weekday()}")


def _say(name: str, **details: Any) -> str:
    return say(f"deadlines.{name}", language(), **details)
