"""The HTTP API, version 1: the same stage functions and the same errors as the pages, as JSON.

Machines show their agency's key (`Authorization: Bearer vamco_…`); a person's session may read.
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from vamco.vocabulary.errors import Misused, VamcoError
from vamco.vocabulary.messages import say
from vamco.web.api.cap import router as cap
from vamco.web.api.datasets import router as datasets
from vamco.web.api.deliveries import router as deliveries
from vamco.web.api.directives import router as directives
from vamco.web.api.incidents import router as incidents
from vamco.web.api.indicators import router as indicators
from vamco.web.api.search import router as search
from vamco.web.api.services import router as services
from vamco.web.api.supply import router as supply
from vamco.web.api.units import router as units
from vamco.web.api.uploads import router as uploads
from vamco.web.language import language_now
from vamco.web.saying import say_error

_FORMS: Final = ("date", "int", "bool", "literal_error", "string_too_long")


class _Readable(JSONRenderer):
    """JSON with Vietnamese letters as they are."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Vàm Cỏ",
    version="1",
    description=__doc__ or "",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    renderer=_Readable(),
)
api.add_router("", deliveries)
api.add_router("", uploads)
api.add_router("", datasets)
api.add_router("", supply)
api.add_router("", units)
api.add_router("", indicators)
api.add_router("", services)
api.add_router("", search)
api.add_router("", directives)
api.add_router("", incidents)
api.add_router("", cap)


@api.exception_handler(VamcoError)
def refuse(request: HttpRequest, error: VamcoError) -> HttpResponse:
    """The error in its one shape."""
    return say_error(request, error)


@api.exception_handler(ValidationError)
def misunderstand(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that is missing or cannot be read, in the same shape and in the reader's words."""
    first: dict[str, Any] = error.errors[0]
    name, kind = str(first["loc"][-1]), str(first["type"])
    if kind == "missing":
        return say_error(request, Misused("web.missing_parameter", name=name))
    value = request.GET.get(name) or request.headers.get(name.replace("_", "-")) or ""
    return say_error(
        request, Misused("web.bad_parameter", name=name, value=value[:100], wanted=_wanted(kind, first))
    )


def _wanted(kind: str, found: dict[str, Any]) -> str:
    """The form that pydantic missed, by the kind of its complaint."""
    form = next((form for form in _FORMS if kind.startswith(form)), "other")
    return say(f"web.wanted_{form}", language_now(), **found.get("ctx", {}))
