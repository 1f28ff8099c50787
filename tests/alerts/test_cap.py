"""CAP 1.2, against the rules of its schema as the OASIS standard (1 July 2010, §3.2–3.4) states them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

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
    Warned,
    cap_of,
)
from vamco.alerts.cap_form import LARGEST, NAMESPACE, read, write
from vamco.vocabulary.errors import Misused, Unreadable
from vamco.vocabulary.severity import Severity

NOON = datetime(2026, 1, 5, 5, tzinfo=UTC)

# element, at least, at most (0: any number), allowed words; in the order that the schema demands
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
NO_WORDS = r"[\s\S]*"
SCHEMA = {
    "alert": [
        ("identifier", 1, 1, r"[^\s,<&]+"),
        ("sender", 1, 1, r"[^\s,<&]+"),
        ("sent", 1, 1, MOMENT),
        ("status", 1, 1, "Actual|Exercise|System|Test|Draft"),
        ("msgType", 1, 1, "Alert|Update|Cancel|Ack|Error"),
        ("source", 0, 1, NO_WORDS),
        ("scope", 1, 1, "Public|Restricted|Private"),
        ("restriction", 0, 1, NO_WORDS),
        ("addresses", 0, 1, NO_WORDS),
        ("code", 0, 0, NO_WORDS),
        ("note", 0, 1, NO_WORDS),
        ("references", 0, 1, rf"[^\s,]+,[^\s,]+,{MOMENT}(\s[^\s,]+,[^\s,]+,{MOMENT})*"),
        ("incidents", 0, 1, NO_WORDS),
        ("info", 0, 0, None),
    ],
    "info": [
        ("language", 0, 1, r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
        (
            "category",
            1,
            0,
            "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other",
        ),
        ("event", 1, 1, NO_WORDS),
        ("responseType", 0, 0, "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None"),
        ("urgency", 1, 1, "Immediate|Expected|Future|Past|Unknown"),
        ("severity", 1, 1, "Extreme|Severe|Moderate|Minor|Unknown"),
        ("certainty", 1, 1, "Observed|Likely|Possible|Unlikely|Unknown"),
        ("audience", 0, 1, NO_WORDS),
        ("eventCode", 0, 0, None),
        ("effective", 0, 1, MOMENT),
        ("onset", 0, 1, MOMENT),
        ("expires", 0, 1, MOMENT),
        ("senderName", 0, 1, NO_WORDS),
        ("headline", 0, 1, NO_WORDS),
        ("description", 0, 1, NO_WORDS),
        ("instruction", 0, 1, NO_WORDS),
        ("web", 0, 1, r"\S*"),
        ("contact", 0, 1, NO_WORDS),
        ("parameter", 0, 0, None),
        ("resource", 0, 0, None),
        ("area", 0, 0, None),
    ],
    "area": [
        ("areaDesc", 1, 1, NO_WORDS),
        ("polygon", 0, 0, r"-?[\d.]+,-?[\d.]+(\s-?[\d.]+,-?[\d.]+){3,}"),
        ("circle", 0, 0, r"-?[\d.]+,-?[\d.]+ -?[\d.]+"),
        ("geocode", 0, 0, None),
        ("altitude", 0, 1, r"-?[\d.]+"),
        ("ceiling", 0, 1, r"-?[\d.]+"),
    ],
    **{
        name: [("valueName", 1, 1, NO_WORDS), ("value", 1, 1, NO_WORDS)]
        for name in ("eventCode", "parameter", "geocode")
    },
}


def breaches(element: Element) -> list[str]:
    """What the schema would refuse in this element and below."""
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if name not in SCHEMA:
        return []
    order = [each[0] for each in SCHEMA[name]]
    present = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    found = [f"{name}/{each}: unknown" for each in present if each not in order]
    if not found and present != sorted(present, key=order.index):
        found.append(f"{name}: order")
    for child, least, most, words in SCHEMA[name]:
        count = present.count(child)
        if count < least or (most and count > most):
            found.append(f"{name}/{child}: {count} times")
        for each in element.findall(f"{{{NAMESPACE}}}{child}"):
            if words and re.fullmatch(words, each.text or "") is None:
                found.append(f"{name}/{child}: {each.text!r}")
            found += breaches(each)
    return found


def warned(**changes) -> Warned:
    commune = {"vi": "Xã Bến Lức", "en": "Ben Luc commune"}
    return replace(
        Warned(
            identifier="tay-ninh-incident-7-1",
            sent=NOON,
            msg_type=MessageType.ALERT,
            category=Category.HEALTH,
            severity=Severity.SEVERE,
            urgency=Urgency.EXPECTED,
            certainty=Certainty.LIKELY,
            events={"vi": "Sốt xuất huyết vượt ngưỡng", "en": "Dengue above its bound"},
            headlines={"vi": "12 ca trong tuần 1", "en": "12 cases in week 1"},
            instructions={"vi": "Điều tra & diệt lăng quăng", "en": "Investigate & remove breeding sites"},
            areas={
                language: (Area(name, geocodes=(Named("VN.GSO", "28036"),)),)
                for language, name in commune.items()
            },
            expires=NOON + timedelta(days=7),
        ),
        **changes,
    )


def message(**changes) -> CapAlert:
    return cap_of(warned(**changes), "ioc.tay-ninh", "IOC Tây Ninh", "Cơ quan nhà nước của tỉnh")


EARLIER = (Reference("ioc.tay-ninh", "tay-ninh-incident-7-1", NOON),)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"is_simulated": True},
        {"msg_type": MessageType.UPDATE, "earlier": EARLIER},
        {"msg_type": MessageType.CANCEL, "earlier": EARLIER * 2},
    ],
)
def test_what_we_write_keeps_every_rule_of_the_schema(changes) -> None:
    root = fromstring(write(message(**changes)))
    assert root.tag == f"{{{NAMESPACE}}}alert"
    assert breaches(root) == []


def test_the_checker_of_this_test_sees_a_breach() -> None:
    root = fromstring(write(message()).replace(b">Severe<", b">Bad<").replace(b"<sent>", b"<sent>x"))
    assert len(breaches(root)) == 3


def test_an_alert_is_said_in_vietnamese_and_english_with_its_place_and_code() -> None:
    alert = read(write(message()))
    assert [info.language for info in alert.infos] == ["vi-VN", "en-US"]
    assert [info.areas[0].description for info in alert.infos] == ["Xã Bến Lức", "Ben Luc commune"]
    assert alert.infos[0].areas[0].geocodes == (Named("VN.GSO", "28036"),)
    assert (alert.status, alert.scope) == (Status.ACTUAL, Scope.RESTRICTED)


def test_a_simulated_alert_is_an_exercise() -> None:
    assert message(is_simulated=True).status is Status.EXERCISE


def test_an_alert_without_a_restriction_is_public() -> None:
    assert cap_of(warned(), "a", "b").scope is Scope.PUBLIC


def test_a_cancelled_alert_says_all_clear_and_names_the_one_it_ends() -> None:
    alert = message(msg_type=MessageType.CANCEL, earlier=EARLIER)
    assert {info.urgency for info in alert.infos} == {Urgency.PAST}
    assert {info.response_types for info in alert.infos} == {(ResponseType.ALL_CLEAR,)}
    assert b"ioc.tay-ninh,tay-ninh-incident-7-1,2026-01-05T12:00:00+07:00" in write(alert)


@pytest.mark.parametrize(
    "changes",
    [
        {"msg_type": MessageType.UPDATE},
        {"scope": Scope.PRIVATE},
        {"restriction": ""},
        {"msg_type": MessageType.ERROR, "references": EARLIER},
    ],
)
def test_a_message_that_the_standard_calls_incomplete_is_neither_written_nor_read(changes) -> None:
    with pytest.raises(Misused, match="cap_incomplete"):
        write(replace(message(), **changes))


def test_what_comes_in_incomplete_is_refused() -> None:
    with pytest.raises(Unreadable, match="cap_incomplete"):
        read(write(message()).replace(b">Alert<", b">Update<"))


GOOD = write(message())


@pytest.mark.parametrize(
    ("received", "key", "named"),
    [
        (b"", "cap_no_xml", None),
        (b"\xff\xfe\x00", "cap_no_xml", None),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "cap_no_xml", None),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "cap_no_xml", None),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "cap_no_xml", None),
        (b" " * (LARGEST + 1), "cap_too_large", None),
        (b"<alert/>", "cap_other_root", None),
        (GOOD.replace(b"cap:1.2", b"cap:1.1"), "cap_other_root", None),
        (re.sub(rb"<sent>.*?</sent>", b"", GOOD), "cap_missing", "alert/sent"),
        (re.sub(rb"<event>.*?</event>", b"", GOOD), "cap_missing", "alert/info/event"),
        (GOOD.replace(b"</sender>", b"</sender><sender>x</sender>"), "cap_repeated", "alert/sender"),
        (GOOD.replace(b"</sender>", b"</sender><colour>x</colour>"), "cap_stranger", "alert/colour"),
        (GOOD.replace(b">Severe<", b">Awful<"), "cap_bad_value", "alert/info/severity"),
        (GOOD.replace(b"12:00:00+07:00", b"12:00:00Z"), "cap_bad_value", "alert/sent"),
        (GOOD.replace(b"2026-01-05T12", b"2026-13-05T12"), "cap_bad_value", "alert/sent"),
        (
            GOOD.replace(b"tay-ninh-incident", b"a b"),
            "cap_bad_value",
            "alert/identifier",
        ),
        (
            GOOD.replace(b"</areaDesc>", b"</areaDesc><polygon>1,2 3,4 5,6 7,8</polygon>"),
            "cap_bad_value",
            "alert/info/area/polygon",
        ),
        (
            GOOD.replace(b"</areaDesc>", b"</areaDesc><circle>1,2 nan</circle>"),
            "cap_bad_value",
            "alert/info/area/circle",
        ),
    ],
)
def test_what_is_no_message_is_refused_naming_the_element(received, key, named) -> None:
    with pytest.raises(Unreadable, match=key) as refused:
        read(received)
    assert refused.value.details.get("element") == named
    assert refused.value.say("vi")["what"]
    assert refused.value.say("en")["next"]


def test_files_and_signatures_that_come_along_are_passed_over() -> None:
    attached = b"<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType></resource></info>"
    signed = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>'
    assert read(GOOD.replace(b"</info>", attached).replace(b"</alert>", signed)) == message()


def test_the_example_of_the_standard_is_read() -> None:
    """The facts of OASIS CAP 1.2, appendix A.1 (homeland security advisory), in our own words."""
    received = f"""<?xml version="1.0" encoding="UTF-8"?>
    <alert xmlns="{NAMESPACE}">
      <identifier>43b080713727</identifier> <sender>hsas@dhs.gov</sender>
      <sent>2003-04-02T14:39:01-05:00</sent> <status>Actual</status> <msgType>Alert</msgType>
      <scope>Public</scope>
      <info>
        <category>Security</category> <event>Advisory</event> <urgency>Immediate</urgency>
        <severity>Severe</severity> <certainty>Likely</certainty>
        <parameter> <valueName>HSAS</valueName> <value>ORANGE</value> </parameter>
        <area> <areaDesc>U.S. nationwide</areaDesc> </area>
      </info>
    </alert>"""
    alert = read(received.encode())
    assert alert.sent == datetime(2003, 4, 2, 14, 39, 1, tzinfo=timezone(timedelta(hours=-5)))
    assert alert.infos[0].language == "en-US"  # the default of the standard
    assert alert.infos[0].parameters == (Named("HSAS", "ORANGE"),)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12).map(
    lambda text: " ".join(text.split()).strip()
)
filled = words.filter(bool)
identifiers = st.from_regex(r"[\w.@-]{1,12}", fullmatch=True)
moments = st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC), allow_imaginary=False
).map(lambda moment: moment.replace(microsecond=0))
named = st.builds(Named, filled, words)
points = st.tuples(st.integers(-90, 90).map(float), st.integers(-180, 180).map(float))
rings = st.lists(points, min_size=3, max_size=5).map(lambda ring: (*ring, ring[0]))
several = {"max_size": 2}
areas = st.builds(
    Area,
    filled,
    st.lists(rings, **several).map(tuple),
    st.lists(points.map(lambda point: (*point, 2.5)), **several).map(tuple),
    st.lists(named, **several).map(tuple),
    st.none() | st.integers(0, 9).map(float),
)
infos = st.builds(
    Info,
    categories=st.lists(st.sampled_from(Category), min_size=1, max_size=2).map(tuple),
    event=filled,
    response_types=st.lists(st.sampled_from(ResponseType), **several).map(tuple),
    event_codes=st.lists(named, **several).map(tuple),
    effective=st.none() | moments,
    onset=st.none() | moments,
    expires=st.none() | moments,
    parameters=st.lists(named, **several).map(tuple),
    areas=st.lists(areas, **several).map(tuple),
    **dict.fromkeys(("audience", "sender_name", "headline", "description", "instruction", "contact"), words),
)
alerts = st.builds(
    CapAlert,
    identifier=identifiers,
    sender=identifiers,
    sent=moments,
    restriction=filled,
    addresses=filled,
    note=filled,
    references=st.lists(st.builds(Reference, identifiers, identifiers, moments), min_size=1, max_size=2).map(
        tuple
    ),
    codes=st.lists(words, **several).map(tuple),
    infos=st.lists(infos, **several).map(tuple),
    source=words,
    incidents=words,
)


@given(alerts)
@settings(max_examples=40, deadline=None)
def test_every_message_reads_back_as_it_was_written_and_keeps_the_schema(alert) -> None:
    xml = write(alert)
    assert read(xml) == alert
    assert breaches(fromstring(xml)) == []


def test_characters_that_xml_cannot_carry_are_marked_and_not_sent() -> None:
    assert read(write(replace(message(), note="a\x00b\x1bc"))).note == "a\ufffdb\ufffdc"
