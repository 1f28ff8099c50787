"""`vamco accounts`: people, agencies, keys of machines, and the audit chain."""

import json

import click

from vamco.accounts.action import broken_links
from vamco.accounts.models import Agency
from vamco.accounts.people import add_person, set_password
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token
from vamco.flow.command_line import print_json


@click.group()
def command() -> None:
    """People, agencies, access keys and the audit chain."""


@command.command()
@click.option("--json", "as_json", is_flag=True)
def agencies(*, as_json: bool) -> None:
    """The agencies of the province."""
    rows = list(Agency.objects.order_by("code").values("code", "name_vi", "name_en"))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['code']:30} {row['name_vi']}")


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="The name that colleagues read.")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.option("--agency", help="Code of the agency that the role is limited to.")
@click.option("--service", default="", help="Pack that the role is limited to.")
@click.option("--area", default="", help="Code of the unit that the role is limited to.")
def add(username: str, name: str, role: str, agency: str | None, service: str, area: str) -> None:
    """Add a person; prints a first password, shown this once."""
    password = add_person(PROGRAM, username, name, Role(role), agency=agency, service=service, area_code=area)
    click.echo(password)


@command.command()
@click.argument("username")
def password(username: str) -> None:
    """Give a person a new password; prints it, shown this once."""
    click.echo(set_password(PROGRAM, username))


@command.command()
@click.argument("agency")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--days", default=365, show_default=True)
@click.option(
    "--role", type=click.Choice([r.value for r in Role]), default=Role.AGENCY_SYSTEM.value, show_default=True
)
def token(agency: str, name: str, days: int, role: str) -> None:
    """Issue a key for an agency's machine; prints it, shown this once."""
    click.echo(issue_token(PROGRAM, agency, name, days, Role(role)))


@command.command()
@click.option("--json", "as_json", is_flag=True)
def verify(*, as_json: bool) -> None:
    """Recompute the audit chain; exit 1 when an entry was changed or removed."""
    broken = broken_links()
    click.echo(json.dumps({"broken": broken}) if as_json else f"broken links: {broken or 'none'}")
    raise SystemExit(1 if broken else 0)
