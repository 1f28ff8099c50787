"""The how-to of the API is followed to the letter with curl, and what it promises happens."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests import cast

from vamco.accounts.models import Agency
from vamco.intake.models import Delivery, State
from vamco.intake.worker import check_next

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl"),
]
DOCS = Path(__file__).parents[1] / "docs"
PAGE, TUTORIAL = DOCS / "how-to" / "gui-qua-api.md", DOCS / "tutorial" / "lan-cap-dau-tien.md"
SCRIPT = re.compile(r"```bash\n(.*?)```", re.DOTALL)
PROMISED_DELIVERY = "/deliveries/11"


@pytest.fixture
def follow(live_server, tmp_path):
    """Runs a block of the page in the folder of the sender's file."""
    agency = Agency.objects.create(code="trung-tam-kiem-soat-benh-tat", name_vi="CDC", name_en="CDC")
    environment = {**os.environ, "VAMCO": live_server.url, "KHOA": cast.key_of(agency)}

    def followed(block: str) -> str:
        number = Delivery.objects.values_list("pk", flat=True).last()
        script = block.replace(PROMISED_DELIVERY, f"/deliveries/{number}")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout

    return followed


def test_whoever_follows_the_page_sends_waits_reads_corrects(follow, tmp_path):
    blocks = SCRIPT.findall(PAGE.read_text("utf-8"))
    keys, send, chunked, wait, receipt, rejects, correct = blocks
    assert "vamco_" in keys
    assert "Content-Digest" in chunked  # a server of one's own is needed for chunks: see the tests of the API
    rows = re.search(r"```csv\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)[1]
    (tmp_path / "ca-benh.csv").write_text(rows, "utf-8")
    assert json.loads(follow(send))["is_new"] is True
    assert json.loads(follow(send))["is_new"] is False
    check_next("test")
    assert "partly_accepted" in follow(wait)
    follow(receipt)
    assert json.loads((tmp_path / "phieu.json").read_text("utf-8"))["counts"]["rejected"] == 2
    follow(rejects)
    mended = (tmp_path / "can-sua.csv").read_text("utf-8-sig").replace("SXH,", "A97,", 1)
    (tmp_path / "can-sua.csv").write_text(mended.replace("31/11/2026", "03/11/2026", 1), "utf-8-sig")
    follow(correct)
    check_next("test")
    assert Delivery.objects.get().state == State.ACCEPTED


def test_every_call_of_the_page_on_reading_figures_is_answered(client):
    cast_key = cast.key_of(
        Agency.objects.create(code="trung-tam-kiem-soat-benh-tat", name_vi="C", name_en="C")
    )
    calls = re.findall(r"^hoi '(.*)'$", (DOCS / "how-to" / "doc-so-lieu-qua-api.md").read_text("utf-8"), re.M)
    assert len(calls) == 9
    for call in calls:
        answer = client.get(f"/api/v1/{call}", headers={"Authorization": f"Bearer {cast_key}"})
        assert (answer.status_code, answer.json() != []) == (200, True), (call, answer.text[:300])
