"""`vamco briefing`: what a leader was told on a morning, as text or as the printed page."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from vamco.accounts.models import Person
from vamco.briefings.models import Briefing
from vamco.briefings.printing import pdf
from vamco.briefings.told import told
from vamco.briefings.writing import write
from vamco.flow.command_line import language, print_json
from vamco.flow.parameters import DAY
from vamco.flow.saving import saved
from vamco.vocabulary.errors import NotFound


@click.command()
@click.option("--for", "username", required=True, metavar="PERSON", help="The leader, by user name.")
@click.option("--on", type=DAY, help="That morning (22/11/2026 or 2026-11-22); today when not given.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File for the page as PDF.")
@click.option("--json", "as_json", is_flag=True, help="Sentences and figures as JSON.")
def command(username: str, on: datetime | None, output: Path | None, *, as_json: bool) -> None:
    """The briefing of a person and morning; written first if it is not there yet."""
    found = write(_person(username), on.date() if on else timezone.localdate())
    if output:
        with saved(output) as file:
            file.write(pdf(found, language()))
    elif as_json:
        print_json(_as_dict(found))
    else:
        for line in _lines(told(found, language())):
            click.echo(line)


def _person(username: str) -> Person:
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise NotFound("accounts.person_not_found", username=username)
    return person


def _lines(said: dict[str, Any]) -> Iterator[str]:
    yield from filter(None, (said["simulated"], said["title"], said["for"], said["summary"]))
    for section in said["sections"]:
        yield f"\n{section['title']}"
        for line in section["lines"]:
            level = f"[{line['level']}] " if line["level"] else ""
            yield f"- {level}{line['said']} {line['why']}".rstrip()
        yield from filter(None, (section["rest"], "" if section["lines"] else section["nothing"]))
    yield f"\n{said['foot']}"


def _as_dict(briefing: Briefing) -> dict[str, Any]:
    return {
        "person": briefing.person.username,
        "written_at": briefing.written_at,
        "sent_at": briefing.sent_at,
        **briefing.content,
    }
