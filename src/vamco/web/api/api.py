"""The HTTP API, version 1: the same stage functions and the same errors as the pages, as JSON.

Machines show their agency's key (`Authorization: Bearer vamco_…`); a person's session may read.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from vamco.vocabulary.errors import Misused, VamcoError
from vamco.web.api.datasets import router as datasets
from vamco.web.api.deliveries import router as deliveries
from vamco.web.api.supply import router as supply
from vamco.web.api.units import router as units
from vamco.web.api.uploads import router as uploads
from vamco.web.saying import say_error


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


@api.exception_handler(VamcoError)
def refuse(request: HttpRequest, error: VamcoError) -> HttpResponse:
    """The error in its one shape."""
    return say_error(request, error)


@api.exception_handler(ValidationError)
def misunderstand(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that is missing or cannot be read, in the same shape."""
    first: dict[str, Any] = error.errors[0]
    name, value = str(first["loc"][-1]), json.dumps(first.get("input"), default=str)[:100]
    return say_error(request, Misused("web.bad_parameter", name=name, value=value, wanted=first["msg"]))
