"""Things that happen one after another in made-up time; what happens may bring more."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Deed = Callable[[datetime], None]


class Timeline:
    """Deeds in the order of their moments, up to the end; later ones are never done."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._number = count()
        self._ahead: list[tuple[datetime, int, Deed]] = []

    def at(self, moment: datetime, deed: Deed) -> None:
        """Do this at that moment; of two at one moment the one that was named first comes first."""
        if moment <= self.end:
            heapq.heappush(self._ahead, (moment, next(self._number), deed))

    def run(self, turn: Callable[[], None]) -> None:
        """Do everything in order; `turn` is called before each."""
        while self._ahead:
            moment, _, deed = heapq.heappop(self._ahead)
            turn()
            deed(moment)
