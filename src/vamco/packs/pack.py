"""A pack: the declarations of one monitoring service, frozen once loaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from vamco.packs.alert_rule import AlertRule
from vamco.packs.contract import Contract, LegalBasis
from vamco.packs.indicator import Indicator
from vamco.packs.page import Page
from vamco.packs.procedure import Procedure
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.text import Text

_N_NEAREST: Final = 5
_LIKENESS: Final = 0.5  # of `difflib`: ids of one pack that share no word of their name are less alike


class Status(StrEnum):
    """How far a pack is with one rule of maturity (after Home Assistant's quality scale)."""

    DONE = "done"
    TODO = "todo"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Maturity:
    """What the pack says of itself on one rule; an exemption has its reason."""

    rule: str
    status: Status
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One monitoring service: the folder `packs/<slug>/`."""

    slug: str
    title: Text
    agency: str  # code of the agency that owns the service
    version: str
    legal_basis: tuple[LegalBasis, ...]
    maturity: tuple[Maturity, ...]
    contracts: tuple[Contract, ...]
    folder: Path
    summary: Text | None = None
    indicators: tuple[Indicator, ...] = ()  # in order of rank
    alert_rules: tuple[AlertRule, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Packs:
    """All packs of an installation, by slug."""

    packs: tuple[Pack, ...]

    def __iter__(self) -> Iterator[Pack]:
        return iter(self.packs)

    def __len__(self) -> int:
        return len(self.packs)

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """Every contract of every pack."""
        return tuple(contract for pack in self.packs for contract in pack.contracts)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator of every pack."""
        return tuple(indicator for pack in self.packs for indicator in pack.indicators)

    @property
    def alert_rules(self) -> tuple[AlertRule, ...]:
        """Every rule of alerts of every pack."""
        return tuple(rule for pack in self.packs for rule in pack.alert_rules)

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """Every procedure of every pack."""
        return tuple(procedure for pack in self.packs for procedure in pack.procedures)

    def pack(self, slug: str) -> Pack:
        """The pack of that slug. Raises `NotFound`, which lists those there are."""
        for pack in self.packs:
            if pack.slug == slug:
                return pack
        raise NotFound("packs.pack_not_found", slug=slug, candidates=[pack.slug for pack in self.packs])

    def contract(self, id: str) -> Contract:  # noqa: A002
        """The contract `<pack>.<dataset>`. Raises `NotFound`, which lists the nearest."""
        for contract in self.contracts:
            if contract.id == id:
                return contract
        raise NotFound("packs.contract_not_found", id=id, candidates=_nearest(id, self.contracts))

    def indicator(self, id: str) -> Indicator:  # noqa: A002
        """The indicator `<pack>.<name>`. Raises `NotFound`, which lists the nearest."""
        for indicator in self.indicators:
            if indicator.id == id:
                return indicator
        raise NotFound("packs.indicator_not_found", id=id, candidates=_nearest(id, self.indicators))

    def alert_rule(self, id: str) -> AlertRule:  # noqa: A002
        """The rule `<pack>.<name>`. Raises `NotFound`, which lists the nearest."""
        for rule in self.alert_rules:
            if rule.id == id:
                return rule
        raise NotFound("packs.alert_rule_not_found", id=id, candidates=_nearest(id, self.alert_rules))

    def procedure(self, id: str) -> Procedure:  # noqa: A002
        """The procedure `<pack>.<name>`. Raises `NotFound`, which lists those there are."""
        for procedure in self.procedures:
            if procedure.id == id:
                return procedure
        known = [procedure.id for procedure in self.procedures]
        raise NotFound("packs.procedure_not_found", id=id, candidates=known)


class _Declared(Protocol):
    """What has an id `<pack>.<name>`."""

    @property
    def id(self) -> str: ...


def _nearest(id: str, declared: Iterable[_Declared]) -> list[str]:  # noqa: A002
    """The few ids that somebody who wrote this one may have meant, the likeliest first."""
    return get_close_matches(id, [one.id for one in declared], _N_NEAREST, _LIKENESS)
