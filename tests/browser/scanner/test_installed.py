"""The scanner as a phone installs it: its worker and its queue, through reloads, deaths and new versions."""

import pytest
from django.conf import settings

from poincon.organisations.models import Device
from poincon.www.scanner import views
from poincon.www.scanner.files import ScannerFile, scanner_files
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.network import Relay
from tests.browser.scanner.telephone import Telephone, look
from tests.browser.scanner.village import Village, live_redemptions, scans_kept

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


def test_a_phone_left_off_line_and_killed_ends_its_device_after_its_queue(
    village: Village, telephone: Telephone, installed: Driver, relay: Relay
) -> None:
    relay.cut()
    installed.scan(village.code(1, 1))
    installed.call("signOut", {"anyway": True})
    telephone.kill()
    again = telephone.start()
    look(again, relay)
    assert (again.status["phase"], again.status["waiting"], again.status["leaving"]) == ("not_enrolled", 1, True)
    assert Device.objects.get().revoked_at is None
    relay.mend()
    again.call("sync")
    again.wait_until("!s.waiting && !s.leaving")
    assert (live_redemptions(), Device.objects.filter(revoked_at=None).count()) == (1, 0)


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
