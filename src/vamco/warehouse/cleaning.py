"""Deleting what no reader can need: files that compaction replaced, and files that no entry names.

Files are deleted under the ledger's lock, and `ledger.record` looks for its files under the same
lock: so no file is deleted between being stored and being recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from vamco.warehouse import ledger
from vamco.warehouse.local_storage import Stored
from vamco.warehouse.models import DataFile
from vamco.warehouse.storage import store

GRACE: Final = timedelta(hours=1)
"""Longer than any query may run: a reader that planned on a replaced file still finds it."""
LEFTOVER_AGE: Final = timedelta(days=1)
"""Longer than any delivery takes from its first file to its ledger entry."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Paths of the deleted files."""

    replaced: tuple[str, ...]
    leftovers: tuple[str, ...]


def clean(*, grace: timedelta = GRACE, leftover_age: timedelta = LEFTOVER_AGE) -> Cleaned:
    """Delete files replaced at least `grace` ago, and unnamed ones at least `leftover_age` old."""
    return Cleaned(tuple(_clean_replaced(grace)), tuple(_clean_leftovers(leftover_age)))


def leftovers() -> list[Stored]:
    """Stored files that the ledger does not name: from a crash, or of a delivery that is under way."""
    found = list(store().stored())
    named = set(DataFile.objects.values_list("path", flat=True))
    return [file for file in found if file.path not in named]


def _clean_replaced(grace: timedelta) -> Iterator[str]:
    due = DataFile.objects.filter(removed_at__lte=timezone.now() - grace)
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            ledger.lock()
            file = due.filter(pk=pk).first()
            if file is None:
                continue
            file.delete()
            # Rewriting can give the same bytes again: then another row of the ledger names this path.
            if not DataFile.objects.filter(path=file.path).exists():
                store().remove(file.path)
                yield file.path


def _clean_leftovers(age: timedelta) -> Iterator[str]:
    oldest = timezone.now() - age
    for file in leftovers():
        if file.changed_at > oldest:
            continue
        with transaction.atomic():
            ledger.lock()
            if not DataFile.objects.filter(path=file.path).exists():
                store().remove(file.path)
                yield file.path
