"""What the search box finds: by words without marks, the closest first, and only what the reader may open."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from vamco.accounts.policy import Actor
from vamco.geography.unit import AdministrativeUnit
from vamco.indicators.declared import packs
from vamco.vocabulary.text import Text, fold
from vamco.web.contracts import agency_names
from vamco.web.indicators.access import readable
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day
from vamco.web.units.life import units_named

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: `about` tells it from others of its name."""

    id: str
    title: str
    about: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, the closest first, and how many there are in all."""

    kind: str
    hits: tuple[Hit, ...]
    n: int

    def as_dict(self) -> dict[str, Any]:
        """The group as JSON can carry it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Named:
    """Something that can be found by its title, more loosely by other words."""

    hit: Hit
    titles: tuple[str, ...]
    other: str


def find(text: str, actor: Actor, limit: int = 8) -> list[Group]:
    """The kinds of which something was found, of those whose pages the actor may open."""
    words = fold(text).split()
    if not words:
        return []
    kinds: dict[str, Callable[[], list[Hit]]] = {
        "service": lambda: _closest(_services(), words),
        "indicator": lambda: _closest(_indicators(actor), words),
        "unit": lambda: _units(text),
        "dataset": lambda: _closest(_datasets(), words),
    }
    found = ((kind, look()) for kind, look in kinds.items() if actor.may(kind))
    most = max(1, min(limit, MOST))
    return [Group(kind, tuple(hits[:most]), len(hits)) for kind, hits in found if hits]


def _closest(named: Iterable[_Named], words: list[str]) -> list[Hit]:
    """Those that hold all words: first where a title begins with them, then where one holds them."""
    ranked = [(place, i, one.hit) for i, one in enumerate(named) if (place := _place(one, words)) is not None]
    return [hit for *_, hit in sorted(ranked, key=lambda each: each[:2])]


def _place(one: _Named, words: list[str]) -> int | None:
    phrase = " ".join(words)
    titles = [fold(title) for title in one.titles]
    tests: tuple[Callable[[], bool], ...] = (
        lambda: any(title.startswith(phrase) for title in titles),
        lambda: any(phrase in title for title in titles),
        lambda: any(all(word in title for word in words) for title in titles),
        lambda: all(word in fold(one.other) or any(word in title for title in titles) for word in words),
    )
    return next((place for place, holds in enumerate(tests) if holds()), None)


def _services() -> Iterator[_Named]:
    for pack in packs():
        summary = pack.summary or Text("", "")
        address = reverse("service", args=[pack.slug])
        hit = Hit(pack.slug, _said(pack.title), _said(summary), address)
        yield _Named(hit, (pack.title.vi, pack.title.en), f"{summary.vi} {summary.en} {pack.slug}")


def _indicators(actor: Actor) -> Iterator[_Named]:
    services = {pack.slug: pack.title for pack in packs()}
    for one in readable(actor, packs().indicators):
        address = reverse("indicator", args=one.id.split(".", 1))
        hit = Hit(one.id, _said(one.title), _said(services[one.pack]), address)
        titles = (one.title.vi, one.title.en, one.short.vi, one.short.en)
        yield _Named(hit, titles, f"{one.question.vi} {one.question.en} {one.id}")


def _datasets() -> Iterator[_Named]:
    names = agency_names()
    for contract in packs().contracts:
        address = reverse("dataset", args=contract.id.split(".", 1))
        about = names.get(contract.agency, contract.agency)
        hit = Hit(contract.id, _said(contract.title), about, address)
        yield _Named(hit, (contract.title.vi, contract.title.en), f"{contract.id} {about}")


def _units(text: str) -> list[Hit]:
    today = timezone.localdate()
    return [_unit(unit, above, today) for unit, above in units_named(text, today)]


def _unit(unit: AdministrativeUnit, above: tuple[AdministrativeUnit, ...], today: date) -> Hit:
    """A unit that has ended is told by its days."""
    on = today if unit.is_valid_on(today) else unit.valid_from_on
    where = [each.name for each in above]
    if unit.valid_to_on:
        last = date.fromordinal(unit.valid_to_on.toordinal() - 1)
        where.append(f"{day(unit.valid_from_on)} – {day(last)}")
    address = f"{reverse('unit', args=[unit.code])}?{urlencode({'on': on.isoformat()})}"
    return Hit(unit.unit_id, f"{unit.name} ({unit.code})", ", ".join(where), address)


def _said(text: Text) -> str:
    return text.in_(language_now())
