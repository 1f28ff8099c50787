"""The audit page: every action in words, and the chain verified on request."""

import ast

import pytest
from tests import cast
from tests.web.wording import WEB

from vamco.accounts.action import action
from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import PROGRAM
from vamco.vocabulary.messages import catalogue
from vamco.web.templatetags.audit_words import key_of


def verbs_in_code() -> set[str]:
    """Every verb handed, as a literal, to `action`."""
    return {
        node.args[1].value
        for path in WEB.parent.rglob("*.py")
        if "action(" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "action"
        if len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
    }


def test_every_action_has_words():
    verbs = verbs_in_code()
    assert len(verbs) > 5
    assert [verb for verb in sorted(verbs) if key_of(verb) not in catalogue("web")] == []


@pytest.mark.django_db
def test_the_auditor_finds_entries_and_verifies_the_chain(client):
    for number in range(3):
        with action(PROGRAM, "token.issue", f"agency:số-{number}"):
            pass
    client.force_login(cast.yen())
    found = client.get("/audit/?q=số-1").text
    assert "agency:số-1" in found
    assert "agency:số-2" not in found
    assert "Chuỗi nhật ký nguyên vẹn" in client.get("/audit/?verify=1").text
    AuditEntry.objects.filter(subject="agency:số-1").update(actor="ai đó")
    assert "Chuỗi nhật ký bị đứt" in client.get("/audit/?verify=1").text
