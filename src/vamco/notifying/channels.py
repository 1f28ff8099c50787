"""Who is told by which channel, read from `channels.yaml` in the home of the installation.

    channels:
      mail:
        url: mailtos://ioc:${MAIL_PASSWORD}@mail.example.vn?from=ioc@example.vn&to={address}
        at_most: {messages: 20, minutes: 60}
      gateway:
        url: jsons://sms.example.vn/send?:to={address}&+Authorization=${SMS_TOKEN}
        idempotent: yes
    recipients:
      - {role: operator, channel: mail, address: truc-ban@example.vn}
      - {person: lan, channel: gateway, address: "0900000000", at_least: Severe}
      - {agency: so-y-te, channel: mail, address: van-thu@so-y-te.example.vn}
    quiet_hours:
      leader: {from: "22:00", until: "06:00"}
      agency: {from: "17:30", until: "07:00"}

`agency` among the quiet hours is every agency. A URL is one of Apprise. `${NAME}` is the variable NAME, or the content of the file that NAME_FILE
names, so that no secret stands in the file.
"""

import os
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import yaml
from django.conf import settings

from vamco.accounts.roles import Role
from vamco.notifying.restraint import Limit, QuietHours
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.severity import Severity

Made = TypeVar("Made")
Named = tuple[str, str]
"""Whom a message is for: `role`, `person` or `agency`, and which."""

AGENCY: Final = "agency"
_FILE: Final = "channels.yaml"
_VARIABLE: Final = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_DEFAULT_LIMIT: Final = {"messages": 20, "minutes": 60}


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to people. `is_idempotent`: the receiver drops an `Idempotency-Key` that it has seen."""

    name: str
    url: str
    limit: Limit
    is_idempotent: bool = False
    carries_simulated: bool = False

    def url_to(self, address: str, environment: Mapping[str, str] = os.environ) -> str:
        """The address of Apprise with its secrets: never shown, never kept. Raises `Misused`."""
        filled = _VARIABLE.sub(lambda found: quote(_secret(found[1], environment), safe=""), self.url)
        return filled.replace("{address}", quote(address, safe="@"))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a role, one person, or an agency, from a severity upwards."""

    channel: str
    address: str
    role: str = ""
    person: str = ""
    agency: str = ""
    at_least: Severity = Severity.UNKNOWN

    @property
    def named(self) -> Named:
        """Who it is."""
        kinds = {"role": self.role, "person": self.person, "agency": self.agency}
        return next((kind, name) for kind, name in kinds.items() if name)

    def hears(self, told: Container[Named], severity: Severity) -> bool:
        """Whether a message of that severity to these reaches this one."""
        return self.named in told and severity.rank <= self.at_least.rank


@dataclass(frozen=True, slots=True)
class Channels:
    """All that is configured; nothing, when there is no file."""

    by_name: Mapping[str, Channel] = field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()
    quiet_hours: Mapping[str, QuietHours] = field(default_factory=dict)


def channels_here() -> Channels:
    """What this installation declares, read anew: the file may change while the house runs. Raises `Misused`."""
    return load_channels(Path(settings.HOME) / _FILE)


def load_channels(path: Path) -> Channels:
    """What the file declares. Raises `Misused` naming the entry at fault."""
    if not path.exists():
        return Channels()
    declared = _read(path)
    by_name = {name: _entry(name, row, _channel) for name, row in declared.get("channels", {}).items()}
    rows = enumerate(declared.get("recipients", []), start=1)
    recipients = tuple(_entry(f"recipients {number}", row, _recipient) for number, row in rows)
    for number, recipient in enumerate(recipients, start=1):
        if recipient.channel not in by_name:
            raise Misused("notifying.channel_malformed", entry=f"recipients {number}", why=recipient.channel)
    quiet = declared.get("quiet_hours", {}).items()
    return Channels(by_name, recipients, {role: _entry(role, row, _quiet_hours) for role, row in quiet})


def _read(path: Path) -> dict[str, Any]:
    try:
        declared = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Misused("notifying.channels_unreadable", file=path.name) from None
    if not isinstance(declared, dict):
        raise Misused("notifying.channels_unreadable", file=path.name)
    return declared


def _entry(name: str, row: Any, make: Callable[[str, dict[str, Any]], Made]) -> Made:
    try:
        return make(name, dict(row))
    except (KeyError, TypeError, ValueError) as error:
        raise Misused("notifying.channel_malformed", entry=name, why=str(error)) from None


def _channel(name: str, row: dict[str, Any]) -> Channel:
    at_most = row.pop("at_most", _DEFAULT_LIMIT)
    made = Channel(
        name=name,
        url=str(row.pop("url")),
        limit=Limit(int(at_most["messages"]), timedelta(minutes=float(at_most["minutes"]))),
        is_idempotent=bool(row.pop("idempotent", False)),
        carries_simulated=bool(row.pop("carries_simulated", False)),
    )
    _nothing_left(row)
    return made


def _recipient(_name: str, row: dict[str, Any]) -> Recipient:
    named = {kind: str(row.pop(kind)) for kind in ("role", "person", AGENCY) if kind in row}
    if len(named) != 1 or not all(named.values()):
        raise ValueError("role | person | agency")
    if "role" in named:
        Role(named["role"])
    made = Recipient(
        channel=str(row.pop("channel")),
        address=str(row.pop("address", "")),
        at_least=Severity(row.pop("at_least", Severity.UNKNOWN)),
        **named,
    )
    _nothing_left(row)
    return made


def _quiet_hours(name: str, row: dict[str, Any]) -> QuietHours:
    if name != AGENCY:
        Role(name)
    return QuietHours(time.fromisoformat(row["from"]), time.fromisoformat(row["until"]))


def _nothing_left(row: dict[str, Any]) -> None:
    if row:
        raise ValueError(", ".join(row))


def _secret(name: str, environment: Mapping[str, str]) -> str:
    if environment.get(name):
        return environment[name]
    kept = environment.get(f"{name}_FILE")
    if not kept or not Path(kept).is_file():
        raise Misused("notifying.channel_secret_missing", name=name)
    return Path(kept).read_text("utf-8").strip()
