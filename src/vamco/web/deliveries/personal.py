"""What a receipt keeps back from those who may not see personal data: the text of cells, never the counts."""

from collections.abc import Iterable
from typing import Any, Final

from vamco.accounts.action import action
from vamco.accounts.policy import PROGRAM, Actor
from vamco.intake.models import Delivery, Finding
from vamco.intake.receiving import scope_of
from vamco.packs.contract import Contract, Sensitivity
from vamco.vocabulary.messages import say

_PERMISSION: Final = "dataset.personal"
_HIDDEN: Final = "▒▒▒"
_OF_SEVERAL_COLUMNS: Final = "primary-key"


def is_personal(contract: Contract) -> bool:
    """Whether the contract has a column of personal data, so that any row may be about somebody."""
    return any(column.sensitivity is Sensitivity.PERSONAL for column in contract.columns)


def hides_from(actor: Actor, contract: Contract) -> bool:
    """Whether cells of the contract's deliveries have to be kept back from the actor."""
    return is_personal(contract) and not actor.may(_PERMISSION, scope_of(contract))


def may_have_rows(actor: Actor, delivery: Delivery, contract: Contract) -> bool:
    """Whether whole rows of the delivery are for the actor, or came from nobody else."""
    return not hides_from(actor, contract) or has_sent_all(actor, delivery)


def require_rows(actor: Actor, delivery: Delivery, contract: Contract) -> None:
    """Raises `Forbidden` unless the actor may have whole rows of the delivery; who took personal ones is audited."""
    if not is_personal(contract):
        return
    if not has_sent_all(actor, delivery):
        actor.require(_PERMISSION, scope_of(contract))
    with action(actor, "delivery.take-rejects", f"delivery:{delivery.pk}", scope_of(contract)) as details:
        details |= {
            "contract": contract.id,
            "by": "permission" if not hides_from(actor, contract) else "sender",
        }


def has_sent_all(actor: Actor, delivery: Delivery) -> bool:
    """Whether every part came from this very person or key: corrections of another hold what the other wrote.

    What the program itself took in was sent by nobody who signs in, whatever their name.
    """
    is_somebody = actor.signed_in and actor.name != PROGRAM.name
    return is_somebody and not delivery.parts.exclude(sender=actor.name).exists()


def hide_cells(findings: Iterable[Finding], contract: Contract) -> None:
    """Take the examples out of findings, but for those in a column that is not personal."""
    for finding in findings:
        if not _is_open(contract, finding.column, finding.error_type):
            finding.example_cell = _HIDDEN
            finding.details = {**finding.details, "cell": _HIDDEN, "more": _HIDDEN}


def without_cells(report: dict[str, Any], contract: Contract) -> dict[str, Any]:
    """The report of a receipt without the cells that may hold personal data."""
    columns = {fault["header"]: fault["column"] for fault in report.get("faults", ())}
    return {
        **report,
        "tasks": [
            {**task, "errors": [_hidden(contract, columns, error) for error in task["errors"]]}
            for task in report.get("tasks", ())
        ],
        "repairs": [{**repair, "examples": []} for repair in report.get("repairs", ())],
        "set_aside": [{**row, "cells": []} for row in report.get("set_aside", ())],
    }


def _hidden(contract: Contract, columns: dict[str, str], error: dict[str, Any]) -> dict[str, Any]:
    is_whole = error["rowNumber"] is None
    if is_whole or _is_open(contract, columns.get(error["fieldName"], ""), error["type"]):
        return error
    return {**error, "cell": None, "note": say("web.nothing_suppressed", "vi")}


def _is_open(contract: Contract, column: str, error_type: str) -> bool:
    """Whether the cell belongs to one column and that is not personal; rules across cells quote any of them."""
    if error_type == _OF_SEVERAL_COLUMNS or not contract.has(column):
        return False
    return contract.column(column).sensitivity is not Sensitivity.PERSONAL
