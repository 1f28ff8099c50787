"""Who acts in the made-up province: departments by their real codes, and the agency of each commune."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Final

from vamco.simulation.world import World
from vamco.vocabulary.text import fold

SERVICE_CENTRE: Final = "trung-tam-phuc-vu-hanh-chinh-cong"
DIGITAL_CENTRE: Final = "trung-tam-chuyen-doi-so"
OFFICE: Final = "van-phong-ubnd"
POLICE: Final = "cong-an-tinh"
DEPARTMENTS: Final = (
    "so-y-te",
    "so-giao-duc-va-dao-tao",
    "so-khoa-hoc-va-cong-nghe",
    "so-tai-chinh",
    "so-xay-dung",
    "so-nong-nghiep-va-moi-truong",
    "so-noi-vu",
    "so-tu-phap",
    "so-cong-thuong",
    "so-van-hoa-the-thao-va-du-lich",
)


@lru_cache(maxsize=2_000)
def commune_agencies(world: World, on: date) -> dict[str, str]:
    """The agency of each commune of the day's map, by the commune's code."""
    slugs = {unit.code: fold(unit.name).replace(" ", "-") for unit in world.communes(on)}
    n_same = Counter(slugs.values())
    return {
        code: f"ubnd-{slug}" if n_same[slug] == 1 else f"ubnd-{slug}-{code}" for code, slug in slugs.items()
    }


@lru_cache(maxsize=2_000)
def agencies_of_pieces(world: World, on: date) -> tuple[str, ...]:
    """The agency that each piece belonged to on that day."""
    agencies = commune_agencies(world, on)
    return tuple(agencies[str(code)] for code in world.codes(on))
