"""`vamco directives`: orders, what each agency was told, and what is due."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
import yaml
from django.utils import timezone

from vamco.accounts.models import Person
from vamco.accounts.policy import PROGRAM, Actor, actor_of
from vamco.directives.acting import Given, act
from vamco.directives.calendar_feed import as_ics
from vamco.directives.draft_file import deadline_from, draft_from
from vamco.directives.effect import effect_of
from vamco.directives.file_store import Attached, attach, linked
from vamco.directives.follow_up import due_within, open_standings, overdue, week
from vamco.directives.issuing import issue
from vamco.directives.models import Directive
from vamco.directives.reading import Standing, assignments_for, choices, directive_for, standings, story
from vamco.directives.transitions import Verb
from vamco.directives.weekly_list import as_pdf, as_xlsx, weekly_list
from vamco.directives.wording import words
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import table
from vamco.flow.saving import saved
from vamco.vocabulary.errors import Misused, NotFound
from vamco.vocabulary.messages import say

_COLUMNS: Final = ("assignment", "title", "agency", "status", "timing", "due")
_as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
_by = click.option("--as", "username", required=True, metavar="PERSON", help="Who acts, by user name.")


@click.group()
def group() -> None:
    """Directives, assignments, their deadlines and their effect."""


@group.command("list")
@click.option("--agency", help="Only what this agency was told.")
@click.option("--all", "with_closed", is_flag=True, help="Also what is done, returned or cancelled.")
@_as_json
def list_(agency: str | None, *, with_closed: bool, as_json: bool) -> None:
    """Assignments, the most overdue first."""
    found = standings(assignments_for(PROGRAM)) if with_closed else open_standings(PROGRAM)
    _show([one for one in found if agency in (None, one.assignment.agency.code)], as_json=as_json)


@group.command()
@click.option(
    "--days", default=7, show_default=True, help="Due within so many days, besides what is overdue."
)
@_as_json
def due(days: int, *, as_json: bool) -> None:
    """What is overdue, and what is due soon."""
    _show([*overdue(PROGRAM), *due_within(PROGRAM, timedelta(days=days))], as_json=as_json)


@group.command()
@click.argument("directive_id", type=int)
@_as_json
def show(directive_id: int, *, as_json: bool) -> None:
    """A directive with its assignments, everything that happened, and its effect."""
    directive = directive_for(PROGRAM, directive_id)
    if as_json:
        print_json(_directive(directive))
        return
    click.echo(f"{directive}\n{directive.text}\n")
    _show([one.standing for one in choices(PROGRAM, directive)], as_json=False)
    for event in story(directive):
        click.echo(
            f"{timezone.localtime(event.at):%H:%M %d/%m/%Y}  {event.by}  {_verb(event.verb)}  {event.note}"
        )
    click.echo(effect_of(directive).say(language()))


@group.command("issue")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_by
@_as_json
def issue_(file: Path, username: str, *, as_json: bool) -> None:
    """Issue the directive that a YAML or JSON file holds."""
    made = issue(_actor(username), draft_from(_read(file)))
    if as_json:
        print_json(_directive(made))
    else:
        click.echo(say("directives.issued", language(), number=made.number))


@group.command("act")
@click.argument("assignment_id", type=int)
@click.argument("verb", type=click.Choice([verb.value for verb in Verb]))
@_by
@click.option("--seen", required=True, type=int, help="The version of the assignment that PERSON saw.")
@click.option("--note", default="", help="What there is to say.")
@click.option("--file", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--link", "links", multiple=True, help="Address of evidence that is kept elsewhere.")
@click.option("--amount", type=int, help="More time, in the unit of the deadline.")
@click.option("--agency", default="", help="To whom it is reassigned: an agency or a commune, by code.")
@click.option("--within", help="The new deadline, as “2 working_days”.")
@_as_json
def act_(assignment_id: int, verb: str, username: str, seen: int, as_json: bool, **given: Any) -> None:  # noqa: FBT001
    """Do something with an assignment; the table of docs/reference/directives.md says who may what when."""
    moved = act(_actor(username), assignment_id, Verb(verb), seen, _given(**given))
    (one,) = standings([moved])
    if as_json:
        print_json(one.as_dict())
        return
    said = {"verb": words(f"verb_{verb}"), "status": words(f"status_{one.status}"), "assignment": moved.pk}
    click.echo(say("directives.acted", language(), **said, due=_moment(one)))


@group.command()
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A file .xlsx or .pdf.")
def weekly(output: Path) -> None:
    """The weekly list of the office: overdue, due, by agency and by leader."""
    said = weekly_list(week(PROGRAM), language())
    made = {".xlsx": lambda: as_xlsx(said), ".pdf": lambda: as_pdf(said, language())}
    if output.suffix not in made:
        raise Misused("directives.wrong_value", field="output", value=output.name)
    body = made[output.suffix]()
    with saved(output) as file:
        file.write(body)


@group.command()
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A file .ics.")
@click.option("--for", "username", metavar="PERSON", help="Only what PERSON may read, by user name.")
def calendar(output: Path, username: str | None) -> None:
    """The open deadlines as a calendar (iCalendar)."""
    body = as_ics(open_standings(_actor(username) if username else PROGRAM), language())
    with saved(output) as file:
        file.write(body)


def _actor(username: str) -> Actor:
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise NotFound("accounts.person_not_found", username=username)
    return actor_of(person)


def _read(file: Path) -> Any:
    try:
        return yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506  all is text
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Misused("directives.wrong_value", field="file", value=file.name) from None


def _given(
    *,
    note: str,
    files: tuple[Path, ...],
    links: tuple[str, ...],
    amount: int | None,
    agency: str,
    within: str | None,
) -> Given:
    evidence = (*map(_attached, files), *map(linked, links))
    return Given(note, evidence, amount, agency, deadline_from(within) if within else None)


def _attached(path: Path) -> Attached:
    with path.open("rb") as stream:
        return attach(stream, path.name)


def _show(found: list[Standing], *, as_json: bool) -> None:
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    header = [say(f"directives.column_{column}", language()) for column in _COLUMNS]
    for line in table(header, [_row(one) for one in found]):
        click.echo(line)


def _row(one: Standing) -> tuple[str, ...]:
    assignment = one.assignment
    return (
        f"{assignment.pk} v{assignment.version}",
        assignment.directive.title,
        assignment.agency.code,
        say(f"directives.status_{one.status}", language()),
        say(f"directives.timing_{one.timing}", language()),
        _moment(one),
    )


def _moment(one: Standing) -> str:
    return f"{timezone.localtime(one.due_at):%H:%M %d/%m/%Y}"


def _verb(verb: str) -> str:
    return say(f"directives.verb_{verb}", language())


def _directive(directive: Directive) -> dict[str, Any]:
    return {
        "id": directive.pk,
        "number": directive.number,
        "title": directive.title,
        "text": directive.text,
        "source": directive.source_kind,
        "document_no": directive.document_no,
        "issued_on": directive.issued_on,
        "signer": directive.signer,
        "prompted_by": directive.prompted_by,
        "verdict": directive.verdict,
        "assignments": [one.standing.as_dict() for one in choices(PROGRAM, directive)],
        "events": [
            {
                "assignment": e.assignment_id,
                "verb": e.verb,
                "by": e.by,
                "at": e.at,
                "note": e.note,
                **e.details,
            }
            for e in story(directive)
        ],
        "effect": effect_of(directive).as_dict(),
    }
