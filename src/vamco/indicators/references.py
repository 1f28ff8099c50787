"""By which amounts today's communes are divided when a figure goes back to an older map: people, where delivered."""

from datetime import date
from functools import lru_cache
from typing import Final

from django.db.models import Max
from sqlglot import exp

from vamco.geography.recoding import Reference
from vamco.geography.succession import WeightBasis
from vamco.geography.unit import Level
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import Territory
from vamco.warehouse.models import LedgerEntry

PEOPLE: Final = "reference.population"
_COLUMNS: Final = ("unit__unit", "year", "population")


def people_on(territory: Territory, on: date) -> Reference | None:
    """The people of each commune of the day's map in the latest year known; None where nobody delivered any."""
    entries = LedgerEntry.objects.filter(dataset_id=PEOPLE)
    last = entries.aggregate(came=Max("seq"), went=Max("superseded_seq"))
    version = max(last["came"] or 0, last["went"] or 0)
    return _people(territory, territory.map_of(on), version) if version else None


@lru_cache(maxsize=32)
def _people(territory: Territory, on: date, version: int) -> Reference | None:  # noqa: ARG001  part of the key
    pack, _, name = PEOPLE.partition(".")
    table = exp.table_(name, pack, quoted=True)
    known = Snapshot.now().rows(exp.select(*_COLUMNS).from_(table).where(exp.column("population") > 0))
    communes = set(territory.own(on, Level.COMMUNE))
    counted = sorted((year, unit, people) for unit, year, people in known if unit in communes)
    amounts = {unit: int(people) for _, unit, people in counted}
    return Reference(amounts, WeightBasis.POPULATION) if amounts else None
