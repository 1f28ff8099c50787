"""Which version of the ledger a question is about: now, or what was known at a moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from vamco.vocabulary.errors import NotFound
from vamco.warehouse import ledger
from vamco.warehouse.models import Dataset

Moments = datetime | Mapping[str, datetime] | None
"""As known at: one moment for every dataset, a moment per dataset, or now."""


def present_versions(datasets: Iterable[str]) -> dict[str, int]:
    """The last change of each dataset, read at one instant. Raises `NotFound`."""
    names = tuple(datasets)
    found = dict(Dataset.objects.filter(name__in=names).values_list("name", "changed_seq"))
    for name in names:
        if name not in found:
            raise NotFound("warehouse.no_dataset", dataset=name)
    return found


def versions_at(datasets: Iterable[str], as_known_at: Moments) -> dict[str, int]:
    """The ledger's version at the moment asked for each dataset; those asked as of now are left out."""
    if as_known_at is None:
        return {}
    if isinstance(as_known_at, datetime):
        return dict.fromkeys(datasets, ledger.seq_at(as_known_at))
    return {name: ledger.seq_at(as_known_at[name]) for name in datasets if name in as_known_at}
