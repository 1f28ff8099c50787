"""To whom something can be assigned: an agency of the register, or the People's Committee of a commune."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from vamco.accounts.models import Agency
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.territory import Territory, territory_now
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.text import fold


@dataclass(frozen=True, slots=True)
class Assignee:
    """An agency; `area_code` is the commune that it governs, if it governs one."""

    agency: Agency
    area_code: str = ""


def assignee(code: str, on: date) -> Assignee:
    """Whoever the code names: an agency's slug, or a commune's code on that day's map. Raises `NotFound`."""
    communes = communes_by_agency(on)
    if code in communes:
        return _committee(code, communes[code])
    of_code = {unit.code: agency_code for agency_code, unit in communes.items()}
    if code in of_code:
        return _committee(of_code[code], communes[of_code[code]])
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise NotFound("accounts.agency_not_found", agency=code)
    return Assignee(agency)


def communes_by_agency(on: date) -> Mapping[str, AdministrativeUnit]:
    """Code of the People's Committee → its commune, of the province on that day's map."""
    territory = territory_now()
    return _communes(territory, territory.map_of(on))


@lru_cache(maxsize=32)
def _communes(territory: Territory, on: date) -> Mapping[str, AdministrativeUnit]:
    units = [territory.register.get(unit_id) for unit_id in territory.own(on, Level.COMMUNE)]
    codes = committee_codes(units)
    return {codes[unit.code]: unit for unit in units}


def committee_codes(communes: Collection[AdministrativeUnit]) -> dict[str, str]:
    """The agency code of each commune's People's Committee, by the commune's; two of one name carry that too."""
    slugs = {unit.code: fold(unit.name).replace(" ", "-") for unit in communes}
    n_same = Counter(slugs.values())
    return {
        code: f"ubnd-{slug}" if n_same[slug] == 1 else f"ubnd-{slug}-{code}" for code, slug in slugs.items()
    }


def _committee(code: str, unit: AdministrativeUnit) -> Assignee:
    """The province's register lists departments; a commune's agency is entered when it is first told something."""
    names = {"name_vi": f"UBND {unit.name}", "name_en": f"People's Committee of {unit.name}"}
    agency, _ = Agency.objects.get_or_create(code=code, defaults=names)
    return Assignee(agency, unit.code)
