"""Severities have one word each, said nowhere else."""

from pathlib import Path

import pytest
import yaml

import vamco
from vamco.vocabulary.severity import Severity

DRAWN_AT = ("critical", "serious", "attention")
KEYS = tuple(f"severity_{one.value.lower()}" for one in Severity) + tuple(
    f"{noun}_{level}" for noun in ("severity", "level") for level in DRAWN_AT
)
MESSAGES = sorted(Path(vamco.__file__).parent.glob("*/messages.yaml"))


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_has_a_word_of_its_own_in_both_languages(severity):
    others = {other.in_(language) for other in Severity if other is not severity for language in ("vi", "en")}
    assert {severity.in_("vi"), severity.in_("en")}.isdisjoint(others | {""})


@pytest.mark.parametrize("path", [p for p in MESSAGES if p.parent.name != "vocabulary"], ids=str)
def test_no_package_has_words_of_its_own_for_severities(path):
    found = [key for key in yaml.safe_load(path.read_text("utf-8")) or {} if key.endswith(KEYS)]
    assert found == []
