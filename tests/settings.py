"""The settings of the product, in test mode, with what only tests need: fast, and without a trace on the machine."""

import atexit
import os
import shutil
import tempfile

os.environ["POINCON_MODE"] = "test"
if "POINCON_VAR" not in os.environ:
    # Inherited by the workers of pytest-xdist and by the commands that tests start; removed by the one that made it.
    os.environ["POINCON_VAR"] = tempfile.mkdtemp(prefix="poincon-tests-")
    atexit.register(shutil.rmtree, os.environ["POINCON_VAR"], ignore_errors=True)

from poincon.config.settings import *  # noqa: F403  read after the mode is chosen
from poincon.config.settings import DATABASES, VAR_DIR

# Each worker writes its own documents: two tests at the same second never meet.
DOCUMENTS_DIR = VAR_DIR / os.environ.get("PYTEST_XDIST_WORKER", "main") / "documents"

# The real hasher is slow on purpose; tests create hundreds of people.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tasks run where they are asked for. Tests of the queue itself put the database backend back.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
# A browser keeps its connection to the test server, whose thread would keep its own to the database: it could not be
# dropped at the end.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: in memory, the threads of the test server would share one connection with the test, and
    # its transactions.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}
    # No test outlives a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
