"""A briefing on paper: one page of A4 as PDF, set by typst from the template beside this module."""

import json
from importlib import resources
from pathlib import Path
from typing import Final

import typst

from vamco.briefings.models import Briefing
from vamco.briefings.told import told
from vamco.vocabulary.messages import Language

_TEMPLATE: Final = Path(str(resources.files("vamco.briefings").joinpath("briefing.typ")))
_FONTS: Final = Path(str(resources.files("vamco"))) / "web" / "static" / "bundle"


def pdf(briefing: Briefing, language: Language) -> bytes:
    """The briefing as PDF, tagged for screen readers; where the typeface was not brought, in typst's own."""
    found = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=[_FONTS] if _FONTS.is_dir() else [],
        ignore_system_fonts=True,
        sys_inputs={"briefing": json.dumps(told(briefing, language), ensure_ascii=False)},
    )
    assert isinstance(found, bytes)  # noqa: S101  without a file named, typst gives the bytes
    return found
