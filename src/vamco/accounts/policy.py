"""One object answers who may do what, and where."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser

from vamco.accounts.models import Agency, Person, Token
from vamco.accounts.roles import ANYONE, SIGNED_IN, Role, role_matrix
from vamco.vocabulary.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something happens; None means that it is bound to no agency, area or service."""

    agency: str | None = None
    area_code: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """A role and the scope it was granted for; an empty field is no limit."""

    role: str
    agency: str = ""
    area_code: str = ""
    service: str = ""

    def covers(self, scope: Scope) -> bool:
        """Whether the grant reaches that far; one for an area alone not to what an agency does for all areas."""
        pairs = (
            (self.agency, scope.agency),
            (self.area_code, scope.area_code),
            (self.service, scope.service),
        )
        if self.area_code and not self.agency and scope.agency and not scope.area_code:
            return False
        return all(not limit or wanted is None or wanted == limit for limit, wanted in pairs)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person, an agency's machine, the program itself, or nobody known."""

    name: str
    granted: tuple[Granted, ...] = field(default=())
    signed_in: bool = False
    is_program: bool = False

    def may(self, permission: str, scope: Scope = Scope()) -> bool:
        """Whether the role matrix lets this actor do that there."""
        if self.is_program:
            return True
        allowed = role_matrix().get(permission, frozenset())
        if ANYONE in allowed or (self.signed_in and SIGNED_IN in allowed):
            return True
        return any(grant.role in allowed and grant.covers(scope) for grant in self.granted)

    def require(self, permission: str, scope: Scope = Scope()) -> None:
        """Raises `Forbidden` unless the actor may."""
        if not self.may(permission, scope):
            raise Forbidden("accounts.forbidden", actor=self.name, permission=permission)

    def has_role(self, role: Role) -> bool:
        """Whether any grant gives that role."""
        return any(grant.role == role for grant in self.granted)

    def agencies(self, permission: str) -> frozenset[str] | None:
        """Agencies for which the permission is granted; None means every agency."""
        allowed = role_matrix().get(permission, frozenset())
        if self.is_program or ANYONE in allowed or (self.signed_in and SIGNED_IN in allowed):
            return None
        limits = {grant.agency for grant in self.granted if grant.role in allowed}
        return None if "" in limits else frozenset(limits)


PROGRAM = Actor("vamco", is_program=True)
NOBODY = Actor("")


def actor_of(person: Person | AnonymousUser | Any) -> Actor:
    """The actor behind a signed-in person; `NOBODY` for anybody else."""
    if not isinstance(person, Person) or not person.is_active:
        return NOBODY
    grants = person.grants.select_related("agency")
    return Actor(
        person.username,
        tuple(Granted(g.role, g.agency.code if g.agency else "", g.area_code, g.service) for g in grants),
        signed_in=True,
    )


def actor_of_token(token: Token) -> Actor:
    """The actor behind an agency's machine. A screen is nobody in particular: it sees what names its role."""
    agency: Agency = token.agency
    granted = (Granted(token.role, agency.code),)
    return Actor(f"{agency.code}/{token.name}", granted, signed_in=token.role != Role.WALL)
