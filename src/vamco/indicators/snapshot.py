"""The warehouse as it stood at one moment: what every query of a computation sees."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import pyarrow
from django.utils import timezone
from sqlglot import exp

from vamco.vocabulary.errors import NotFound
from vamco.warehouse.engine import engine
from vamco.warehouse.ledger import seq_at
from vamco.warehouse.models import Version
from vamco.warehouse.view import View, view


@dataclass(frozen=True)
class Snapshot:
    """The datasets as known at a moment; `seq` is the ledger's version then."""

    at: datetime
    seq: int
    _views: dict[str, View | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def now(cls) -> "Snapshot":
        """At the last change of the ledger: the same state as now, and a moment that is closed."""
        last = Version.objects.order_by("-seq").first()
        return cls(last.at, last.seq) if last else cls(timezone.now(), 0)

    @classmethod
    def then(cls, moment: datetime) -> "Snapshot":
        """At a moment of the past."""
        return cls(moment, seq_at(moment))

    def view(self, dataset: str) -> View | None:
        """What the dataset consisted of; None when nothing was known of it."""
        if dataset not in self._views:
            self._views[dataset] = self._found(dataset)
        return self._views[dataset]

    def table(self, query: exp.Expr) -> pyarrow.Table:
        """The result of a query over the datasets."""
        return engine().table(query, as_known_at=self.at)

    def rows(self, query: exp.Expr) -> list[tuple[Any, ...]]:
        """The result of a query, row by row."""
        return list(zip(*(column.to_pylist() for column in self.table(query).columns), strict=True))

    @cached_property
    def _is_empty(self) -> bool:
        return self.seq == 0

    def _found(self, dataset: str) -> View | None:
        if self._is_empty:
            return None
        try:
            return view(dataset, seq=self.seq)
        except NotFound:
            return None
