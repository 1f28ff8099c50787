"""From an empty folder to a running installation; every step may be repeated."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from vamco.accounts.models import Person
from vamco.accounts.people import add_person, load_agencies
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role

FIRST_ACCOUNT: Final = "quantri"


def _database() -> str:
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    return ""


def _agencies() -> str:
    number = load_agencies(Path(settings.PROVINCES_DIR) / settings.PROVINCE / "agencies.yaml")
    return f"{number}"


def _first_account() -> str:
    """Made once, on an installation without people; the password is shown this once."""
    with transaction.atomic():
        if Person.objects.exists():
            return ""
        password = add_person(PROGRAM, FIRST_ACCOUNT, "Quản trị viên", Role.ADMINISTRATOR)
    return f"{FIRST_ACCOUNT} / {password}"


STEPS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    ("database", _database),
    ("agencies", _agencies),
    ("first_account", _first_account),
)


def set_up() -> Iterator[tuple[str, str]]:
    """Run each step; yields its name and what there is to say of it."""
    for name, step in STEPS:
        yield name, step()
