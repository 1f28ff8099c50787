"""`vamco accounts`: people, agencies, keys of machines, and the audit chain."""

from typing import Any

import click
from django.utils import timezone

from vamco.accounts.action import broken_links
from vamco.accounts.models import Agency, AuditEntry, Grant, Person, Token
from vamco.accounts.people import add_person, set_password
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import NARROWED, Role
from vamco.accounts.tokens import issue_token, revoke_token
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import number, table
from vamco.vocabulary.messages import say

_as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group()
def command() -> None:
    """People, agencies, access keys and the audit chain."""


@command.command()
@_as_json
def agencies(*, as_json: bool) -> None:
    """The agencies of the province."""
    found = Agency.objects.order_by("code")
    if as_json:
        print_json(list(found.values("code", "name_vi", "name_en")))
        return
    for code, name in found.values_list("code", f"name_{language()}"):
        click.echo(f"{code:30} {name}")


@command.command("list")
@_as_json
def list_(*, as_json: bool) -> None:
    """The people: their roles, and how far each role reaches."""
    people = Person.objects.order_by("username").prefetch_related("grants__agency")
    if as_json:
        print_json([_person(person) for person in people])
        return
    rows = [
        (person.username, person.shown_name, *_role_and_scope(grant), _activity(person))
        for person in people
        for grant in person.grants.all()
    ]
    _table(("username", "name", "role", "scope", "state"), rows)


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="The name that colleagues read.")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.option("--agency", help="Code of the agency that the role is limited to.")
@click.option("--service", default="", help="Pack that the role is limited to.")
@click.option("--area", default="", help="Code of the unit that the role is limited to.")
@click.option("--everywhere", is_flag=True, help="The role is meant to reach every agency: do not warn.")
def add(
    username: str, name: str, role: str, agency: str | None, service: str, area: str, *, everywhere: bool
) -> None:
    """Add a person; prints a first password, shown this once."""
    password = add_person(PROGRAM, username, name, Role(role), agency=agency, service=service, area_code=area)
    _echo_password(username, password)
    limit = agency or (role == Role.COMMUNE_OFFICER and area)
    if Role(role) in NARROWED and not (limit or everywhere):
        warning = say("accounts.reaches_everywhere", language(), username=username, role=_role(role))
        click.secho(warning, err=True, fg="yellow")


@command.command()
@click.argument("username")
def password(username: str) -> None:
    """Give a person a new password; prints it, shown this once."""
    _echo_password(username, set_password(PROGRAM, username))


@command.command()
@click.argument("agency")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--days", type=click.IntRange(min=1), default=365, show_default=True, help="Days it lasts.")
@click.option(
    "--role", type=click.Choice([r.value for r in Role]), default=Role.AGENCY_SYSTEM.value, show_default=True
)
def token(agency: str, name: str, days: int, role: str) -> None:
    """Issue a key for an agency's machine; prints it, shown this once."""
    click.echo(issue_token(PROGRAM, agency, name, days, Role(role)))


@command.command()
@_as_json
def tokens(*, as_json: bool) -> None:
    """The keys of agencies' machines, and whether each is live; never the keys themselves."""
    found = Token.objects.select_related("agency").order_by("id")
    if as_json:
        print_json([_token(token) for token in found])
        return
    rows = [
        (
            str(t.pk),
            t.agency.code,
            t.name,
            _role(t.role),
            t.expires_at,
            say(f"accounts.token_{_state(t)}", language()),
        )
        for t in found
    ]
    _table(("token", "agency", "name", "role", "expires", "state"), rows)


@command.command()
@click.argument("token_id", type=int)
def revoke(token_id: int) -> None:
    """Revoke the key with that number (see `vamco accounts tokens`); it is refused from then on."""
    revoked = revoke_token(PROGRAM, token_id)
    click.echo(say("accounts.token_is_revoked", language(), token=token_id, name=str(revoked)))


@command.command()
@_as_json
def verify(*, as_json: bool) -> None:
    """Recompute the audit chain; exit 1 when an entry was changed or removed."""
    broken = broken_links()
    if as_json:
        print_json({"broken": broken})
    elif broken:
        click.echo(say("accounts.chain_broken", language(), n=number(len(broken)), entries=broken))
    else:
        click.echo(say("accounts.chain_whole", language(), n=number(AuditEntry.objects.count())))
    raise SystemExit(1 if broken else 0)


def _echo_password(username: str, password: str) -> None:
    click.echo(say("accounts.shown_once", language(), username=username, password=password))


def _person(person: Person) -> dict[str, Any]:
    grants = [
        {
            "role": grant.role,
            "agency": grant.agency.code if grant.agency else None,
            "service": grant.service or None,
            "area_code": grant.area_code or None,
        }
        for grant in person.grants.all()
    ]
    facts = {"username": person.username, "name": person.shown_name, "is_active": person.is_active}
    return {**facts, "last_login": person.last_login, "grants": grants}


def _role_and_scope(grant: Grant) -> tuple[str, str]:
    limits = (grant.agency.code if grant.agency else "", grant.service, grant.area_code)
    return _role(grant.role), ", ".join(filter(None, limits)) or say("accounts.everywhere", language())


def _activity(person: Person) -> str:
    return say("accounts.active" if person.is_active else "accounts.inactive", language())


def _role(role: str) -> str:
    return say(f"accounts.role_{role}", language())


def _token(token: Token) -> dict[str, Any]:
    return {
        "id": token.pk,
        "agency": token.agency.code,
        "name": token.name,
        "role": token.role,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "state": _state(token),
    }


def _state(token: Token) -> str:
    if token.revoked_at:
        return "revoked"
    return "live" if token.expires_at > timezone.now() else "expired"


def _table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    for line in table([say(f"accounts.column_{name}", language()) for name in columns], rows):
        click.echo(line)
