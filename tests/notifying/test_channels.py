import re
from pathlib import Path

import apprise
import pytest

from vamco.notifying.channels import Channels, load_channels
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.severity import Severity

FILE = """
channels:
  sms:
    url: json://127.0.0.1:9/send?:to={address}&+Authorization=${SMS_TOKEN}
    idempotent: yes
    at_most: {messages: 5, minutes: 30}
recipients:
  - {role: operator, channel: sms, address: "+84900000000"}
  - {person: lan, channel: sms, address: "1", at_least: Severe}
  - {agency: so-y-te, channel: sms, address: "2"}
quiet_hours:
  agency: {from: "17:30", until: "07:00"}
  leader: {from: "22:00", until: "06:00"}
"""


def written(tmp_path, text: str):
    path = tmp_path / "channels.yaml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_nothing_is_configured(tmp_path) -> None:
    assert load_channels(tmp_path / "channels.yaml") == Channels()


def test_a_secret_comes_from_the_environment_or_a_file_and_is_written_into_the_url_safely(tmp_path) -> None:
    sms = load_channels(written(tmp_path, FILE)).by_name["sms"]
    kept = tmp_path / "token"
    kept.write_text("b/c\n")
    assert sms.url_to("+84 9", {"SMS_TOKEN": "a b&c"}).endswith("?:to=%2B84%209&+Authorization=a%20b%26c")
    assert sms.url_to("1", {"SMS_TOKEN_FILE": str(kept)}).endswith("=b%2Fc")
    with pytest.raises(Misused, match="channel_secret_missing"):
        sms.url_to("1", {})


def test_a_recipient_hears_what_is_for_its_role_or_itself_and_severe_enough(tmp_path) -> None:
    operator, lan, health = load_channels(written(tmp_path, FILE)).recipients
    assert operator.hears([("role", "operator")], Severity.UNKNOWN)
    assert not operator.hears([("role", "leader"), ("person", "operator")], Severity.EXTREME)
    assert lan.hears([("person", "lan")], Severity.SEVERE)
    assert not lan.hears([("person", "lan")], Severity.MODERATE)
    assert health.hears([("agency", "so-y-te")], Severity.UNKNOWN)
    assert not health.hears([("agency", "so-xay-dung")], Severity.EXTREME)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("channels: [", "channels_unreadable"),
        ("- a", "channels_unreadable"),
        ("channels: {sms: {}}", "channel_malformed"),
        ("channels: {sms: {url: 'json://x', colour: red}}", "channel_malformed"),
        ("recipients: [{role: operator, channel: sms}]", "channel_malformed"),
        ("channels: {s: {url: 'json://x'}}\nrecipients: [{role: king, channel: s}]", "channel_malformed"),
        ("channels: {s: {url: 'json://x'}}\nrecipients: [{channel: s}]", "channel_malformed"),
        ("channels: {s: {url: 'json://x'}}\nrecipients: [{channel: s, agency: ''}]", "channel_malformed"),
        (
            "channels: {s: {url: 'x'}}\nrecipients: [{channel: s, agency: a, role: leader}]",
            "channel_malformed",
        ),
        ("quiet_hours: {king: {from: '22:00', until: '06:00'}}", "channel_malformed"),
        ("quiet_hours: {leader: {from: late, until: '06:00'}}", "channel_malformed"),
    ],
)
def test_a_file_at_fault_is_refused_naming_the_entry(tmp_path, text: str, key: str) -> None:
    with pytest.raises(Misused, match=key):
        load_channels(written(tmp_path, text))


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_the_example_of_the_guide_is_one_that_the_program_reads(tmp_path) -> None:
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "kenh-canh-bao.md"
    [example] = re.findall(r"```yaml\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    channels = load_channels(written(tmp_path, example))
    assert set(channels.by_name) == {"thu", "tin-nhan", "dien-tap"}
    secrets = {"MAIL_PASSWORD": "a/b", "SMS_TOKEN": "c"}
    services = [each.url_to("x@example.vn", secrets) for each in channels.by_name.values()]
    assert all(apprise.Apprise.instantiate(url) for url in services)
