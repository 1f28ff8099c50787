"""A warning in the Common Alerting Protocol 1.2 (OASIS, 1 July 2010): what one says, and writing it.

Field names follow the standard; `cap_form` holds its table of elements, `cap_reading` reads one in.
Resources (attached files) and XML signatures are not carried.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from vamco.vocabulary.messages import Language
from vamco.vocabulary.severity import Severity

LANGUAGE_TAGS: Final[Mapping[Language, str]] = {"vi": "vi-VN", "en": "en-US"}


class Status(StrEnum):
    """Whether it is meant."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MessageType(StrEnum):
    """What it does to those before it."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """Whom it is for."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"  # as `restriction` says
    PRIVATE = "Private"  # for `addresses` only


class Category(StrEnum):
    """What kind of thing happens."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class ResponseType(StrEnum):
    """What to do."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Urgency(StrEnum):
    """How soon to act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A value of somebody's code list, as `geocode`, `eventCode` and `parameter` carry it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Area:
    """Where. Polygons are closed rings of (latitude, longitude); circles (latitude, longitude, kilometres)."""

    description: str
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude: float | None = None  # feet above sea level, as the standard has it
    ceiling: float | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """The warning in one language."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = "en-US"
    response_types: tuple[ResponseType, ...] = ()
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class CapAlert:
    """One message. Moments carry a zone."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MessageType
    scope: Scope
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """What our own alert has to say, in every language it is said in."""

    identifier: str
    sent: datetime
    msg_type: MessageType
    category: Category
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    events: Mapping[Language, str]
    headlines: Mapping[Language, str]
    instructions: Mapping[Language, str]
    areas: Mapping[Language, tuple[Area, ...]]
    onset: datetime | None = None
    expires: datetime | None = None
    earlier: tuple[Reference, ...] = ()
    parameters: tuple[Named, ...] = ()
    is_simulated: bool = False


def cap_of(warned: Warned, sender: str, sender_name: str, restriction: str = "") -> CapAlert:
    """Our alert as a message: an exercise when simulated; public unless a restriction is named."""
    return CapAlert(
        identifier=warned.identifier,
        sender=sender,
        sent=warned.sent,
        status=Status.EXERCISE if warned.is_simulated else Status.ACTUAL,
        msg_type=warned.msg_type,
        scope=Scope.RESTRICTED if restriction else Scope.PUBLIC,
        restriction=restriction,
        references=warned.earlier,
        infos=tuple(_info(warned, language, sender_name) for language in warned.events),
    )


def _info(warned: Warned, language: Language, sender_name: str) -> Info:
    is_over = warned.msg_type is MessageType.CANCEL
    return Info(
        language=LANGUAGE_TAGS[language],
        categories=(warned.category,),
        event=warned.events[language],
        response_types=(ResponseType.ALL_CLEAR if is_over else ResponseType.EXECUTE,),
        urgency=Urgency.PAST if is_over else warned.urgency,
        severity=warned.severity,
        certainty=warned.certainty,
        onset=warned.onset,
        expires=warned.expires,
        sender_name=sender_name,
        headline=warned.headlines[language],
        instruction=warned.instructions[language],
        parameters=warned.parameters,
        areas=warned.areas[language],
    )


def fault_of(alert: CapAlert) -> str:
    """The rule of the standard that the message breaks although each element is well formed; or nothing."""
    rules = {
        "restriction": alert.scope is not Scope.RESTRICTED or bool(alert.restriction),
        "addresses": alert.scope is not Scope.PRIVATE or bool(alert.addresses),
        "references": alert.msg_type is MessageType.ALERT or bool(alert.references),
        "note": alert.msg_type is not MessageType.ERROR or bool(alert.note),
    }
    return next((element for element, is_kept in rules.items() if not is_kept), "")
