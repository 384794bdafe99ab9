"""Find what the tests need and Python cannot bring: the PostgreSQL server and Chromium. Root on Debian: install them.

    python -m scripts.test_tools

Exits with an error, and says what to install, when one is missing and cannot be installed from here.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.with_postgresql import UnavailableError, binaries

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path:
    """The Chromium of this machine: ``POINCON_TEST_CHROMIUM``, or the first known name on the PATH.

    Raises UnavailableError when there is none.
    """
    if named := os.environ.get("POINCON_TEST_CHROMIUM"):
        return Path(named)
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise UnavailableError("Chromium not found (on Debian: apt-get install chromium)")
    return Path(found)


#: Debian package → how to find what it brings.
TOOLS: dict[str, Callable[[], Path]] = {"postgresql": binaries, "chromium": chromium}


def missing() -> dict[str, str]:
    """The Debian packages that would bring what is not here, each with the sentence that says so."""
    lacking = {}
    for package, find in TOOLS.items():
        try:
            find()
        except UnavailableError as reason:
            lacking[package] = str(reason)
    return lacking


def install(packages: list[str]) -> None:
    """Install Debian packages without a question. Failures are seen by looking again for the tools."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *packages]):
        print("+", " ".join(command), flush=True)
        subprocess.run(command, env=environment, check=False)


def main() -> int:
    lacking = missing()
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        install(sorted(lacking))
        lacking = missing()
    for sentence in lacking.values():
        print(sentence, file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
