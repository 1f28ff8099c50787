"""Sources that are asked on a schedule, declared in `sources.yaml`; secrets lie elsewhere."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from vamco.vocabulary.errors import Misused

_REQUIRED: Final = ("contract", "agency", "period", "every_minutes")


@dataclass(frozen=True, slots=True)
class Source:
    """One system to pull from: exactly one of `url` (HTTP) and `database` with `query` (SQL).

    `period` is "current" or "previous", by the contract's schedule. `secret` names the file of
    the secrets folder (or the variable VAMCO_SECRET_<NAME>) that holds an Authorization header,
    or the database's address.
    """

    id: str
    contract: str
    agency: str
    period: str
    every: timedelta
    url: str = ""
    query: str = ""
    secret: str = ""


def load_sources(path: Path) -> tuple[Source, ...]:
    """The declared sources; none when there is no file. Raises `Misused` naming the source at fault."""
    if not path.exists():
        return ()
    declared = yaml.safe_load(path.read_text("utf-8")) or {}
    return tuple(_source(name, row) for name, row in declared.items())


def secret_of(source: Source, folder: Path) -> str:
    """The source's secret, from the environment or the secrets folder. Raises `Misused`."""
    from_environment = os.environ.get(f"VAMCO_SECRET_{source.secret.upper().replace('-', '_')}")
    if from_environment:
        return from_environment
    kept = folder / Path(source.secret).name
    if not kept.is_file():
        raise Misused("intake.source_secret_missing", source=source.id, secret=source.secret)
    return kept.read_text("utf-8").strip()


def _source(name: str, row: dict[str, Any]) -> Source:
    missing = [field for field in _REQUIRED if field not in row]
    one_way = bool(row.get("url")) != bool(row.get("query"))
    known_period = row.get("period") in {"current", "previous"}
    secret_given = bool(row.get("secret")) or not row.get("query")
    if missing or not one_way or not known_period or not secret_given:
        raise Misused("intake.source_malformed", source=name, missing=missing)
    return Source(
        id=name,
        contract=row["contract"],
        agency=row["agency"],
        period=row["period"],
        every=timedelta(minutes=float(row["every_minutes"])),
        url=row.get("url", ""),
        query=row.get("query", ""),
        secret=row.get("secret", ""),
    )
