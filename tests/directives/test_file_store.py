"""Evidence is kept as it came, and what is no evidence is refused with a reason."""

import hashlib
import io

import pytest

from vamco.directives import file_store
from vamco.directives.file_store import attach, attached_bytes, file_path, linked
from vamco.vocabulary.errors import NotFound, Refused

PDF = b"%PDF-1.7 bao cao"


def test_a_file_is_kept_under_its_sha256_and_comes_back_as_it_was(home):
    kept = attach(io.BytesIO(PDF), "C:\\tam\\Báo cáo.PDF")
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (kept.filename, kept.n_bytes, kept.media_type) == ("Báo cáo.PDF", len(PDF), "application/pdf")
    assert attached_bytes(kept.sha256) == PDF
    assert file_path(kept.sha256).is_relative_to(home)
    assert attach(io.BytesIO(PDF), "khac.pdf").sha256 == kept.sha256


@pytest.mark.parametrize(("data", "name", "key"), [
    (b"MZ\x90", "a.exe", "file_of_unknown_kind"),
    (b"MZ\x90", "a.pdf", "file_is_not_its_name"),
    (b"", "a.pdf", "file_is_empty"),
    (PDF + b"x" * 100, "a.pdf", "file_too_large"),
    (b"<svg>", "../../a.svg", "file_of_unknown_kind"),
])  # fmt: skip
def test_what_cannot_be_evidence_is_refused_and_leaves_nothing(home, monkeypatch, data, name, key):
    monkeypatch.setattr(file_store, "MOST_BYTES", 100)
    with pytest.raises(Refused) as told:
        attach(io.BytesIO(data), name)
    assert told.value.key == f"directives.{key}"
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "https://a/" + "b" * 600])
def test_only_web_addresses_are_links(address):
    with pytest.raises(Refused):
        linked(address)


def test_a_file_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(NotFound):
        attached_bytes("0" * 64)
