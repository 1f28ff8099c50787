"""People: added with one role, given first passwords; agencies: taken from the province's register."""

import re
import secrets
from pathlib import Path
from typing import Final

import yaml
from django.db import transaction

from vamco.accounts.action import action
from vamco.accounts.models import Agency, Grant, Person
from vamco.accounts.policy import Actor, Scope
from vamco.accounts.roles import Role
from vamco.vocabulary.errors import NotFound, Refused

_USERNAME: Final = re.compile(r"[a-z0-9._-]{1,150}")


def add_person(
    actor: Actor,
    username: str,
    name: str,
    role: Role,
    *,
    agency: str | None = None,
    service: str = "",
    area_code: str = "",
) -> str:
    """A new person with one role; returns the first password.

    Raises `Refused` if the name is taken, or is not of a-z, 0-9, dot, dash and underscore.
    """
    if not _USERNAME.fullmatch(username):
        raise Refused("accounts.bad_username", username=username)
    if Person.objects.filter(username=username).exists():
        raise Refused("accounts.name_taken", username=username)
    first_password = secrets.token_urlsafe(12)
    with action(actor, "person.add", f"person:{username}", Scope(agency=agency)) as details:
        details |= {"role": role.value, "agency": agency, "service": service, "area": area_code}
        home = _agency(agency) if agency else None
        person = Person.objects.create_user(
            username=username, password=first_password, first_name=name, agency=home
        )
        Grant.objects.create(person=person, role=role, agency=home, service=service, area_code=area_code)
    return first_password


def set_password(actor: Actor, username: str) -> str:
    """A new random password for a person. Raises `NotFound`."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise NotFound("accounts.person_not_found", username=username)
    password = secrets.token_urlsafe(12)
    with action(actor, "person.password", f"person:{username}"):
        person.set_password(password)
        person.save(update_fields=["password"])
    return password


@transaction.atomic
def load_agencies(register: Path) -> int:
    """Bring the table of agencies up to the province's register; returns how many it lists."""
    rows = yaml.safe_load(register.read_text("utf-8"))["agencies"]
    for row in rows:
        names = {"name_vi": row["name"]["vi"], "name_en": row["name"]["en"]}
        Agency.objects.update_or_create(code=row["code"], defaults=names)
    return len(rows)


def _agency(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise NotFound("accounts.agency_not_found", agency=code)
    return agency
