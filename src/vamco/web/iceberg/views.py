"""The routes of Iceberg's REST protocol that a reader needs; every other verb is refused."""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from vamco.accounts.tokens import token_of
from vamco.vocabulary.errors import Forbidden, Misused, NotFound, VamcoError
from vamco.warehouse.iceberg import naming, tables
from vamco.warehouse.models import Dataset
from vamco.web.callers import SignedRequest
from vamco.web.iceberg import rights
from vamco.web.iceberg.audit import audit
from vamco.web.iceberg.errors import iceberg_error

View = Callable[..., HttpResponse]

_MOST_OF_A_FORM: Final = 8_192  # bytes; anybody may send one, and it is held in memory

_NAMESPACES: Final = "/v1/{prefix}/namespaces"
_ENDPOINTS: Final = [
    f"GET {_NAMESPACES}",
    f"GET {_NAMESPACES}/{{namespace}}",
    f"HEAD {_NAMESPACES}/{{namespace}}",
    f"GET {_NAMESPACES}/{{namespace}}/tables",
    f"GET {_NAMESPACES}/{{namespace}}/tables/{{table}}",
    f"HEAD {_NAMESPACES}/{{namespace}}/tables/{{table}}",
]
_ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105  the name of a type


def door(missing: str) -> Callable[[View], View]:
    """Let nobody write, and say errors in Iceberg's shape; `missing` is its word for what is not there."""

    def through(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: SignedRequest, **named: str) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return iceberg_error(Misused("web.iceberg_read_only"), HTTPStatus.METHOD_NOT_ALLOWED)
            try:
                return view(request, **named)
            except NotFound as error:
                return iceberg_error(error, type_=missing)
            except VamcoError as error:
                return iceberg_error(error)

        return answer

    return through


@door("NotFoundException")
def config(request: SignedRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """What the catalogue can do: read. Clients must not send it their metrics."""
    defaults = {"rest-metrics-reporting-enabled": "false"}
    return JsonResponse({"defaults": defaults, "overrides": {}, "endpoints": _ENDPOINTS})


@door("NoSuchNamespaceException")
def namespaces(request: SignedRequest) -> HttpResponse:
    """The packs of which the caller may read a dataset; packs hold no packs."""
    found = [] if request.GET.get("parent") else sorted({pack for pack, _ in _tables(request)})
    return JsonResponse({"namespaces": [[pack] for pack in found]})


@door("NoSuchNamespaceException")
def namespace(request: SignedRequest, namespace: str) -> HttpResponse:
    """One pack."""
    _tables_of(request, namespace)
    if request.method == "HEAD":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse({"namespace": [namespace], "properties": {}})


@door("NoSuchNamespaceException")
def tables_of(request: SignedRequest, namespace: str) -> HttpResponse:
    """The datasets of a pack that the caller may read."""
    found = _tables_of(request, namespace)
    return JsonResponse({"identifiers": [{"namespace": [namespace], "name": name} for name in found]})


@door("NoSuchTableException")
def table(request: SignedRequest, namespace: str, table: str) -> HttpResponse:
    """A dataset's Iceberg metadata, for those who may read it."""
    wanted = naming.asked(namespace, table)
    reading = rights.reading(request.actor, wanted.dataset)
    if request.method == "HEAD":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    loaded = tables.load(wanted, reading.without)
    audit(request.actor, reading, loaded)
    said = {"metadata-location": loaded.location, "metadata": json.loads(loaded.metadata), "config": {}}
    return JsonResponse(said)


@door("NotFoundException")
def elsewhere(request: SignedRequest, path: str) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """What this catalogue does not have, such as views."""
    raise NotFound("web.no_page", address=path)


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """OAuth's client credentials, for clients that insist: the secret is the key, and so is the token."""
    if _n_bytes(request) > _MOST_OF_A_FORM:
        return _oauth_error("invalid_request", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if request.POST.get("grant_type") != "client_credentials":
        return _oauth_error("unsupported_grant_type", HTTPStatus.BAD_REQUEST)
    key = request.POST.get("client_secret", "")
    try:
        found = token_of(key)
    except Forbidden:
        return _oauth_error("invalid_client", HTTPStatus.UNAUTHORIZED)
    if request.POST.get("client_id") not in (None, "", found.agency.code):
        return _oauth_error("invalid_client", HTTPStatus.UNAUTHORIZED)
    return JsonResponse({"access_token": key, "token_type": "bearer", "issued_token_type": _ACCESS_TOKEN})


def _n_bytes(request: HttpRequest) -> int:
    """How many bytes the body is announced to have; nothing is read of one without a length."""
    text = request.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _oauth_error(error: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"error": error}, status=status)


def _tables(request: SignedRequest) -> list[tuple[str, str]]:
    """Namespace and name of each table that the caller may read."""
    names = Dataset.objects.filter(name__in=rights.readable(request.actor)).values_list("name", flat=True)
    return sorted(map(naming.named, names))


def _tables_of(request: SignedRequest, namespace: str) -> list[str]:
    """Raises `NotFound` when the caller may read none of the pack's datasets."""
    found = [name for pack, name in _tables(request) if pack == namespace]
    if not found:
        raise NotFound("packs.pack_not_found", slug=namespace, candidates=[])
    return found
