"""What an incident is called: the rule's title, and where, in names and never in codes."""

from collections.abc import Sequence
from typing import Final

from vamco.accounts.models import Agency
from vamco.alerts.incidents import COMMUNE
from vamco.alerts.models import Alert, Incident
from vamco.geography.register import Register
from vamco.indicators.declared import packs
from vamco.indicators.territory import territory_now
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import Language, say

_MOST_NAMED: Final = 3


def title_of(incident: Incident, language: Language) -> str:
    """What is wrong, by the rule; the rule's id where no pack declares it any more."""
    try:
        return packs().alert_rule(incident.rule).title.in_(language)
    except NotFound:
        return incident.rule


def where(alerts: Sequence[Alert], language: Language, register: Register | None = None) -> str:
    """The places or datasets that the alerts are about: three by name, the others counted.

    Whoever asks of many incidents hands in the register of now.
    """
    now = register or territory_now().register
    named = list(dict.fromkeys(name_of(alert, now, language) for alert in alerts))
    if len(named) <= _MOST_NAMED:
        return ", ".join(named)
    first = ", ".join(named[:_MOST_NAMED])
    return say("alerts.and_others", language, first=first, n=len(named) - _MOST_NAMED)


def name_of(alert: Alert, register: Register, language: Language) -> str:
    """The unit or the dataset that the alert is about."""
    labels = alert.labels
    if "unit" in labels:
        return unit_name(register, labels["unit"])
    return dataset_name(labels.get("contract", ""), language)


def unit_name(register: Register, unit_id: str) -> str:
    """The unit's name; its id where the register does not know it."""
    try:
        return register.get(unit_id).name
    except NotFound:
        return unit_id


def dataset_name(contract_id: str, language: Language) -> str:
    """The title of the dataset; its id where no pack declares it any more."""
    try:
        return packs().contract(contract_id).title.in_(language)
    except NotFound:
        return contract_id


def agency_name(code: str, language: Language) -> str:
    """The agency's name, or the communes' committees; the code itself where it is nobody's."""
    if code == COMMUNE:
        return say("alerts.the_communes", language)
    found = Agency.objects.filter(code=code).first()
    if found is None:
        return code
    return found.name_en if language == "en" else found.name_vi
