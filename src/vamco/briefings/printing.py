"""A briefing on paper: one page of A4 as PDF, set by typst from the template beside this module."""

import json
from importlib import resources
from pathlib import Path
from typing import Final, Literal

import typst

from vamco.briefings.models import Briefing
from vamco.briefings.told import told
from vamco.vocabulary.messages import Language

_TEMPLATE: Final = Path(str(resources.files("vamco.briefings").joinpath("briefing.typ")))
_FONTS: Final = Path(str(resources.files("vamco"))) / "web" / "static" / "bundle"


def pdf(briefing: Briefing, language: Language) -> bytes:
    """The briefing as PDF, tagged for screen readers; where the typeface was not brought, in typst's own."""
    (page,) = pages(briefing, language, "pdf")
    return page


def pages(briefing: Briefing, language: Language, form: Literal["pdf", "png"]) -> list[bytes]:
    """The whole as one PDF, or a picture of each sheet."""
    found = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=[_FONTS] if _FONTS.is_dir() else [],
        ignore_system_fonts=True,
        format=form,
        sys_inputs={"briefing": json.dumps(told(briefing, language), ensure_ascii=False)},
    )
    return found if isinstance(found, list) else [found]
