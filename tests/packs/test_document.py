"""A document remembers on which line everything stands."""

import pytest

from vamco.packs.document import read_document
from vamco.vocabulary.errors import Refused

TEXT = """\
a: 1
b:
  - x: 2026-01-01
    y: [one,
        two]
c: {d: "080"}
"""


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(TEXT, "utf-8")
    return read_document(path)


def test_every_value_knows_its_line(document):
    ways = {(): 1, ("b",): 2, ("b", 0, "x"): 3, ("b", 0, "y", 1): 5, ("c", "d"): 6}
    assert {way: document.line(*way) for way in ways} == ways


def test_what_does_not_exist_has_the_line_of_what_is_around_it(document):
    assert document.line("b", 0, "nowhere", "deep") == 3
    assert document.line("nowhere") == 1


def test_dates_and_quoted_codes_stay_text(document):
    assert document.value["b"][0]["x"] == "2026-01-01"
    assert document.value["c"]["d"] == "080"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1,\nb: 2\n", 3),
        ("a: 1\nb: 2\na: 3\n", 3),
        ("a: &x 1\nb: *x\n", 1),
        ("a: &x [1, *x]\n", 1),
        ("a: !!python/name:os.system x\n", 1),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(tmp_path, text, line):
    path = tmp_path / "a.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Refused) as refusal:
        read_document(path)
    assert refusal.value.key == "packs.not_yaml"
    assert (refusal.value.details["file"], refusal.value.details["line"]) == (str(path), line)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(Refused, match="not_yaml"):
        read_document(path)
