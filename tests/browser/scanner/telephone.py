"""A telephone of its own: a Chromium that can be killed and started again, with what its profile keeps."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, Error

from scripts.test_tools import chromium
from tests.browser.conftest import ARGUMENTS, PATIENCE_MS
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.network import Relay

#: The page and its worker speak the same language. Playwright's own way tells it to the page alone: the worker, told to
#: keep a page in French and given one in English, is never installed.
LANGUAGE = ["--lang=fr-FR", "--accept-lang=fr-FR"]


def camera_of(film: Path) -> list[str]:
    """A camera that sees this film, and may be opened without a question."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


class Telephone:
    """A Chromium of its own process and profile, that can be killed and started again."""

    def __init__(self, chromium_type: BrowserType, profile: Path) -> None:
        self.chromium_type = chromium_type
        self.profile = profile
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, film: Path | None = None) -> Driver:
        """Switch it on, in front of ``film`` if it has a camera."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        own = ["--headless=new", f"--remote-debugging-port={port}", f"--user-data-dir={self.profile}"]
        arguments = [*ARGUMENTS, *LANGUAGE, *own, *(camera_of(film) if film else [])]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [chromium(), *arguments, "about:blank"], stdout=quiet, stderr=quiet, start_new_session=True
        )
        context = self._connected(port).contexts[0]
        context.set_default_timeout(PATIENCE_MS)
        return Driver(context.pages[0])

    def _connected(self, port: int) -> Browser:
        for _ in range(PATIENCE_MS // 100):
            try:
                return self.chromium_type.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Error:
                time.sleep(0.1)
        raise TimeoutError("Chromium did not start")

    def kill(self) -> None:
        """As a phone whose battery is pulled out: nothing is told to anybody."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def look(driver: Driver, relay: Relay) -> None:
    """Open the scanner as its icon does."""
    driver.page.goto(f"{relay.url}/scanner/")
    driver.open()
