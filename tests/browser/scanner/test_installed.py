"""The scanner as a phone installs it: its worker and its queue, through reloads, deaths and new versions."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserType, Error
from pytest_django.live_server_helper import LiveServer

from poincon.www.scanner import views
from poincon.www.scanner.files import ScannerFile, scanner_files
from scripts.test_tools import chromium
from tests.browser.conftest import ARGUMENTS
from tests.browser.scanner.conftest import sign_in
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.network import Relay
from tests.browser.scanner.village import Village, live_redemptions, scans_kept

PATIENCE = 15
#: Installs the worker; what became of it.
INSTALL = """async () => {
  const { worker, scope } = document.body.dataset;
  const registration = await navigator.serviceWorker.register(worker, { scope });
  const one = registration.installing ?? registration.waiting ?? registration.active;
  return new Promise((resolve) => {
    const look = () => ["redundant", "activated"].includes(one.state) && resolve(one.state);
    one.addEventListener("statechange", look);
    look();
  });
}"""


class Telephone:
    """A Chromium of its own process and profile, that can be killed and started again."""

    def __init__(self, chromium_type: BrowserType, profile: Path) -> None:
        self.chromium_type = chromium_type
        self.profile = profile
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Driver:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        arguments = [*ARGUMENTS, "--headless=new", f"--remote-debugging-port={port}", f"--user-data-dir={self.profile}"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [chromium(), *arguments, "about:blank"], stdout=quiet, stderr=quiet, start_new_session=True
        )
        context = self._connected(port).contexts[0]
        context.set_default_timeout(PATIENCE * 1000)
        return Driver(context.pages[0])

    def _connected(self, port: int) -> Browser:
        for _ in range(PATIENCE * 10):
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


@pytest.fixture
def relay(live_server: LiveServer) -> Iterator[Relay]:
    relay = Relay(live_server.url)
    yield relay
    relay.close()


@pytest.fixture
def telephone(browser: Browser, tmp_path: Path) -> Iterator[Telephone]:
    telephone = Telephone(browser.browser_type, tmp_path / "profile")
    yield telephone
    telephone.kill()


def look(driver: Driver, relay: Relay) -> None:
    """Open the scanner as its icon does."""
    driver.page.goto(f"{relay.url}/scanner/")
    driver.open()


@pytest.fixture
def installed(village: Village, telephone: Telephone, relay: Relay) -> Driver:
    """A phone on which the scanner is installed and enrolled."""
    driver = telephone.start()
    sign_in(driver.context, village.mediator, relay.url)
    look(driver, relay)
    driver.page.wait_for_function("() => navigator.serviceWorker.controller")
    driver.enrol(village.context)
    return driver


def test_it_opens_and_punches_without_network(village: Village, installed: Driver, relay: Relay) -> None:
    relay.cut()
    look(installed, relay)
    assert installed.status["phase"] == "ready"
    assert installed.scan(village.code(1, 1))["outcome"] == "waiting"
    look(installed, relay)
    assert installed.states() == ["waiting"]
    relay.mend()
    installed.call("sync")
    installed.wait_until("!s.waiting")
    assert (live_redemptions(), scans_kept()) == (1, 1)


def test_a_browser_that_dies_loses_nothing(
    village: Village, telephone: Telephone, installed: Driver, relay: Relay
) -> None:
    relay.cut()
    answers = [installed.scan(village.code(rank, position)) for rank in (1, 2) for position in (1, 2, 3)]
    assert {answer["outcome"] for answer in answers} == {"waiting"}
    telephone.kill()
    again = telephone.start()
    look(again, relay)
    again.wait_until("!s.online")
    assert again.states() == ["waiting"] * 6
    assert again.scan(village.code(1, 1))["reason"] == "already_used"
    relay.mend()
    again.call("sync")
    again.wait_until("!s.waiting")
    assert (live_redemptions(), scans_kept()) == (6, 6)


def test_a_browser_that_dies_while_it_sends_loses_nothing(
    village: Village, telephone: Telephone, installed: Driver, relay: Relay
) -> None:
    """The server answered, nobody was there to hear it."""
    relay.cut()
    for position in (1, 2, 3):
        installed.scan(village.code(1, position))
    relay.mend()
    installed.page.evaluate("() => { window.engine.sync(); }")
    telephone.kill()
    again = telephone.start()
    look(again, relay)
    again.call("sync")
    again.wait_until("!s.waiting")
    assert (live_redemptions(), scans_kept()) == (3, 3)


def test_a_new_version_is_taken_and_the_queue_stays(
    village: Village, installed: Driver, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.cut()
    installed.scan(village.code(1, 1))
    monkeypatch.setattr(settings, "SITE_NAME", "Pass de la Creuse")
    installed.answering("scans", lambda route: route.abort())
    relay.mend()
    installed.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    installed.wait_until("s.update")
    with installed.page.expect_navigation():
        installed.page.evaluate("() => { window.engine.update(); }")
    assert installed.page.title() == "Scanner – Pass de la Creuse"
    installed.open()
    assert installed.states() == ["waiting"]


def test_a_file_that_is_not_the_one_announced_is_not_installed(
    telephone: Telephone, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a network that answers in the place of the server would do."""
    files = [ScannerFile(file.address, "autre") for file in scanner_files()]
    monkeypatch.setattr(views, "scanner_files", lambda: files)
    driver = telephone.start()
    look(driver, relay)
    assert driver.page.evaluate(INSTALL) == "redundant"
