"""Keys of agencies' machines: issued once, kept as hashes, checked on each call."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.models import Agency, Token
from vamco.accounts.policy import Actor, Scope
from vamco.accounts.roles import Role
from vamco.vocabulary.errors import Forbidden, Misused, NotFound, Refused


def issue_token(
    actor: Actor, agency_code: str, name: str, days: int = 365, role: Role = Role.AGENCY_SYSTEM
) -> str:
    """A new key for an agency's machine; it is shown this once. Raises `NotFound`, `Forbidden`, `Misused`.

    The key has one role, within its agency: `agency_system` delivers and reads what the agency
    owes; an engine that serves the province reads with `auditor`.
    """
    if days < 1:
        raise Misused("accounts.bad_days", days=days)
    agency = Agency.objects.filter(code=agency_code).first()
    if agency is None:
        raise NotFound("accounts.agency_not_found", agency=agency_code)
    key = f"vamco_{secrets.token_urlsafe(32)}"
    with action(actor, "token.issue", f"agency:{agency_code}", Scope(agency=agency_code)) as details:
        details |= {"name": name, "days": days, "role": role.value}
        Token.objects.create(
            agency=agency,
            name=name,
            role=role,
            sha256=_digest(key),
            expires_at=timezone.now() + timedelta(days=days),
        )
    return key


def revoke_token(actor: Actor, token_id: int) -> Token:
    """The token, which no longer opens anything. Raises `NotFound`, `Forbidden`, `Refused` when it was revoked."""
    token = Token.objects.select_related("agency").filter(pk=token_id).first()
    if token is None:
        raise NotFound("accounts.token_not_found", token=token_id)
    agency = token.agency.code
    with action(actor, "token.revoke", f"agency:{agency}", Scope(agency=agency)) as details:
        details |= {"token": token_id, "name": token.name}
        if not Token.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now()):
            raise Refused("accounts.token_was_revoked", token=token_id)
    return token


def token_of(key: str) -> Token:
    """The live token of that key. Raises `Forbidden`."""
    token = Token.objects.select_related("agency").filter(sha256=_digest(key), revoked_at=None).first()
    if token is None or token.expires_at <= timezone.now():
        raise Forbidden("accounts.bad_token")
    return token


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
