"""The supply ledger over HTTP."""

from datetime import date
from typing import Any

from ninja import Router

from vamco.intake.contracts import packs
from vamco.intake.supply import supplies
from vamco.web.api.schemas import SupplyOut
from vamco.web.callers import SignedRequest

router = Router(tags=["supply"])


@router.get("/supply", response=list[SupplyOut], url_name="supply")
def supply(
    request: SignedRequest,  # noqa: ARG001  ninja's signature
    on: date | None = None,
    agency: str = "",
    state: str = "",
) -> list[dict[str, Any]]:
    """Every period owed so far, oldest first, as of a day; narrowed to an agency or a state."""
    contracts = [c for c in packs().contracts if agency in ("", c.agency)]
    return [entry.as_dict() for entry in supplies(on, contracts) if state in ("", entry.state)]
