"""Every message that the code can say exists in Vietnamese and English, with the same placeholders."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from vamco.vocabulary.messages import LANGUAGES, PARTS, catalogue

SOURCE = Path(__file__).parents[1] / "src" / "vamco"
PACKAGES = sorted(path.parent.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("messages.yaml"))
KEY = re.compile(r"^(?:%s)\.[a-z][a-z0-9_]*$" % "|".join(PACKAGES))
SPEAKERS = {"Refused", "NotFound", "Forbidden", "Unreadable", "Misused", "Ambiguous", "say", "message"}


def keys_in_code() -> Iterator[tuple[str, str]]:
    """Every key that is handed, as a literal, to something that speaks."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in SPEAKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", first.value


def entries() -> Iterator[tuple[str, dict]]:
    for package in PACKAGES:
        for name, entry in catalogue(package).items():
            yield f"{package}.{name}", entry


def placeholders(text: str | dict) -> set[str]:
    joined = text if isinstance(text, str) else " ".join(text.get(part, "") for part in PARTS)
    return {name for _, name, _, _ in string.Formatter().parse(joined) if name}


def test_every_key_in_the_code_has_words():
    known = {key for key, _ in entries()}
    missing = [f"{where}: {key}" for where, key in keys_in_code() if KEY.match(key) and key not in known]
    assert missing == []


def test_errors_are_raised_with_keys_and_never_with_sentences():
    loose = [f"{where}: {key}" for where, key in keys_in_code() if " " in key]
    assert loose == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_written_in_each_language(language):
    empty = [key for key, entry in entries() if not entry.get(language)]
    assert empty == []


def test_both_languages_fill_the_same_placeholders():
    uneven = [key for key, entry in entries() if placeholders(entry["vi"]) != placeholders(entry["en"])]
    assert uneven == []


def test_no_message_is_written_twice_in_one_file():
    for package in PACKAGES:
        text = (SOURCE / package / "messages.yaml").read_text("utf-8")
        names = [line.split(":")[0] for line in text.splitlines() if re.match(r"^[a-z]\w*:", line)]
        assert sorted(names) == sorted(set(names)), package
        assert isinstance(yaml.safe_load(text), dict), package
