"""Settings of the tests: the product's own, with a data folder of this run and nothing slow.

A command that a test starts inherits DJANGO_SETTINGS_MODULE and may bring its own TRACKER_ variables:
only what is not set yet is set here. What the developer's shell holds for the product does not count.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The process that made the folders of this run; a child finds its mark and keeps what its parent gave it.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
MARK = "RETORT_TESTS_OF"
if os.environ.get(MARK) != WORKER:
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        del os.environ[name]
    os.environ[MARK] = WORKER
    folder = tempfile.mkdtemp(prefix=f"retort-tests-{WORKER}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TRACKER_DATA_DIR"] = folder
    os.environ["TRACKER_SECRET_KEY"] = "0123456789 abcdefghij ABCDEFGHIJ of the tests"

from tracker.settings import *  # noqa: E402, F403 - the variables above come first
from tracker.settings import DATABASES, ENV  # noqa: E402 - named, so that types are known

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
Path(ENV.data_dir / "static").mkdir(parents=True, exist_ok=True)

if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # a file, so that a worker or a browser's server sees the same rows in the same mode as in production
    DATABASES["default"]["TEST"] = {"NAME": str(ENV.data_dir / "test.sqlite3")}
else:
    # a test's rows need not survive a power cut
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
