"""Beginning a new pack from the template, so that it passes every check from the first minute."""

import json
import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Final

from vamco.vocabulary.errors import Misused, Refused

_SLUG: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def new_pack(folder: Path, slug: str, words: dict[str, str]) -> list[Path]:
    """Write the pack `folder/slug` and return its files; `words` fill title_vi, title_en, agency and today.

    Raises `Misused` for a bad slug and `Refused` when the folder exists; nothing is overwritten.
    """
    if not _SLUG.fullmatch(slug):
        raise Misused("packs.bad_slug", slug=slug)
    target = folder / slug
    if target.exists():
        raise Refused("packs.pack_exists", folder=str(target))
    filled = words | {"slug": slug, "month": words["today"][:7]}
    quoted = {name: json.dumps(word, ensure_ascii=False)[1:-1] for name, word in filled.items()}
    written = []
    for place, source in _files(resources.files("vamco.packs").joinpath("template"), Path()):
        path = target / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(source.read_text("utf-8")).substitute(quoted), "utf-8")
        written.append(path)
    return sorted(written)


def _files(folder: Traversable, place: Path) -> Iterator[tuple[Path, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, place / entry.name)
        else:
            yield place / entry.name, entry
