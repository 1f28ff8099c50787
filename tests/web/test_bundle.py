"""Libraries come from the lock without addresses, once, and into one folder."""

import gzip
import json
from pathlib import Path

import pytest

from vamco.web import bundle

ROOT = Path(__file__).parents[2]


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """A home of its own, and an npm that writes down its calls and installs empty files."""
    calls = tmp_path / "calls"
    script = tmp_path / "npm"
    files = " ".join(f"node_modules/{file}" for file in (*bundle._FILES, *bundle._LICENCES.values()))
    script.write_text(
        f'#!/bin/sh\necho "$@" >> {calls}\nfor f in {files}; do mkdir -p "$(dirname $f)"; echo x > $f; done\n'
    )
    script.chmod(0o755)
    monkeypatch.setattr(bundle, "_npm", lambda: [str(script)])
    monkeypatch.setattr(bundle, "_TARGET", tmp_path / "bundle")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return calls


def test_the_named_files_and_only_they_are_copied(npm, tmp_path):
    bundle.build()
    there = {path.name for path in (tmp_path / "bundle").iterdir()} - {".made-from"}
    copied = {name for name in there if not name.endswith(".gz")}
    assert copied == {*(Path(file).name for file in bundle._FILES), *bundle._LICENCES}


def test_scripts_and_styles_lie_there_compressed_too(npm, tmp_path):
    bundle.build()
    for script in (
        path for path in (tmp_path / "bundle").iterdir() if path.suffix in {".mjs", ".js", ".css"}
    ):
        assert gzip.decompress(script.with_name(f"{script.name}.gz").read_bytes()) == script.read_bytes()


def test_npm_runs_once_for_a_lock_and_never_runs_foreign_scripts(npm, tmp_path):
    bundle.build()
    bundle.build()
    (tmp_path / "bundle" / ".made-from").unlink()
    bundle.build()
    assert npm.read_text().splitlines() == ["ci --ignore-scripts --loglevel=error"]


def test_a_failed_install_leaves_no_half_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "_npm", lambda: ["false"])
    monkeypatch.setattr(bundle, "_TARGET", tmp_path / "bundle")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(bundle.subprocess.CalledProcessError):
        bundle.build()
    assert list((tmp_path / "cache" / "vamco").iterdir()) == []


def test_without_npm_the_program_goes_on_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bundle, "_npm", lambda: ["/no/such/npm"])
    monkeypatch.setattr(bundle, "_TARGET", tmp_path / "bundle")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bundle.main()
    assert "Các trang vẫn chạy với phông chữ của máy" in capsys.readouterr().err


def test_the_lock_names_no_address_and_pins_every_file():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages)


def test_the_pages_ask_for_fonts_that_the_bundle_brings():
    css = (ROOT / "src/vamco/web/static/vamco/tokens.css").read_text("utf-8")
    brought = {Path(file).name for file in bundle._FILES}
    asked = {
        line.split('url("../bundle/')[1].split('"')[0] for line in css.splitlines() if "../bundle/" in line
    }
    assert asked
    assert asked <= brought
