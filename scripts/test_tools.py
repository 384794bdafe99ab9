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

CHROMIUM_SHELL = "chromium-headless-shell"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path:
    """The whole Chromium of this machine: ``POINCON_TEST_CHROMIUM``, or the first known name on the PATH.

    Raises UnavailableError when there is none.
    """
    if named := os.environ.get("POINCON_TEST_CHROMIUM"):
        return Path(named)
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise UnavailableError("Chromium not found (on Debian: apt-get install chromium)")
    return Path(found)


def chromium_shell() -> Path:
    """The same engine without the windows around it, which opens a page five times faster.

    It has neither camera nor a network of its own for each tab. Raises UnavailableError when it is not installed.
    """
    found = shutil.which(CHROMIUM_SHELL)
    if found is None:
        raise UnavailableError(f"{CHROMIUM_SHELL} not found (on Debian: apt-get install {CHROMIUM_SHELL})")
    return Path(found)


def quick_chromium() -> Path:
    """What draws pages fastest here: ``POINCON_TEST_CHROMIUM``, the shell of Chromium, or else the whole one.

    Raises UnavailableError when there is none.
    """
    if os.environ.get("POINCON_TEST_CHROMIUM") or not shutil.which(CHROMIUM_SHELL):
        return chromium()
    return chromium_shell()


#: Debian package → how to find what it brings.
TOOLS: dict[str, Callable[[], Path]] = {
    "postgresql": binaries,
    "chromium": chromium,
    CHROMIUM_SHELL: chromium_shell,
}
#: Without them the tests are only slower.
SPARED = {CHROMIUM_SHELL}


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
    return 1 if lacking.keys() - SPARED else 0


if __name__ == "__main__":
    sys.exit(main())
