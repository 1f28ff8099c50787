"""Deliveries over HTTP: sent in one piece or in several, and their receipts."""

from http import HTTPStatus
from typing import IO, Annotated, Any

from django.http import FileResponse
from ninja import Header, Query, Router, Schema, Status

from vamco.intake.models import Channel, Delivery
from vamco.intake.receiving import Received, receive
from vamco.intake.replay import replay
from vamco.intake.withdrawing import withdraw
from vamco.vocabulary.errors import Misused
from vamco.web.api.bodies import file_of
from vamco.web.api.schemas import DeliveryOut, ErrorOut, ReceivedOut
from vamco.web.callers import SignedRequest
from vamco.web.deliveries.reading import deliveries_for, delivery_for, receipt_of, rejects_for, report_for

router = Router(tags=["deliveries"])
N_LISTED = 200


class Declared(Schema):
    """What the sender says of the bytes; `map_on` is the day of the map that units are named on."""

    contract: str
    period: str
    filename: str = "delivery"
    map_on: str = ""
    encoding: str = ""
    sheet: str = ""

    @property
    def options(self) -> dict[str, str]:
        """The declarations that intake knows."""
        return {"map_on": self.map_on, "encoding": self.encoding, "sheet": self.sheet}


@router.post(
    "/deliveries",
    response={201: ReceivedOut, 200: ReceivedOut, 409: ErrorOut, 411: ErrorOut},
    url_name="deliveries",
)
def send(
    request: SignedRequest,
    declared: Query[Declared],
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> Status[Received]:
    """Send one delivery: the file as the body, or as the part `file` of a form.

    The same bytes for the same contract and period, or the same `Idempotency-Key`, give the first
    delivery again (200); a new one gives 201. The check follows; ask for the receipt. A body in
    chunks has to say how much there is, by `X-Content-Length` or `Content-Digest: sha-256=:…:`
    (else 411); a body that does not match what was announced is refused (400) and nothing is kept.
    """
    stream, filename = file_of(request, declared.filename)
    received = take(request, declared, stream, filename, _plain(idempotency_key))
    return Status(HTTPStatus.CREATED if received.is_new else HTTPStatus.OK, received)


def take(
    request: SignedRequest, declared: Declared, stream: IO[bytes], filename: str, key: str | None
) -> Received:
    """Hand the bytes to intake's one door."""
    return receive(
        request.actor,
        declared.contract,
        declared.period,
        stream,
        filename,
        Channel.API,
        idempotency_key=key,
        options=declared.options,
    )


def _plain(key: str | None) -> str | None:
    """The key, None for a blank one; headers carry other letters than ASCII in more ways than one."""
    if key and not (key.isascii() and key.isprintable()):
        raise Misused("web.key_not_ascii")
    return (key or "").strip() or None


@router.get("/deliveries", response=list[DeliveryOut], url_name="deliveries")
def listed(request: SignedRequest, contract: str = "", period: str = "") -> list[Delivery]:
    """The newest deliveries that the caller may see, at most 200."""
    rows = deliveries_for(request.actor)
    rows = rows.filter(contract_id=contract) if contract else rows
    rows = rows.filter(period=period) if period else rows
    return list(rows[:N_LISTED])


@router.get("/deliveries/{int:delivery_id}", response=DeliveryOut, url_name="delivery")
def one(request: SignedRequest, delivery_id: int) -> Delivery:
    """One delivery and where it stands."""
    return delivery_for(request, delivery_id)[0]


@router.get(
    "/deliveries/{int:delivery_id}/receipt", response={200: dict[str, Any], 404: ErrorOut}, url_name="receipt"
)
def receipt(request: SignedRequest, delivery_id: int, part: int = 0) -> dict[str, Any]:
    """The last receipt of the delivery, or of one of its parts."""
    delivery, contract = delivery_for(request, delivery_id)
    return report_for(request.actor, receipt_of(delivery, part), contract)


@router.get("/deliveries/{int:delivery_id}/rejects", response={200: bytes, 404: ErrorOut}, url_name="rejects")
def rejects(request: SignedRequest, delivery_id: int) -> FileResponse:
    """The rows that are still rejected, as a file in the sender's own layout, with a reason column."""
    return rejects_for(request.actor, delivery_for(request, delivery_id)[0])


@router.post(
    "/deliveries/{int:delivery_id}/corrections",
    response={202: DeliveryOut, 409: ErrorOut, 411: ErrorOut},
    url_name="corrections",
)
def correct(request: SignedRequest, delivery_id: int, filename: str = "corrections") -> Status[Delivery]:
    """Send back the corrected rejects, as the body or as the part `file` of a form; the check follows."""
    delivery, _ = delivery_for(request, delivery_id)
    stream, name = file_of(request, filename)
    return Status(HTTPStatus.ACCEPTED, replay(request.actor, delivery, stream, name).delivery)


class Withdrawal(Schema):
    """Why accepted figures are no longer to be used."""

    why: str


@router.post(
    "/deliveries/{int:delivery_id}/withdrawal",
    response={200: DeliveryOut, 409: ErrorOut},
    url_name="withdrawal",
)
def withdrawal(request: SignedRequest, delivery_id: int, said: Query[Withdrawal]) -> Delivery:
    """Take an accepted delivery's rows out of the dataset from now on; what was known before stays readable."""
    return withdraw(request.actor, delivery_for(request, delivery_id)[0], said.why)
