"""A directive written as YAML or JSON, for the command line and for other systems.

`docs/reference/directives.md` shows the form.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vamco.accounts.models import Person
from vamco.directives.drafts import AssignmentDraft, DirectiveDraft, term
from vamco.directives.models import Directive, Recurrence, SourceKind
from vamco.vocabulary.errors import Misused, NotFound
from vamco.worktime.policy import ClockPolicy, Unit

Node = Mapping[str, Any]


def draft_from(node: Any) -> DirectiveDraft:
    """The draft that the node holds. Raises `Misused` naming the key at fault, `NotFound` for a leader or parent."""
    _require_mapping(node)
    return DirectiveDraft(
        source_kind=_member(SourceKind, node, "source", SourceKind.DOCUMENT),
        document_no=_text(node, "document_no", ""),
        issued_on=_day(node, "issued_on"),
        signer=_text(node, "signer"),
        title=_text(node, "title"),
        text=_text(node, "text"),
        assignments=tuple(map(_assignment, node.get("assignments") or ())),
        leader=_leader(_text(node, "leader", "")),
        parent=_parent(node.get("parent")),
        procedure=_text(node, "procedure", ""),
        recurrence=_member(Recurrence, node, "recurrence", Recurrence.ONCE),
        recurs_until_on=_day(node, "recurs_until_on") if node.get("recurs_until_on") else None,
    )


def deadline_from(text: str) -> ClockPolicy:
    """A deadline as people write it: `2 working_days`. Raises `Misused`."""
    amount, _, unit = text.partition(" ")
    if not amount.isdigit() or unit not in list(Unit):
        raise _wrong("within", text)
    return term(Unit(unit), int(amount))


def _assignment(node: Any) -> AssignmentDraft:
    _require_mapping(node)
    within = deadline_from(_text(node, "within"))
    return AssignmentDraft(
        _text(node, "agency"), _text(node, "text"), within, is_lead=str(node.get("lead")).lower() == "true"
    )


def _require_mapping(node: Any) -> None:
    if not isinstance(node, Mapping):
        raise _wrong("assignments", node)


def _text(node: Node, name: str, default: str | None = None) -> str:
    value = node.get(name, default)
    if value is None or isinstance(value, Mapping | list):
        raise _wrong(name, value)
    return str(value)


def _day(node: Node, name: str) -> date:
    try:
        return date.fromisoformat(_text(node, name))
    except ValueError:
        raise _wrong(name, node.get(name)) from None


def _member(kind: type[Any], node: Node, name: str, default: Any) -> Any:
    try:
        return kind(node.get(name, default))
    except ValueError:
        raise _wrong(name, node.get(name)) from None


def _leader(username: str) -> Person | None:
    if not username:
        return None
    found = Person.objects.filter(username=username).first()
    if found is None:
        raise NotFound("accounts.person_not_found", username=username)
    return found


def _parent(key: Any) -> Directive | None:
    if key is None:
        return None
    found = Directive.objects.filter(pk=int(key)).first() if str(key).isdigit() else None
    if found is None:
        raise NotFound("directives.directive_not_found", directive=key)
    return found


def _wrong(name: str, value: Any) -> Misused:
    return Misused("directives.wrong_value", field=name, value=str(value)[:80])
