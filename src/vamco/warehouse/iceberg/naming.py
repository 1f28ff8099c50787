"""How engines call the tables: plain identifiers that need no quotes in any of them.

The dataset `public-administration.dossiers` is the table `public_administration.dossiers`; a suffix
asks for its past: `dossiers__as_known_at_20261120t100000z`, `dossiers__at_version_42`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from vamco.vocabulary.errors import Ambiguous, NotFound
from vamco.warehouse.models import Dataset

_KNOWN_AT: Final = re.compile(r"(?P<table>.+?)__as_known_at_(?P<moment>\d{8}t\d{6}z)")
_AT_VERSION: Final = re.compile(r"(?P<table>.+?)__at_version_(?P<seq>\d{1,18})")
_MOMENT: Final = "%Y%m%dt%H%M%Sz"


@dataclass(frozen=True, slots=True)
class Asked:
    """A dataset as an engine asks for it: now, as known at a moment, or at a version of the ledger."""

    dataset: str
    as_known_at: datetime | None = None
    seq: int | None = None


def named(dataset: str) -> tuple[str, str]:
    """Namespace and table of a dataset."""
    pack, _, name = dataset.partition(".")
    return _plain(pack), _plain(name)


def at_version(dataset: str, seq: int) -> tuple[str, str]:
    """Namespace and table of the dataset as it was at a version of the ledger."""
    namespace, table = named(dataset)
    return namespace, f"{table}__at_version_{seq}"


def asked(namespace: str, table: str) -> Asked:
    """What an engine means by a table's name. Raises `NotFound`."""
    plain = _plain(table)
    if found := _KNOWN_AT.fullmatch(plain):
        return Asked(_dataset(namespace, found["table"]), as_known_at=_moment(found["moment"], table))
    if found := _AT_VERSION.fullmatch(plain):
        return Asked(_dataset(namespace, found["table"]), seq=int(found["seq"]))
    return Asked(_dataset(namespace, plain))


def _dataset(namespace: str, table: str) -> str:
    """Raises `Ambiguous` when two datasets differ in nothing but hyphens."""
    wanted = (_plain(namespace), table)
    names = [n for n in Dataset.objects.values_list("name", flat=True).order_by("name") if named(n) == wanted]
    if len(names) > 1:
        raise Ambiguous("warehouse.ambiguous_table", table=table, candidates=names)
    if not names:
        raise NotFound("warehouse.no_dataset", dataset=f"{namespace}.{table}")
    return names[0]


def _moment(written: str, table: str) -> datetime:
    try:
        return datetime.strptime(written, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise NotFound("warehouse.no_dataset", dataset=table) from None


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_")
