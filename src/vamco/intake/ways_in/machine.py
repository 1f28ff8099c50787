"""Whom a machine acts for: one agency, with the rights of that agency's systems and no more."""

from vamco.accounts.policy import Actor, Granted
from vamco.accounts.roles import Role


def machine_of(agency: str, name: str) -> Actor:
    """The actor behind an agency's folder or source."""
    return Actor(f"{agency}/{name}", (Granted(Role.AGENCY_SYSTEM, agency),), signed_in=True)
