"""Scheduled pulls: ask a source, keep its answer as it came, hand it to `receive`."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import requests
import sqlalchemy
from django.conf import settings

from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel, Delivery
from vamco.intake.receiving import receive
from vamco.intake.ways_in.machine import machine_of
from vamco.intake.ways_in.sources import Source, secret_of
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.period import Period, PeriodType

_TIMEOUT_SECONDS: Final = (10, 120)
_CHUNK: Final = 1 << 20


def pull(source: Source, today: date) -> Delivery:
    """Ask the source and receive its answer. Raises `Refused` when it does not answer properly."""
    with _answer(source) as (stream, filename):
        machine = machine_of(source.agency, f"pull-{source.id}")
        period = str(_period(source, today))
        return receive(machine, source.contract, period, stream, filename, Channel.PULL).delivery


def _period(source: Source, today: date) -> Period:
    schedule = contract_of(source.contract).schedule
    if schedule is None:
        raise Refused("intake.source_without_schedule", source=source.id, contract=source.contract)
    current = Period.covering(PeriodType(schedule.period_type), today)
    return current if source.period == "current" else current.previous()


@contextmanager
def _answer(source: Source) -> Iterator[tuple[IO[bytes], str]]:
    with tempfile.TemporaryFile() as kept:
        filename = _from_http(source, kept) if source.url else _from_sql(source, kept)
        kept.seek(0)
        yield kept, filename


def _from_http(source: Source, kept: IO[bytes]) -> str:
    """The body as it came. A redirect is not followed: it could lead anywhere, with our secret."""
    headers = {"Authorization": secret_of(source, _secrets())} if source.secret else {}
    parts = urlsplit(source.url)
    if parts.scheme not in {"http", "https"}:
        raise Refused("intake.source_bad_address", source=source.id, address=source.url)
    try:
        with requests.get(
            source.url, headers=headers, timeout=_TIMEOUT_SECONDS, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise Refused("intake.source_answered", source=source.id, status=answer.status_code)
            _keep(source, answer.iter_content(_CHUNK), kept)
    except requests.RequestException as error:
        raise Refused("intake.source_silent", source=source.id, reason=type(error).__name__) from None
    return Path(parts.path).name or f"{source.id}.json"


def _from_sql(source: Source, kept: IO[bytes]) -> str:
    """The query's rows as NDJSON, one object a row; numbers and dates as text, nothing rounded."""
    engine = sqlalchemy.create_engine(secret_of(source, _secrets()), poolclass=sqlalchemy.NullPool)
    try:
        with engine.connect() as connection:
            rows = connection.execution_options(stream_results=True).execute(sqlalchemy.text(source.query))
            _keep(source, (_line(row) for row in rows.mappings()), kept)
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise Refused("intake.source_silent", source=source.id, reason=type(error).__name__) from None
    return f"{source.id}.ndjson"


def _line(row: sqlalchemy.RowMapping) -> bytes:
    cells = {name: None if value is None else str(value) for name, value in row.items()}
    return json.dumps(cells, ensure_ascii=False).encode() + b"\n"


def _keep(source: Source, chunks: Iterator[bytes], kept: IO[bytes]) -> None:
    size = 0
    for chunk in chunks:
        size += kept.write(chunk)
        if size > settings.MAX_DELIVERY_BYTES:
            raise Refused("intake.source_too_large", source=source.id, limit=settings.MAX_DELIVERY_BYTES)


def _secrets() -> Path:
    return Path(settings.HOME) / "secrets"
