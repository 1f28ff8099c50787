"""The shares of divided communes, as far as an authority has published them: a dataset like any other."""

from collections import defaultdict
from decimal import Decimal
from typing import Final

from django.db.models import Max
from sqlglot import exp

from vamco.geography.register import Register
from vamco.geography.succession import WeightBasis
from vamco.indicators.snapshot import Snapshot
from vamco.warehouse.models import LedgerEntry

SHARES: Final = "reference.commune_shares"
_BASES: Final = {
    "dân số": WeightBasis.POPULATION,
    "số hộ": WeightBasis.HOUSEHOLDS,
    "diện tích": WeightBasis.AREA,
    "hồ sơ": WeightBasis.RECORDS,
}
_COLUMNS: Final = ("old_unit__unit", "new_unit__unit", "share", "basis")


def shares_version() -> int:
    """The version of the delivery ledger that last changed the shares; 0 while there are none."""
    last = LedgerEntry.objects.filter(dataset_id=SHARES).aggregate(
        came=Max("seq"), went=Max("superseded_seq")
    )
    return max(last["came"] or 0, last["went"] or 0)


def weighed(register: Register, version: int) -> Register:
    """The register with the shares of that version; parts that nobody has published stay unknown."""
    if not version:
        return register
    pack, _, name = SHARES.partition(".")
    rows = Snapshot.now().rows(exp.select(*_COLUMNS).from_(exp.table_(name, pack, quoted=True)))
    by_basis: defaultdict[WeightBasis, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    for old, new, share, basis in rows:
        by_basis[_BASES.get(basis, WeightBasis.UNKNOWN)][old, new] = Decimal(str(share))
    for basis, weights in by_basis.items():
        register = register.weighed(weights, basis)
    return Register(f"{register.version} + {name} {version}", register.units, register.successions)
