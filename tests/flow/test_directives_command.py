"""`vamco directives`: an order from a file, acted on, listed, printed and put into a calendar."""

import json

import icalendar
import openpyxl
import pytest
from click.testing import CliRunner
from tests import cast

from vamco.directives.models import Assignment
from vamco.flow.command_line import vamco
from vamco.vocabulary.errors import Forbidden, Misused, Refused

pytestmark = pytest.mark.django_db

ORDER = """
document_no: 1234/UBND-VX
issued_on: 2026-11-20
signer: Nguyễn Thị Lan
leader: lan
title: Dập dịch sốt xuất huyết
text: Khoanh vùng và xử lý các ổ dịch.
assignments:
  - {agency: so-y-te, lead: true, text: Xử lý mọi ổ dịch, within: 5 working_days}
  - {agency: 27694, text: Diệt lăng quăng, within: 3 working_days}
"""


@pytest.fixture
def say(monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")
    for one in (cast.lan, cast.minh, cast.duc):
        one()

    def said(*arguments) -> str:
        done = CliRunner().invoke(vamco, ["directives", *map(str, arguments)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return said


@pytest.fixture
def lead(say, tmp_path):
    (tmp_path / "order.yaml").write_text(ORDER, "utf-8")
    told = json.loads(say("issue", tmp_path / "order.yaml", "--as", "lan", "--json"))
    return told["assignments"][0]


def test_an_order_is_issued_from_a_file_and_listed(say, lead):
    assert (lead["agency"], lead["status"], lead["leader"]) == ("so-y-te", "new", "Nguyễn Thị Lan")
    found = json.loads(say("list", "--json"))
    assert [one["agency"] for one in found] == ["ubnd-phuong-long-an", "so-y-te"]
    header, *lines = say("list", "--agency", "so-y-te").splitlines()
    assert header.startswith("Nhiệm vụ")
    assert "mới giao" in lines[0]


def test_a_person_acts_with_evidence_and_the_page_tells_of_it(say, lead, tmp_path):
    (tmp_path / "bao-cao.pdf").write_bytes(b"%PDF-1.7")
    assert "Đã nhận nhiệm vụ" in say("act", lead["id"], "accept", "--as", "duc", "--seen", 1)
    handed = ("--note", "Đã xong", "--file", tmp_path / "bao-cao.pdf", "--json")
    done = json.loads(say("act", lead["id"], "submit", "--as", "duc", "--seen", 2, *handed))
    assert (done["status"], done["version"]) == ("submitted", 3)
    told = say("show", lead["directive_id"])
    assert "báo cáo hoàn thành  Đã xong" in told
    assert "Chưa thể kết luận" not in told  # no figure prompted it
    events = json.loads(say("show", lead["directive_id"], "--json"))["events"]
    assert [event["verb"] for event in events] == ["issue", "issue", "accept", "submit"]


def test_an_old_view_and_somebody_elses_work_are_refused(say, lead):
    say("act", lead["id"], "accept", "--as", "duc", "--seen", 1)
    with pytest.raises(Refused):
        say("act", lead["id"], "accept", "--as", "duc", "--seen", 1)
    with pytest.raises(Forbidden):
        say("act", lead["id"], "report", "--as", "minh", "--seen", 2, "--note", "x")
    assert Assignment.objects.get(pk=lead["id"]).version == 2


def test_the_list_and_the_calendar_are_written_to_files(say, lead, tmp_path):
    for name in ("list.xlsx", "list.pdf"):
        say("weekly", "-o", tmp_path / name)
    assert openpyxl.load_workbook(tmp_path / "list.xlsx").sheetnames[1] == "Đến hạn trong 7 ngày tới"
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF-")
    say("calendar", "-o", tmp_path / "due.ics", "--for", "duc")
    feed = icalendar.Calendar.from_ical((tmp_path / "due.ics").read_bytes())
    assert len(feed.walk("VEVENT")) == 1
    assert json.loads(say("due", "--days", 30, "--json"))
    with pytest.raises(Misused):
        say("weekly", "-o", tmp_path / "list.doc")


@pytest.mark.parametrize("line", [
    "issued_on: hôm qua", "within: mai", "source: tin đồn", "assignments: [x]", "parent: 99", "leader: ai",
])  # fmt: skip
def test_a_file_that_is_wrong_names_what_is_wrong(say, tmp_path, line):
    key = line.partition(":")[0]
    text = "\n".join(old for old in ORDER.splitlines() if not old.startswith(key))
    if key == "within":
        text = ORDER.replace("within: 5 working_days", line)
    elif key == "assignments":
        text = ORDER.partition("assignments")[0] + line
    else:
        text += f"\n{line}"
    (tmp_path / "order.yaml").write_text(text, "utf-8")
    with pytest.raises((Misused, Refused)) as told:
        say("issue", tmp_path / "order.yaml", "--as", "lan")
    assert told.value.say("vi")["next"]
