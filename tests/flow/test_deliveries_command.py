"""`vamco deliveries` and `vamco warehouse show` speak to people: their numbers, days, titles and next command."""

import json

import pytest
from click.testing import CliRunner

from vamco.flow.command_line import vamco
from vamco.intake.contracts import packs
from vamco.intake.models import Delivery
from vamco.vocabulary.errors import Refused

pytestmark = pytest.mark.django_db

CASES, POPULATION = ("health.notified_cases", "2026-W46"), ("reference.population", "2025")


@pytest.fixture
def say(monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")

    def said(*arguments: object) -> str:
        return CliRunner().invoke(vamco, list(map(str, arguments)), catch_exceptions=False).output

    return said


@pytest.fixture
def deliver(say):
    def delivered(dataset: tuple[str, str], name: str, *options: str) -> str:
        pack, _, table = dataset[0].partition(".")
        (folder,) = (found.folder for found in packs() if found.slug == pack)
        file = folder / "samples" / f"{table}{name}.csv"
        return say("deliver", file, "--contract", dataset[0], "--period", dataset[1], *options)

    return delivered


def test_the_receipt_says_reasons_as_people_write_them_and_what_to_type_next(deliver):
    said = deliver(CASES, ".dirty")
    assert "nằm ngoài kỳ (09/11/2026 đến 15/11/2026). (dòng 11)" in said
    assert "Không thỏa quy tắc “Ngày nhập viện không trước ngày khởi phát.” (dòng 8)" in said
    assert "trường định danh chưa đạt 100 %: Mã ca, Mã xã" in said
    assert "Chất lượng: 97 / 100" in said
    number = Delivery.objects.get().pk
    assert said.endswith(f"vamco deliveries rejects {number} -o notified_cases.dirty-can-sua.csv\n")


def test_programs_get_the_receipt_raw(deliver):
    (part,) = json.loads(deliver(CASES, ".dirty", "--json"))["parts"]
    assert part["receipt"]["n_received"] == 10
    assert isinstance(part["receipt"]["score"], float)


def test_a_difference_names_what_came_what_went_and_what_changed(deliver, say):
    deliver(POPULATION, ".dirty")
    deliver(POPULATION, "")
    one, two = Delivery.objects.order_by("pk").values_list("pk", flat=True)
    added, *_ = say("deliveries", "difference", one, two).splitlines()
    assert added.startswith("+ 25459 | 01/07/2025 | 2025 | trung bình  Dân số: 88.350, Số hộ: 23.205")
    removed, *_ = say("deliveries", "difference", two, one).splitlines()
    assert removed == added.replace("+", "-", 1)
    assert say("deliveries", "difference", two, two) == "Không có dòng nào khác nhau.\n"


def test_rejects_that_cannot_be_written_are_a_refusal(deliver, say, tmp_path):
    deliver(CASES, ".dirty")
    number = Delivery.objects.get().pk
    with pytest.raises(Refused, match="cannot_write"):
        say("deliveries", "rejects", number, "-o", tmp_path / "none" / "x.csv")
    assert say("deliveries", "rejects", number, "-o", tmp_path / "x.csv") == f"{tmp_path / 'x.csv'}\n"


def test_rows_are_shown_with_plain_years_grouped_counts_and_their_period(deliver, say):
    deliver(POPULATION, "")
    header, first, *_ = say("warehouse", "show", POPULATION[0], "--limit", 1).splitlines()
    assert {"year", "delivery_period"} < set(header.split())
    assert {"2025", "61.240", "Năm"} < set(first.split())
    (row,) = json.loads(say("warehouse", "show", POPULATION[0], "--limit", 1, "--json"))
    assert (row["year"], row["population"], row["delivery_period"]) == (2025, 61240, "2025")
