"""Puts the front-end libraries and compiled translations into the wheel, so that it needs no Node.js."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):
    """Runs before a wheel is packed; an editable install gets its bundle from `./vamco`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002, D102  hatchling's signature
        if version != "editable":
            sys.path.insert(0, str(Path(self.root) / "src"))
            from vamco.web.bundle import build

            build()
