"""Large deliveries over a bad line: sent in parts, resumed where the line broke."""

from typing import Annotated, Any

from ninja import Header, Path, Query, Router

from vamco.intake.contracts import contract_of
from vamco.intake.models import Delivery
from vamco.intake.receiving import scope_of
from vamco.vocabulary.errors import VamcoError
from vamco.web.api.bodies import body_of
from vamco.web.api.deliveries import Declared, take
from vamco.web.api.partial import PartialUpload, Span
from vamco.web.api.schemas import ErrorOut, UploadOut
from vamco.web.callers import SignedRequest

router = Router(tags=["deliveries"])
Key = Annotated[str, Path(max_length=200)]


@router.put("/uploads/{key}", response={200: UploadOut, 409: ErrorOut}, url_name="upload")
def send_part(
    request: SignedRequest,
    key: Key,
    declared: Query[Declared],
    content_range: Annotated[str, Header(alias="Content-Range")],
) -> dict[str, Any]:
    """Send the next part of the upload that the agency calls `key`, as the body.

    `Content-Range: bytes first-last/total`. Parts come in order; a part that does not begin where
    the kept bytes end is refused (409) and told where to go on. The last part makes the delivery,
    with `key` as its idempotency key: sending it again gives the same delivery.
    """
    agency = _agency(request, declared)
    upload, span = PartialUpload(agency, key), Span.parse(content_range)
    with upload.held():
        if known := _delivered(agency, key):
            return _said(known.first_part.n_bytes, known)
        n_bytes = upload.append(span, body_of(request))
        if n_bytes < span.total:
            return {"n_bytes": n_bytes, "total": span.total, "delivery": None}
        return _said(n_bytes, _finish(request, declared, upload, key))


@router.get("/uploads/{key}", response=UploadOut, url_name="upload")
def upload_so_far(request: SignedRequest, key: Key, declared: Query[Declared]) -> dict[str, Any]:
    """How many bytes of the upload are kept: the offset to go on from; or the delivery that they made."""
    agency = _agency(request, declared)
    if known := _delivered(agency, key):
        return _said(known.first_part.n_bytes, known)
    return {"n_bytes": PartialUpload(agency, key).n_bytes, "total": None, "delivery": None}


def _finish(request: SignedRequest, declared: Declared, upload: PartialUpload, key: str) -> Delivery:
    """Hand over the whole; a refusal drops the bytes, so that the key can be used for better ones."""
    try:
        with upload.path.open("rb") as whole:
            delivery = take(request, declared, whole, declared.filename, key).delivery
    except VamcoError:
        upload.forget()
        raise
    upload.forget()
    return delivery


def _agency(request: SignedRequest, declared: Declared) -> str:
    contract = contract_of(declared.contract)
    request.actor.require("delivery.receive", scope_of(contract))
    return contract.agency


def _delivered(agency: str, key: str) -> Delivery | None:
    return Delivery.objects.filter(agency=agency, idempotency_key=key).first()


def _said(n_bytes: int, delivery: Delivery) -> dict[str, Any]:
    return {"n_bytes": n_bytes, "total": n_bytes, "delivery": delivery}
