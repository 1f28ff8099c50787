"""What a leader is told about: as far as the grants reach, by service, agency and area."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from vamco.accounts.policy import Actor, Scope
from vamco.geography.unit import Level
from vamco.indicators.question import Question
from vamco.indicators.territory import territory_now
from vamco.packs.contract import Contract
from vamco.packs.indicator import Indicator
from vamco.packs.pack import Packs
from vamco.vocabulary.period import Period

PERMISSION: Final = "briefing.about"


@dataclass(frozen=True, slots=True)
class Audience:
    """One reader on one morning, on that day's map: what was known at `known_at` beside `before_at`."""

    actor: Actor
    on: date
    known_at: datetime
    before_at: datetime

    def indicators(self, packs: Packs) -> list[Indicator]:
        """Those of which the reader is told of any unit, in order of publication."""
        found = [one for one in packs.indicators if self.questions(one, ())]
        return sorted(found, key=lambda one: one.rank)

    def contracts(self, packs: Packs) -> list[Contract]:
        """The datasets whose supply the reader answers for."""
        return [c for c in packs.contracts if self.actor.may(PERMISSION, Scope(c.agency, service=c.pack))]

    def questions(self, indicator: Indicator, periods: Sequence[Period]) -> list[Question]:
        """The province and all communes, or the communes of the reader's areas."""
        whole = self.actor.may(PERMISSION, Scope(indicator.agency, service=indicator.pack))
        return [*self._whole(indicator, periods)] if whole else [*self._areas(indicator, periods)]

    def leading(self, indicator: Indicator, periods: Sequence[Period]) -> Question | None:
        """The question about the largest units that the reader is told of: the province, or own communes."""
        return next(iter(self.questions(indicator, periods)), None)

    def _whole(self, indicator: Indicator, periods: Sequence[Period]) -> Iterable[Question]:
        levels = (Level.PROVINCE, Level.COMMUNE) if indicator.level == Level.COMMUNE else (Level.PROVINCE,)
        for level in levels:
            yield Question(indicator, tuple(periods), level, map_on=self.on)

    def _areas(self, indicator: Indicator, periods: Sequence[Period]) -> Iterable[Question]:
        codes = tuple(code for code in self._codes(indicator) if self._is_on_the_map(code))
        if codes and indicator.level == Level.COMMUNE:
            yield Question(indicator, tuple(periods), Level.COMMUNE, codes, map_on=self.on)

    def _codes(self, indicator: Indicator) -> list[str]:
        areas = sorted({grant.area_code for grant in self.actor.granted if grant.area_code})
        return [a for a in areas if self.actor.may(PERMISSION, Scope(indicator.agency, a, indicator.pack))]

    def _is_on_the_map(self, code: str) -> bool:
        unit = territory_now().register.find(code, self.on)
        return unit is not None and unit.level is Level.COMMUNE
