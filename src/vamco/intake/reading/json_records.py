"""JSON as a table: an array of objects, an object that holds one, or one object a line. Numbers stay as written."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from unicodedata import is_normalized

from vamco.intake.reading.encodings.detection import UTF8, unicode_encoding
from vamco.intake.reading.grid import Row, StoredNumber
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.staging import StagedRows, staged_path
from vamco.intake.reading.text_table import Limits, TextTable
from vamco.vocabulary.errors import Unreadable
from vamco.vocabulary.text import nfc

_CHUNK: Final = 1 << 20
_LARGEST_VALUE: Final = 16 << 20
_DEEPEST: Final = 4
_MOST_BESIDE: Final = 1_000_000  # values and blank lines that are no records
_NOT_SPACE: Final = re.compile(r"[^ \t\r\n]")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = {_sayable(name) for name, n_uses in Counter(names).items() if n_uses > 1}
        raise Unreadable("intake.read_json_repeated_key", names=sorted(repeated)[:20])
    return record


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=StoredNumber, parse_int=StoredNumber, parse_constant=StoredNumber
)


def is_lines(head: str) -> bool:
    """Whether the text is one object a line: another below the first, or a single one that holds no other."""
    lines = [line.strip() for line in head.splitlines()[:3] if line.strip()]
    if not lines or not (lines[0].startswith("{") and lines[0].endswith("}")):
        return False
    return lines[1].startswith("{") if len(lines) > 1 else not re.search(r"[\[{]", lines[0][1:])


def read_json(path: Path, *, staging: Path, limits: Limits, **facts: Any) -> TextTable:
    """The records as a text table. Raises `Unreadable`."""
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding) as file:
            has_lines = is_lines(file.read(_CHUNK).lstrip("\ufeff"))
        records = _Records(path, encoding, has_lines=has_lines)
        columns = _columns(records, limits)
        repairs = Repairs()
        target = staged_path(staging, ".parquet")
        staged = StagedRows(len(columns), limits)
        staged.write(_rows(records, columns, repairs), target)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unreadable("intake.read_broken", source_format="JSON", reason=str(error)) from error
    return TextTable(
        path=target,
        form="parquet",
        columns=tuple(map(nfc, columns)),
        stored=tuple(map(frozenset, staged.stored)),
        n_rows=staged.n_rows,
        first_row_no=1,
        source_format="ndjson" if has_lines else "json",
        encoding=encoding.removesuffix("-sig"),
        repairs=repairs.as_tuple(),
        **facts,
    )


class _Records:
    """The records of a file, from the top as often as needed."""

    def __init__(self, path: Path, encoding: str, *, has_lines: bool) -> None:
        self._path, self._encoding, self._has_lines = path, encoding, has_lines

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        with self._path.open(encoding=self._encoding) as file:
            yield from _lines(file) if self._has_lines else enumerate(_Document(file).records(), start=1)


def _lines(file: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    line_no = n_blank = 0
    while line := file.readline(_LARGEST_VALUE):
        line_no += 1
        if not line.strip():
            n_blank += 1
            _check_beside(n_blank)
        else:
            yield line_no, _record(_decoded_line(line, line_no))


def _decoded_line(line: str, line_no: int) -> Any:
    try:
        return _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise Unreadable("intake.read_json_line", line=line_no, reason=error.msg) from error


def _check_beside(n_beside: int) -> None:
    if n_beside > _MOST_BESIDE:
        raise Unreadable("intake.read_json_too_much_beside", limit=_MOST_BESIDE)


def _record(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable("intake.read_json_no_records")
    return value


class _Document:
    """One JSON document, decoded piece by piece so that only one record is in memory."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._buffer = ""
        self._at = 0
        self._is_found = False
        self._n_beside = 0

    def records(self) -> Iterator[dict[str, Any]]:
        """The objects of the only array of objects in the document."""
        yield from self._search(_DEEPEST)
        if self._peek() or not self._is_found:
            raise Unreadable("intake.read_json_no_records")

    def _search(self, depth: int) -> Iterator[dict[str, Any]]:
        opening = self._peek()
        if opening == "[":
            yield from self._array(depth)
        elif opening == "{" and depth:
            yield from self._object(depth)
        else:
            self._skip()

    def _array(self, depth: int) -> Iterator[dict[str, Any]]:
        self._expect("[")
        first = self._peek()
        if first != "{" and (first != "]" or depth < _DEEPEST):
            for _ in self._until("]"):
                self._skip()
            return
        if self._is_found:
            raise Unreadable("intake.read_json_many_tables")
        self._is_found = True
        for _ in self._until("]"):
            yield _record(self._value())

    def _object(self, depth: int) -> Iterator[dict[str, Any]]:
        self._expect("{")
        for _ in self._until("}"):
            self._skip()
            self._expect(":")
            yield from self._search(depth - 1)

    def _until(self, closing: str) -> Iterator[None]:
        """One step for each member of what is open, and past its end."""
        while self._peek() != closing:
            yield
            if self._peek() != closing:
                self._expect(",")
        self._at += 1

    def _skip(self) -> None:
        self._n_beside += 1
        _check_beside(self._n_beside)
        self._value()

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError:
                if len(self._buffer) - self._at > _LARGEST_VALUE or not self._fill():
                    raise
                continue
            if end < len(self._buffer) or not self._fill():
                self._at = end
                return value

    def _peek(self) -> str:
        while True:
            if found := _NOT_SPACE.search(self._buffer, self._at):
                self._at = found.start()
                return found.group()
            self._at = len(self._buffer)
            if not self._fill():
                return ""

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise json.JSONDecodeError(f"'{sign}'", self._buffer, min(self._at, len(self._buffer)))
        self._at += 1

    def _fill(self) -> bool:
        """Read on, twice as far as before while one value goes on and on."""
        rest = self._buffer[self._at :]
        more = self._file.read(max(_CHUNK, len(rest)))
        self._buffer = rest + more
        self._at = 0
        return bool(more)


def _columns(records: _Records, limits: Limits) -> list[str]:
    names: dict[str, None] = {}
    for _, record in records:
        for name in record.keys() - names.keys():
            _check_letters(name)
        names.update(dict.fromkeys(record))
        if len(names) > limits.columns:
            raise Unreadable("intake.read_too_many_columns", n_columns=len(names), limit=limits.columns)
    return list(names)


def _rows(records: _Records, columns: list[str], repairs: Repairs) -> Iterator[Row]:
    for row_no, record in records:
        yield Row(row_no, [_text(record.get(column), row_no, repairs) for column in columns])


def _text(value: Any, row_no: int, repairs: Repairs) -> str:
    if value is None:
        return ""
    text: str = value if isinstance(value, str) else _compact(value)
    _check_letters(text)
    if is_normalized("NFC", text):
        return text
    composed = nfc(text)
    repairs.add("intake.read_composed", f"{row_no}: {composed}")
    return composed


def _check_letters(text: str) -> None:
    """Half of a pair of UTF-16 is no letter, though JSON can write it."""
    if not text.isascii() and _sayable(text) != text:
        raise Unreadable("intake.read_json_half_letter", text=_sayable(text)[:40])


def _sayable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _compact(value: Any) -> str:
    """A value inside a cell as JSON, its numbers as written."""
    if isinstance(value, StoredNumber):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_compact(k)}:{_compact(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        found = unicode_encoding(file.read(4096))
    return {"utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}.get(found or "", UTF8 + "-sig")
