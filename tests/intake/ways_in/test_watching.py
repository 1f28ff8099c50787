"""Files dropped into a folder become deliveries once, and none vanishes."""

import pytest

from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel, Delivery
from vamco.intake.ways_in.watching import take_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> str:
    return f"{contract_of('health.notified_cases').agency}/health.notified_cases/2026-W46"


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "watched"

    def put(place: str, name: str, text: str = "a,b\n1,2\n"):
        path = folder / place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return folder

    return put


def test_a_rested_file_becomes_a_delivery_and_moves_aside(drop, place):
    folder = drop(place, "ca.csv")
    (delivery,) = take_waiting(folder, rest_seconds=0)
    assert delivery.channel == Channel.WATCHED_FOLDER
    assert [p.name for p in (folder / "_taken").iterdir()] == [f"{delivery.pk}-ca.csv"]
    assert take_waiting(folder, rest_seconds=0) == []


def test_a_file_that_is_still_being_written_is_left_alone(drop, place):
    folder = drop(place, "ca.csv.part")
    drop(place, "moi.csv")
    assert take_waiting(folder, rest_seconds=3600) == []
    (delivery,) = take_waiting(folder, rest_seconds=0)
    assert delivery.first_part.filename == "moi.csv"


def test_the_same_bytes_again_are_the_same_delivery(drop, place):
    folder = drop(place, "ca.csv")
    (first,) = take_waiting(folder, rest_seconds=0)
    drop(place, "ca.csv")
    (again,) = take_waiting(folder, rest_seconds=0)
    assert again.pk == first.pk
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "place", ["health.notified_cases/2026-W46", "khong-co/health.notified_cases/2026-W46"]
)
def test_a_file_in_the_wrong_place_is_kept_beside_the_reason(drop, place):
    folder = drop(place, "ca.csv")
    assert take_waiting(folder, rest_seconds=0) == []
    refused = sorted(p.name for p in (folder / "_refused").iterdir())
    assert len(refused) == 2
    assert refused[1] == f"{refused[0]}.txt"


def test_a_link_out_of_the_folder_is_not_followed(drop, place, tmp_path):
    folder = drop(place, "ca.csv")
    (folder / place / "ca.csv").unlink()
    outside = tmp_path / "secret.csv"
    outside.write_text("a\n1\n")
    (folder / place / "link.csv").symlink_to(outside)
    assert take_waiting(folder, rest_seconds=0) == []


@pytest.mark.parametrize(
    "name", ["b" * 250 + ".csv", "ế" * 80 + ".csv", "x\udcff.csv"], ids=["long", "wide", "odd"]
)
def test_a_name_that_the_disk_or_unicode_finds_hard_holds_nobody_up(drop, place, name):
    folder = drop("khong-co/x", name)
    drop("khong-co/x", "a.csv")
    drop(place, "ca.csv")
    assert len(take_waiting(folder, rest_seconds=0)) == 1
    assert len(list((folder / "_refused").glob("*.txt"))) == 2
    assert take_waiting(folder, rest_seconds=0) == []
    assert len(list((folder / "_refused").iterdir())) == 4
