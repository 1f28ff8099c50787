"""Measuring in a home of its own, so that no data of the installation is touched."""

import json
import os
import subprocess
import sys
from pathlib import Path


def child(home, module, *arguments, **more):
    """What the module prints as JSON, run by itself with those settings on an empty home."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "vamco.settings",
        "VAMCO_HOME": str(home),
        "VAMCO_DATABASE_URL": "",
        "VAMCO_WAREHOUSE_URL": "",
        "VAMCO_ENGINE_URL": "",
        **more,
    }
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, env=environment, cwd=root, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)
