"""Generated files reach the disk before they get a name, and never change once they have it."""

import os
import threading
from pathlib import Path

import pytest

from vamco.warehouse.iceberg.shelf import Shelf, name_of


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "shelf")


def test_bytes_are_synced_before_they_are_named_and_the_name_after(shelf, monkeypatch):
    happened = []
    link, fsync = os.link, os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda fd: (happened.append(str(Path(f"/proc/self/fd/{fd}").readlink())), fsync(fd))
    )
    monkeypatch.setattr(os, "link", lambda a, b: (happened.append("link"), link(a, b)))
    shelf.put_bytes("abc.json", b"{}")
    named = happened.index("link")
    assert any("unfinished/" in path for path in happened[:named])
    assert happened[named + 1 :] == [str(shelf.root / "ab")]


def test_the_second_writer_keeps_the_first_file(shelf):
    def overtaken(path):
        shelf.put_bytes("abc.json", b"first")
        path.write_bytes(b"second!")

    assert shelf.put("abc.json", overtaken) == len(b"first")
    assert shelf.path("abc.json").read_bytes() == b"first"


def test_a_writer_that_fails_leaves_no_name_and_no_rest(shelf):
    def fail(path):
        path.write_bytes(b"half")
        raise OSError

    with pytest.raises(OSError):
        shelf.put("abc.json", fail)
    assert shelf.size("abc.json") is None
    assert list(shelf.unfinished()) == []


def test_cleaning_waits_for_those_who_generate(shelf):
    cleaned = threading.Event()

    def clean():
        with shelf.cleaning():
            cleaned.set()

    with shelf.generating(), shelf.generating():
        thread = threading.Thread(target=clean)
        thread.start()
        assert not cleaned.wait(0.05)
    thread.join()
    assert cleaned.is_set()


def test_names_tell_inputs_apart():
    assert name_of(["a", 1], ".x") == name_of(["a", 1], ".x") != name_of(["a", 2], ".x")
