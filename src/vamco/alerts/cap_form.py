"""The XML of the Common Alerting Protocol 1.2: one table of elements, by which messages are read and written."""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from vamco.alerts.cap import (
    Area,
    CapAlert,
    Category,
    Certainty,
    Info,
    MessageType,
    Named,
    Reference,
    ResponseType,
    Scope,
    Status,
    Urgency,
    fault_of,
)
from vamco.vocabulary.errors import Misused, Unreadable
from vamco.vocabulary.severity import Severity

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
LARGEST: Final = 1_000_000  # bytes of a message that comes in
_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_WORD: Final = re.compile(r"[^\s,<&]+")
_UNWRITABLE: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED: Final = frozenset({"resource"})


def write(alert: CapAlert) -> bytes:
    """The message as XML in UTF-8. Raises `Misused` naming the element that the standard misses."""
    fault = fault_of(alert)
    if fault:
        raise Misused("alerts.cap_incomplete", element=fault)
    root = ET.Element("alert", xmlns=NAMESPACE)
    _written(root, _ALERT, alert)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def read(received: bytes) -> CapAlert:
    """The message in these bytes. Raises `Unreadable` naming the element at fault.

    Elements may come in any order; one that the standard does not know is refused.
    """
    if len(received) > LARGEST:
        raise Unreadable("alerts.cap_too_large", size=len(received), largest=LARGEST)
    try:
        root = fromstring(received, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable("alerts.cap_no_xml", why=str(error)[:200]) from None
    if root.tag != _tag("alert"):
        raise Unreadable("alerts.cap_other_root", root=root.tag[:100], namespace=NAMESPACE)
    alert: CapAlert = _built(root, "alert", _ALERT, CapAlert)
    fault = fault_of(alert)
    if fault:
        raise Unreadable("alerts.cap_incomplete", element=fault)
    return alert


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the content of an element is read (element, its path) and written (element, value)."""

    read: Callable[[ET.Element, str], Any]
    write: Callable[[ET.Element, Any], None]


@dataclass(frozen=True, slots=True)
class _Field:
    element: str
    attribute: str
    kind: _Kind
    is_required: bool = False
    is_many: bool = False


_Table = tuple[_Field, ...]


def _built(element: ET.Element, path: str, table: _Table, make: Callable[..., Any]) -> Any:
    _refuse_strangers(element, path, table)
    taken = {field.attribute: _taken(element, f"{path}/{field.element}", field) for field in table}
    return make(**{name: value for name, value in taken.items() if value is not None})


def _taken(parent: ET.Element, path: str, field: _Field) -> Any:
    """The values of the field; None when it is absent, so that its default holds."""
    found = parent.findall(_tag(field.element))
    if field.is_required and not found:
        raise Unreadable("alerts.cap_missing", element=path)
    if len(found) > 1 and not field.is_many:
        raise Unreadable("alerts.cap_repeated", element=path)
    values = tuple(field.kind.read(each, path) for each in found)
    if field.is_many:
        return values
    return values[0] if values else None


def _refuse_strangers(element: ET.Element, path: str, table: _Table) -> None:
    known = {_tag(name) for name in _SKIPPED.union(field.element for field in table)}
    for child in element:
        if child.tag not in known and child.tag.startswith(_tag("")):
            raise Unreadable("alerts.cap_stranger", element=f"{path}/{child.tag.removeprefix(_tag(''))[:60]}")


def _written(parent: ET.Element, table: _Table, value: Any) -> None:
    for field in table:
        held = getattr(value, field.attribute)
        for each in held if field.is_many else (held,):
            if field.is_many or field.is_required or each not in ("", None, ()):
                field.kind.write(ET.SubElement(parent, field.element), each)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(parse: Callable[[str], Any] = str, form: Callable[[Any], str] = str) -> _Kind:
    """Content that is text; what `parse` refuses with a `ValueError` is named with its path."""

    def read_text(element: ET.Element, path: str) -> Any:
        text = (element.text or "").strip()
        try:
            return parse(text)
        except ValueError:
            raise Unreadable("alerts.cap_bad_value", element=path, value=text[:100]) from None

    def write_text(element: ET.Element, value: Any) -> None:
        element.text = _UNWRITABLE.sub("\ufffd", form(value))

    return _Kind(read_text, write_text)


def _group(table: _Table, make: type) -> _Kind:
    return _Kind(
        lambda element, path: _built(element, path, table, make),
        lambda element, value: _written(element, table, value),
    )


def _word(text: str) -> str:
    if _WORD.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _moment(text: str) -> datetime:
    if _MOMENT.fullmatch(text) is None:
        raise ValueError(text)
    return datetime.fromisoformat(text)


def _moment_form(moment: datetime) -> str:
    return moment.astimezone(_ZONE).isoformat(timespec="seconds")


def _references(text: str) -> tuple[Reference, ...]:
    triples = [each.split(",") for each in text.split()]
    if any(len(triple) != 3 for triple in triples):
        raise ValueError(text)
    return tuple(Reference(_word(by), _word(name), _moment(sent)) for by, name, sent in triples)


def _references_form(references: tuple[Reference, ...]) -> str:
    return " ".join(f"{each.sender},{each.identifier},{_moment_form(each.sent)}" for each in references)


def _point(text: str) -> tuple[float, float]:
    latitude, longitude = (float(each) for each in text.split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(text)
    return latitude, longitude


def _point_form(point: tuple[float, float]) -> str:
    return f"{point[0]:.6f},{point[1]:.6f}"


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _polygon(text: str) -> tuple[tuple[float, float], ...]:
    points = tuple(_point(each) for each in text.split())
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError(text)
    return points


def _circle(text: str) -> tuple[float, float, float]:
    centre, radius = text.split()
    return (*_point(centre), _finite(radius))


_ANY = _text()
_FILLED = _text(_filled)
_IDENTIFIER = _text(_word)
_SENT = _text(_moment, _moment_form)
_NAMED = _group((_Field("valueName", "name", _FILLED, True), _Field("value", "value", _ANY, True)), Named)
_AREA = (
    _Field("areaDesc", "description", _FILLED, True),
    _Field(
        "polygon", "polygons", _text(_polygon, lambda ring: " ".join(map(_point_form, ring))), is_many=True
    ),
    _Field("circle", "circles", _text(_circle, lambda c: f"{_point_form(c[:2])} {c[2]:.3f}"), is_many=True),
    _Field("geocode", "geocodes", _NAMED, is_many=True),
    _Field("altitude", "altitude", _text(_finite)),
    _Field("ceiling", "ceiling", _text(_finite)),
)
_INFO = (
    _Field("language", "language", _ANY),
    _Field("category", "categories", _text(Category), True, True),
    _Field("event", "event", _FILLED, True),
    _Field("responseType", "response_types", _text(ResponseType), is_many=True),
    _Field("urgency", "urgency", _text(Urgency), True),
    _Field("severity", "severity", _text(Severity), True),
    _Field("certainty", "certainty", _text(Certainty), True),
    _Field("audience", "audience", _ANY),
    _Field("eventCode", "event_codes", _NAMED, is_many=True),
    _Field("effective", "effective", _SENT),
    _Field("onset", "onset", _SENT),
    _Field("expires", "expires", _SENT),
    _Field("senderName", "sender_name", _ANY),
    _Field("headline", "headline", _ANY),
    _Field("description", "description", _ANY),
    _Field("instruction", "instruction", _ANY),
    _Field("web", "web", _ANY),
    _Field("contact", "contact", _ANY),
    _Field("parameter", "parameters", _NAMED, is_many=True),
    _Field("area", "areas", _group(_AREA, Area), is_many=True),
)
_ALERT = (
    _Field("identifier", "identifier", _IDENTIFIER, True),
    _Field("sender", "sender", _IDENTIFIER, True),
    _Field("sent", "sent", _SENT, True),
    _Field("status", "status", _text(Status), True),
    _Field("msgType", "msg_type", _text(MessageType), True),
    _Field("source", "source", _ANY),
    _Field("scope", "scope", _text(Scope), True),
    _Field("restriction", "restriction", _ANY),
    _Field("addresses", "addresses", _ANY),
    _Field("code", "codes", _ANY, is_many=True),
    _Field("note", "note", _ANY),
    _Field("references", "references", _text(_references, _references_form)),
    _Field("incidents", "incidents", _ANY),
    _Field("info", "infos", _group(_INFO, Info), is_many=True),
)
