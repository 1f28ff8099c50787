"""The cast: fixed people whom tests of any part may call in, and their agencies."""

from collections.abc import Callable
from typing import Final

from vamco.accounts.models import Agency, Grant, Person
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token

HEALTH: Final = "so-y-te"
TRANSPORT: Final = "so-xay-dung"
PASSWORD: Final = "dòng-sông-vàm-cỏ-1"


def health() -> Agency:
    """Sở Y tế, who owes the health data."""
    return _agency(HEALTH, "Sở Y tế", "Department of Health")


def transport() -> Agency:
    """Sở Xây dựng, another agency."""
    return _agency(TRANSPORT, "Sở Xây dựng", "Department of Construction")


def lan() -> Person:
    """Lan, of the chairman's office: a leader."""
    return _person("lan", "Nguyễn Thị Lan", Role.LEADER)


def minh() -> Person:
    """Minh, on the shift of the operations centre."""
    return _person("minh", "Trần Minh", Role.OPERATOR)


def hoa() -> Person:
    """Hoa, data steward of Sở Y tế."""
    return _person("hoa", "Lê Thị Hoa", Role.STEWARD, health())


def binh() -> Person:
    """Bình, data steward of another agency."""
    return _person("binh", "Phạm Bình", Role.STEWARD, transport())


def duc() -> Person:
    """Đức, head of Sở Y tế."""
    return _person("duc", "Võ Minh Đức", Role.DEPARTMENT_HEAD, health())


def sau() -> Person:
    """Sáu, officer of a commune."""
    return _person("sau", "Đặng Văn Sáu", Role.COMMUNE_OFFICER, area_code="27694")


def yen() -> Person:
    """Yến, the auditor."""
    return _person("yen", "Huỳnh Yến", Role.AUDITOR)


def quan() -> Person:
    """Quân, the administrator."""
    return _person("quan", "Bùi Quân", Role.ADMINISTRATOR)


PEOPLE: Final[dict[Role, Callable[[], Person]]] = {
    Role.LEADER: lan,
    Role.OPERATOR: minh,
    Role.STEWARD: hoa,
    Role.DEPARTMENT_HEAD: duc,
    Role.COMMUNE_OFFICER: sau,
    Role.AUDITOR: yen,
    Role.ADMINISTRATOR: quan,
}


def key_of(agency: Agency) -> str:
    """A fresh key for the agency's machine."""
    return issue_token(PROGRAM, agency.code, "phần mềm")


def steward_of(person: Person, agency_code: str) -> None:
    """Make the person a steward of a further agency of the province."""
    agency = _agency(agency_code, agency_code, agency_code)
    Grant.objects.get_or_create(person=person, role=Role.STEWARD, agency=agency)


def _agency(code: str, vi: str, en: str) -> Agency:
    agency, _ = Agency.objects.get_or_create(code=code, defaults={"name_vi": vi, "name_en": en})
    return agency


def _person(
    username: str, name: str, role: Role, agency: Agency | None = None, area_code: str = ""
) -> Person:
    found = Person.objects.filter(username=username).first()
    if found is not None:
        return found
    person = Person.objects.create_user(username, password=PASSWORD, first_name=name, agency=agency)
    Grant.objects.create(person=person, role=role, agency=agency, area_code=area_code)
    return person
