"""A boundary file from outside, made safe to open: its kind by content, archives unpacked with limits."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from vamco.vocabulary.errors import Ambiguous, NotFound, Refused, Unreadable

MAX_BYTES: Final = 512_000_000
MAX_MEMBERS: Final = 256
MAX_RATIO: Final = 200  # real boundary files shrink 3 to 30 times
_CHUNK: Final = 1 << 20
_COMPANIONS: Final = {".shx", ".dbf", ".prj", ".cpg"}


class FileKind(StrEnum):
    """The formats that are read; the value is the usual suffix."""

    GEOJSON = ".geojson"
    GEOPACKAGE = ".gpkg"
    SHAPEFILE = ".shp"


_SUFFIXES: Final = {".json": FileKind.GEOJSON, **{kind.value: kind for kind in FileKind}}
_BEGINNINGS: Final = {
    FileKind.GEOPACKAGE: b"SQLite format 3\x00",
    FileKind.SHAPEFILE: b"\x00\x00\x27\x0a",
    FileKind.GEOJSON: b"{",
}


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, FileKind]]:
    """A local file of a known kind; from an archive, its only one. Raises `VamcoError`s that say why not."""
    if not path.is_file():
        raise NotFound("geography.boundary_no_file", file=path)
    _require_size(path, path.stat().st_size)
    if not zipfile.is_zipfile(path):
        yield path.resolve(), _kind(path)
        return
    with TemporaryDirectory(prefix="vamco-boundaries-") as folder:
        unpacked = _unpack(path, Path(folder))
        yield unpacked, _kind(unpacked)


def _kind(path: Path) -> FileKind:
    """By suffix and by content, which must agree: the reading library would go by content alone."""
    kind = _SUFFIXES.get(path.suffix.lower())
    with path.open("rb") as file:
        beginning = file.read(64).removeprefix(b"\xef\xbb\xbf")
    if kind is FileKind.GEOJSON:
        beginning = beginning.lstrip()
    if kind is None or not beginning.startswith(_BEGINNINGS[kind]):
        raise Unreadable("geography.boundary_unknown_kind", file=path.name, known=sorted(_SUFFIXES))
    return kind


def _unpack(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _require_size(path, sum(member.file_size for member in members))
        if len(members) > MAX_MEMBERS:
            raise Refused("geography.boundary_too_many_members", file=path.name, limit=MAX_MEMBERS)
        for member in members:
            _require_honest(path, member)
        layers = [member for member in members if _suffix(member) in _SUFFIXES]
        if len(layers) != 1:
            names = sorted(member.filename for member in layers)
            raise Ambiguous("geography.boundary_several_layers", file=path.name, candidates=names)
        wanted = [member for member in members if _suffix(member) in _COMPANIONS] + layers
        for member in wanted:
            _extract(archive, member, folder)
    return folder / layers[0].filename


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _require_honest(path: Path, member: zipfile.ZipInfo) -> None:
    """No way out of the folder, no link, no secret, no bomb."""
    name = PurePosixPath(member.filename)
    leaves = name.is_absolute() or ".." in name.parts or "\\" in member.filename or ":" in member.filename
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    is_encrypted = bool(member.flag_bits & 0x1)
    is_bomb = member.file_size > MAX_RATIO * max(member.compress_size, _CHUNK // MAX_RATIO)
    if leaves or is_link or is_encrypted or is_bomb:
        raise Refused("geography.boundary_bad_archive", file=path.name, member=member.filename[:120])


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    target = folder / member.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(member) as source, target.open("xb") as copy:
            while chunk := source.read(_CHUNK):
                copy.write(chunk)
                _require_size(Path(member.filename), copy.tell())
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError):
        raise Unreadable("geography.boundary_unreadable", file=member.filename, reason="zip") from None


def _require_size(path: Path, size: int) -> None:
    if size > MAX_BYTES:
        raise Refused("geography.boundary_too_large", file=path.name, limit=f"{MAX_BYTES // 1_000_000} MB")
