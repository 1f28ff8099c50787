"""The documentation says what the code does: generated pages are fresh, links lead somewhere."""

import re
from pathlib import Path

import pytest

from vamco.flow.reference import PAGES

ROOT = Path(__file__).parents[1]
DOCS = sorted(
    p for p in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "packs").rglob("*.md"))
)
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
