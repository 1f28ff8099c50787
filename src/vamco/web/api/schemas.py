"""What the API hands out, as its OpenAPI document describes it."""

from datetime import date, datetime

from ninja import Schema


class DeliveryOut(Schema):
    """One delivery: `state` is received, checking, accepted, partly_accepted, rejected, unreadable or withdrawn."""

    id: int
    contract_id: str
    contract_version: str
    period: str
    agency: str
    sha256: str
    channel: str
    state: str
    received_at: datetime
    decided_at: datetime | None
    supersedes_id: int | None
    is_live: bool


class ReceivedOut(Schema):
    """The delivery that the bytes belong to; `is_new` is false when the same had been sent before."""

    delivery: DeliveryOut
    is_new: bool


class UploadOut(Schema):
    """A resumable upload: how many bytes are kept, and the delivery once all have come."""

    n_bytes: int
    total: int | None
    delivery: DeliveryOut | None


class ColumnOut(Schema):
    """A column of a contract."""

    name: str
    kind: str
    title_vi: str
    title_en: str
    required: bool
    sensitivity: str


class DatasetOut(Schema):
    """A dataset and what it holds now."""

    id: str
    version: str
    title_vi: str
    title_en: str
    agency: str
    n_rows: int
    newest_period: str | None
    newest_received_at: datetime | None
    score: float | None


class DatasetDetailOut(DatasetOut):
    """A dataset with its columns."""

    columns: list[ColumnOut]


class ErrorBody(Schema):
    """What happened, what was kept, what to do next."""

    id: str
    what: str
    kept: str
    next: str
    details: dict[str, object]


class ErrorOut(Schema):
    """The one error shape."""

    error: ErrorBody


class UnitOut(Schema):
    """An administrative unit; `unit_id` is `code@valid_from_on`."""

    unit_id: str
    code: str
    name: str
    kind: str
    level: str
    parent_code: str | None
    valid_from_on: date
    valid_to_on: date | None
    legal_basis: str


class SuccessionOut(Schema):
    """An edge old → new of the register."""

    old_unit_id: str
    new_unit_id: str
    extent: str
    effective_on: date
    weight: str | None
    basis: str
    resolution: str
    article: str
    clause: str


class UnitLifeOut(Schema):
    """A unit with what came before and after it."""

    unit: UnitOut
    predecessors: list[SuccessionOut]
    successors: list[SuccessionOut]


class SupplyOut(Schema):
    """One owed period of one dataset and whether it came."""

    contract: str
    agency: str
    period: str
    due_on: date
    state: str
    delivery: int | None
    delivered_on: date | None
    n_days_late: int
