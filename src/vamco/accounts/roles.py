"""The roles, and what each may do: one table, read by the program and by its documentation."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

import yaml


class Role(StrEnum):
    """The parts people and machines play."""

    LEADER = "leader"
    OPERATOR = "operator"
    STEWARD = "steward"
    DEPARTMENT_HEAD = "department_head"
    COMMUNE_OFFICER = "commune_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    AGENCY_SYSTEM = "agency_system"
    WALL = "wall"  # a screen that hangs in a room


NARROWED: Final = frozenset({Role.STEWARD, Role.DEPARTMENT_HEAD, Role.COMMUNE_OFFICER})
"""Roles that belong to one agency or area: without one, they reach all of them."""

ANYONE: Final = "anyone"
SIGNED_IN: Final = "signed_in"


@cache
def role_matrix() -> Mapping[str, frozenset[str]]:
    """Permission → who has it: roles, `signed_in` or `anyone`. What has no row is denied."""
    rows = yaml.safe_load(resources.files("vamco.accounts").joinpath("role_matrix.yaml").read_text("utf-8"))
    return {permission: frozenset(row["allow"]) for permission, row in rows.items()}
