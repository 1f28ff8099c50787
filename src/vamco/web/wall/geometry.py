"""How large letters must be in the room: from the wall's width and the farthest eye (NUREG-0700: 16 arc-minutes)."""

import math
from dataclasses import dataclass
from typing import Final

from django.conf import settings

LEAST_ARC_MINUTES: Final = 16.0
_CAPITAL: Final = 0.7  # height of a capital of Be Vietnam Pro, in sizes of the letter
_MARGIN: Final = 1.02  # for what a browser rounds


@dataclass(frozen=True, slots=True)
class Room:
    """A wall of `width_mm` with so many pixels, read from at most `distance_m`."""

    width_mm: float
    pixels: tuple[int, int]
    distance_m: float

    @property
    def letter_share(self) -> float:
        """The size of the smallest letters, as a share of the wall's width."""
        capital_mm = self.distance_m * 1000 * math.tan(math.radians(LEAST_ARC_MINUTES / 60))
        return capital_mm / _CAPITAL * _MARGIN / self.width_mm

    @property
    def letter_pixels(self) -> float:
        """The size of the smallest letters on the wall itself."""
        return self.letter_share * self.pixels[0]


def room() -> Room:
    """The room as the settings describe it."""
    return Room(settings.WALL_WIDTH_MM, settings.WALL_PIXELS, settings.WALL_DISTANCE_M)
