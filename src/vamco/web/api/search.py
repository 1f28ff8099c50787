"""Search over HTTP."""

from typing import Any

from ninja import Router

from vamco.web.api.figure_schemas import GroupOut
from vamco.web.callers import SignedRequest
from vamco.web.search.finding import find

router = Router(tags=["search"])


@router.get("/search", response=list[GroupOut], url_name="search")
def search(request: SignedRequest, q: str, limit: int = 20) -> list[dict[str, Any]]:
    """Services, indicators, units of any time and datasets whose names hold all the words, with or without marks."""
    return [group.as_dict() for group in find(q, request.actor, limit)]
