"""The developer's commands: they run the project's own tools, and only inside a checkout."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from vamco.vocabulary.errors import Refused

ROOT = Path(__file__).resolve().parents[3]


def require_checkout(command: str) -> None:
    """Raises `Refused` where only the installed program is present."""
    if not (ROOT / "pyproject.toml").exists():
        raise Refused("flow.not_a_checkout", command=command)


def tool(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> bool:
    """Run a tool of the environment in the checkout; whether it succeeded."""
    return exit_code(name, *arguments, environment=environment) == 0


def exit_code(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Run a tool of the environment in the checkout; the code it ended with."""
    command: Sequence[str] = [str(Path(sys.executable).parent / name), *arguments]
    # Tools start many processes: without kept bytecode, each would compile all that it imports.
    around = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    return subprocess.run(command, cwd=ROOT, env=around, check=False).returncode  # noqa: S603
