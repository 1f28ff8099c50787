"""Who acts in the made-up province: departments by their real codes, and the agency of each commune."""

from datetime import date
from functools import lru_cache
from typing import Final

from vamco.directives.agencies import committee_codes
from vamco.simulation.world import World

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
    return committee_codes(world.communes(on))


@lru_cache(maxsize=2_000)
def agencies_of_pieces(world: World, on: date) -> tuple[str, ...]:
    """The agency that each piece belonged to on that day."""
    agencies = commune_agencies(world, on)
    return tuple(agencies[str(code)] for code in world.codes(on))
