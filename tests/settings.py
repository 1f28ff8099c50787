"""The program's own settings in a home that lasts as long as the test run."""

import atexit
import os
import shutil
import tempfile

_KEPT = {"VAMCO_DATABASE_URL", "VAMCO_SHARED"}
for name in [name for name in os.environ if name.startswith("VAMCO_") and name not in _KEPT]:
    del os.environ[name]
os.environ["VAMCO_HOME"] = tempfile.mkdtemp(prefix="vamco-test-")
atexit.register(shutil.rmtree, os.environ["VAMCO_HOME"], ignore_errors=True)

from vamco.settings import *  # noqa: E402, F403  the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the tests' passwords guard nothing
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405  a test database need not outlive a power cut
    options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
USES_WRITTEN_EVERY_SECONDS = 0  # no thread writes behind a test's back
