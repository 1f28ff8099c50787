"""Takes one data file out of a gzip or zip, within limits: no bombs, no nesting, no paths."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from vamco.intake.reading.staging import staged_path
from vamco.intake.reading.text_table import Limits
from vamco.vocabulary.errors import Unreadable

_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1
_LITTER: Final = {".ds_store", "thumbs.db", "desktop.ini"}
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class _Bytes(Protocol):
    def read(self, size: int, /) -> bytes: ...


class BoundedStream:
    """Unpacked bytes that stop with a refusal when they become more than the limits allow."""

    def __init__(self, source: _Bytes, packed_bytes: int, limits: Limits) -> None:
        self._source, self._packed_bytes, self._limits = source, max(packed_bytes, 1), limits
        self._n_bytes = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes. Raises `Unreadable` beyond the limits and where the archive is broken."""
        try:
            chunk = self._source.read(size)
        except _BROKEN as error:
            raise _broken(error) from error
        self._n_bytes += len(chunk)
        self._check()
        return chunk

    def _check(self) -> None:
        limits = self._limits
        is_swollen = self._n_bytes > max(limits.small_bytes, self._packed_bytes * limits.unpacked_ratio)
        if is_swollen or self._n_bytes > limits.unpacked_bytes:
            raise Unreadable(
                "intake.read_archive_bomb", limit=limits.unpacked_bytes, ratio=limits.unpacked_ratio
            )


@contextmanager
def open_zip(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """An opened zip. Raises `Unreadable` when it is broken or lists too many members."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise _broken(error) from error
    with archive:
        if len(archive.infolist()) > limits.members:
            raise Unreadable("intake.read_too_many_members", limit=limits.members)
        yield archive


@contextmanager
def open_member(archive: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[BoundedStream]:
    """The unpacked bytes of a member. Raises `KeyError` when there is none of that name, and `Unreadable`."""
    info = archive.getinfo(name)
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable("intake.read_password")
    try:
        source = archive.open(info)
    except _BROKEN as error:
        raise _broken(error) from error
    with source:
        yield BoundedStream(source, info.compress_size, limits)


def unpack_gzip(path: Path, staging: Path, limits: Limits) -> Path:
    """The content of a gzip as a staged file. Raises `Unreadable`."""
    with gzip.open(path) as source:
        return _copy(BoundedStream(source, path.stat().st_size, limits), staging)


def unpack_zip(path: Path, staging: Path, limits: Limits) -> tuple[Path, str]:
    """The only data file in a zip as a staged file, and its name. Raises `Unreadable`."""
    with open_zip(path, limits) as archive:
        names = [info.filename for info in archive.infolist() if _is_data(info)]
        if len(names) != 1:
            raise Unreadable("intake.read_archive_members", n_files=len(names), members=names[:20])
        _refuse_paths(names[0])
        with open_member(archive, names[0], limits) as source:
            return _copy(source, staging), names[0]


def _copy(source: BoundedStream, staging: Path) -> Path:
    target = staged_path(staging, ".unpacked")
    with target.open("wb") as file:
        while chunk := source.read():
            file.write(chunk)
    return target


def _broken(error: BaseException) -> Unreadable:
    if isinstance(error, gzip.BadGzipFile) and str(error).startswith("Not a gzipped file"):
        return Unreadable("intake.read_gzip_trailing")
    return Unreadable(
        "intake.read_broken", source_format="ZIP/GZIP", reason=str(error) or type(error).__name__
    )


def _is_data(info: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(info.filename)
    return not (info.is_dir() or name.parts[:1] == ("__MACOSX",) or name.name.lower() in _LITTER)


def _refuse_paths(name: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if ".." in parts or name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        raise Unreadable("intake.read_archive_path", member=name)
