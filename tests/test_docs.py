"""The documentation says what the code does: pages are fresh, links and commands lead somewhere."""

import re
import shlex
from pathlib import Path

import click
import pytest

from vamco.flow.command_line import vamco
from vamco.flow.reference import PAGES

ROOT = Path(__file__).parents[1]
DOCS = sorted(
    p for p in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "packs").rglob("*.md"))
)
BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_reference_pages_are_fresh(name):
    page = ROOT / "docs" / "reference" / name
    assert page.read_text("utf-8") == PAGES[name](), f"run: vamco reference --write ({name} is stale)"


@pytest.mark.parametrize("document", DOCS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document):
    targets = [
        t for t in LINK.findall(document.read_text("utf-8")) if "://" not in t and not t.startswith("mailto:")
    ]
    assert [t for t in targets if not (document.parent / t).exists()] == []


def test_every_decision_is_listed_and_has_its_parts():
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text("utf-8")
    for record in folder.glob("0*.md"):
        text = record.read_text("utf-8")
        assert record.name in index
        assert all(part in text for part in ("## Context", "## Decision", "## Consequences")), record.name


def test_every_storey_stands_on_the_architecture_page():
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    storeys = [p.name for p in (ROOT / "src" / "vamco").iterdir() if (p / "__init__.py").exists()]
    assert [s for s in storeys if f"{s}/" not in page] == []


def test_no_document_names_a_package_registry():
    hosts = re.compile(r"pypi\.org|pythonhosted|npmjs|deb\.debian\.org", re.IGNORECASE)
    files = (*DOCS, *ROOT.glob("*.lock"), *ROOT.glob("*.toml"), *ROOT.glob("package*.json"), ROOT / "vamco")
    assert [f.name for f in files if f.exists() and hosts.search(f.read_text("utf-8"))] == []


def commands_in(document: Path) -> list[str]:
    lines = [
        line.strip() for block in BLOCK.findall(document.read_text("utf-8")) for line in block.splitlines()
    ]
    return [line for line in lines if re.match(r"(\./)?vamco [a-z]", line)]


def unknown_words(line: str) -> list[str]:
    """Subcommands and options of a documented line that the program does not have."""
    command: click.Command = vamco
    words = shlex.split(line, comments=True)[1:]
    while isinstance(command, click.Group) and words:
        name = words.pop(0)
        found = command.get_command(click.Context(command), name)
        if found is None:
            return [name]
        command = found
    known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
    return [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]


@pytest.mark.parametrize("document", DOCS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_documented_commands_exist(document):
    assert {line: unknown_words(line) for line in commands_in(document) if unknown_words(line)} == {}
