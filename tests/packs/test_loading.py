"""Packs are found by scanning; a broken one is refused with file and line."""

import pytest
from tests.packs.shipped import shipped_packs

from vamco.packs.loading import load_packs
from vamco.packs.pack import Status
from vamco.vocabulary.errors import NotFound, Refused


def test_packs_are_the_folders_that_hold_a_pack_file(pack):
    (pack.parent / "not-a-pack").mkdir()
    packs = load_packs(pack.parent)
    assert [found.slug for found in packs] == ["trial"]
    assert len(packs) == 1
    assert [contract.id for contract in packs.contracts] == ["trial.records"]


def test_a_pack_says_who_owns_it_and_how_far_it_is(pack):
    found = load_packs(pack.parent).pack("trial")
    assert found.title.vi == "Giám sát “thử”"
    assert found.title.en == 'A "trial"'
    assert found.agency == "so-xay-dung"
    stated = {maturity.rule: maturity.status for maturity in found.maturity}
    assert stated["contracts"] is Status.DONE
    assert stated["legal-basis-verified"] is Status.TODO


def test_an_exemption_has_its_reason():
    stated = {maturity.rule: maturity for maturity in shipped_packs().pack("reference").maturity}
    assert stated["alerts"].status is Status.EXEMPT
    assert stated["alerts"].because.vi


def test_asking_for_what_does_not_exist_lists_what_does(pack):
    packs = load_packs(pack.parent)
    with pytest.raises(NotFound) as refusal:
        packs.contract("trial.record")
    assert refusal.value.details["candidates"] == ["trial.records"]
    with pytest.raises(NotFound) as refusal:
        packs.pack("nothing")
    assert refusal.value.details["candidates"] == ["trial"]


@pytest.mark.parametrize(
    ("wrong", "first", "n_most"),
    [
        ("public-administration.on_time_receivd", "public-administration.on_time_received", 5),
        ("dengue_cases_monthly", "health.dengue_cases_monthly", 5),
        ("nope", None, 0),
    ],
)
def test_of_many_indicators_only_the_nearest_are_listed(wrong, first, n_most):
    with pytest.raises(NotFound) as refusal:
        shipped_packs().indicator(wrong)
    found = refusal.value.details["candidates"]
    assert next(iter(found), None) == first
    assert len(found) <= n_most


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(NotFound, match="folder_not_found"):
        load_packs(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("pack.yaml", "version: 0.1.0", "version: one", 4),
        ("contracts/records.odcs.yaml", "kind: DataContract", "kind: Something", 4),
        ("contracts/records.odcs.yaml", "value: freeze}", "value: sometimes}", 16),
        ("contracts/records.odcs.yaml", 'value: "2026-11-22"', 'value: "2026-02-30"', 24),
    ],
)
def test_a_broken_pack_is_refused_with_file_and_line(pack, file, old, new, line):
    path = pack / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(Refused) as refusal:
        load_packs(pack.parent)
    assert refusal.value.key == "packs.broken"
    assert (refusal.value.details["file"], refusal.value.details["line"]) == (str(path), line)
    assert str(path) in refusal.value.say("vi")["what"]
