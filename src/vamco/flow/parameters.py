"""Parameter types that the commands share."""

from typing import Final

import click

DAY: Final = click.DateTime(["%d/%m/%Y", "%Y-%m-%d"])
"""A day, as people write it here (22/11/2026) or as ISO does (2026-11-22)."""
