"""A new pack passes from the first minute, and overwrites nothing."""

import pytest

from vamco.packs.lint.check import check_pack
from vamco.packs.loading import load_packs
from vamco.packs.scaffold import new_pack
from vamco.vocabulary.errors import Misused, Refused

WORDS = {"title_vi": "Thử", "title_en": "Trial", "agency": "so-y-te", "today": "2026-11-22"}


def test_a_new_pack_loads_and_passes(tmp_path):
    files = new_pack(tmp_path, "traffic-safety", WORDS)
    assert all(file.is_file() for file in files)
    assert load_packs(tmp_path).contract("traffic-safety.records").agency == "so-y-te"
    assert check_pack(tmp_path / "traffic-safety", {"so-y-te"}) == []


def test_a_pack_that_exists_is_left_alone(pack):
    before = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    with pytest.raises(Refused, match="pack_exists"):
        new_pack(pack.parent, "trial", WORDS)
    assert {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("slug", ["", "Traffic", "giao-thông", "a--b", "-a", "../up", "a/b", "1a", "a\n"])
def test_a_bad_name_is_refused_and_nothing_is_written(tmp_path, slug):
    with pytest.raises(Misused, match="bad_slug"):
        new_pack(tmp_path, slug, WORDS)
    assert list(tmp_path.iterdir()) == []
