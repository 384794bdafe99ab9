"""A phone that is enrolled, revoked from afar, signed out, given to another structure."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from poincon.organisations.enums import Role
from poincon.organisations.models import Device
from poincon.organisations.services import revoke_device
from poincon.passes import keys
from tests.browser.scanner.conftest import Phone, sign_in
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.village import Village, live_redemptions, make_village
from tests.factories import SYSTEM, make_membership, make_user

EVERYTHING_KEPT = """async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("poincon-scanner");
    request.onsuccess = () => resolve(request.result);
  });
  const kept = {};
  for (const name of ["meta", "bitmaps", "scans"]) {
    const store = database.transaction(name).objectStore(name);
    const [keys, values] = await Promise.all(["getAllKeys", "getAll"].map((all) => new Promise((resolve) => {
      const request = store[all]();
      request.onsuccess = () => resolve(request.result);
    })));
    kept[name] = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  }
  database.close();
  return JSON.stringify(kept);
}"""


def kept(page: Page) -> str:
    """All that is on the disk of the phone, as text."""
    text: str = page.evaluate(EVERYTHING_KEPT)
    return text


def test_a_phone_says_who_could_enrol_it(village: Village, phone: Phone) -> None:
    driver = phone(village, enrolled=False)
    assert driver.status["phase"] == "not_enrolled"
    who = driver.call("signedIn")
    assert (who["person"], who["operator"]["name"]) == ("Médiatrice", "Tiers-lieu")
    driver.context.clear_cookies()
    assert driver.call("signedIn") == {"signIn": "/scanner/connexion/"}
    assert driver.call("enrol", {"label": "Téléphone"}) == {"signIn": "/scanner/connexion/"}


def test_a_phone_without_a_name_is_not_enrolled(village: Village, phone: Phone) -> None:
    driver = phone(village, enrolled=False)
    answer = driver.call("enrol", {"label": " "})
    assert answer["refused"]
    assert Device.objects.count() == 0


def test_an_enrolled_phone_knows_its_places_and_services(village: Village, phone: Phone) -> None:
    driver = phone(village)
    assert driver.status["device"] == {"label": "Téléphone", "operator": "Tiers-lieu", "person": "Médiatrice"}
    (venue,) = driver.call("choices")["venues"]
    (service,) = venue["services"]
    assert (venue["id"], service["code"]) == (village.scheme.venue.pk, village.scheme.service.code)
    assert (service["programmes"][0]["price"], service["programmes"][0]["refused"]) == (1, None)


def test_a_revoked_phone_is_wiped_but_for_what_was_never_sent(village: Village, phone: Phone) -> None:
    driver = phone(village)
    confirmed = driver.scan(village.code(1, 1))
    driver.cut()
    driver.scan(village.code(1, 2))
    device = Device.objects.get()
    revoke_device(by=SYSTEM, device=device)
    driver.connect()
    driver.wait_until("s.phase === 'revoked'")
    left = kept(driver.page)
    assert '"device"' not in left
    assert '"state":{' not in left
    assert confirmed["id"] not in left
    assert driver.status["waiting"] == 1
    assert driver.scan(village.code(1, 3))["reason"] == "device_not_ready"
    driver.enrol(village.context)
    driver.wait_until("!s.waiting")
    assert live_redemptions() == 2


def in_service() -> int:
    return Device.objects.filter(revoked_at=None).count()


def test_signing_out_ends_the_device(village: Village, phone: Phone) -> None:
    driver = phone(village)
    assert driver.call("signOut", {}) == {"done": True, "waiting": 0}
    driver.wait_until("s.phase === 'not_enrolled' && !s.leaving")
    device = Device.objects.get()
    assert (device.revoked_at is not None, device.revoked_by) == (True, village.mediator)


def test_signing_out_off_line_ends_the_device_when_the_network_returns(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    assert driver.call("signOut", {}) == {"done": True, "waiting": 0}
    assert (driver.status["phase"], driver.status["leaving"]) == ("not_enrolled", True)
    assert '"state":{' not in kept(driver.page)
    assert in_service() == 1
    driver.connect()
    driver.wait_until("!s.leaving")
    assert in_service() == 0
    assert "poincon_" not in kept(driver.page)


def test_signing_out_with_a_queue_warns_and_keeps_it(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    driver.scan(village.code(1, 2))
    assert driver.call("signOut", {}) == {"done": False, "waiting": 1}
    assert driver.status["phase"] == "ready"
    assert driver.call("signOut", {"anyway": True}) == {"done": True, "waiting": 1}
    assert (driver.status["phase"], driver.status["waiting"]) == ("not_enrolled", 1)
    driver.connect()
    driver.wait_until("!s.waiting && !s.leaving")
    assert (live_redemptions(), in_service()) == (1, 0)
    assert village.number(1) not in kept(driver.page)


def test_a_device_is_not_ended_while_its_queue_waits(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    driver.scan(village.code(1, 2))
    driver.call("signOut", {"anyway": True})
    driver.answering("scans", lambda route: route.fulfill(status=500, body="Erreur", content_type="text/plain"))
    driver.connect()
    driver.call("sync")
    assert (driver.status["waiting"], driver.status["leaving"], in_service()) == (1, True, 1)
    driver.leave_alone()
    driver.call("sync")
    driver.wait_until("!s.waiting && !s.leaving")
    assert (live_redemptions(), in_service()) == (1, 0)


def test_whoever_enrols_the_phone_again_sends_the_queue_and_one_device_is_left(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    driver.scan(village.code(1, 2))
    driver.call("signOut", {"anyway": True})
    driver.connect()
    driver.enrol(village.context, "Le même")
    driver.wait_until("!s.waiting && !s.leaving")
    assert live_redemptions() == 1
    assert Device.objects.get(revoked_at=None).label == "Le même"


def test_a_device_revoked_after_it_was_left_keeps_its_queue(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    driver.scan(village.code(1, 2))
    driver.call("signOut", {"anyway": True})
    revoke_device(by=SYSTEM, device=Device.objects.get())
    driver.connect()
    driver.wait_until("!s.leaving")
    assert driver.status["waiting"] == 1
    driver.enrol(village.context)
    driver.wait_until("!s.waiting")
    assert live_redemptions() == 1


def test_the_queue_of_a_structure_does_not_leave_with_another(
    village: Village, phone: Phone, live_server: LiveServer
) -> None:
    driver = phone(village)
    driver.cut()
    driver.scan(village.code(1, 2))
    driver.call("signOut", {"anyway": True})
    revoke_device(by=SYSTEM, device=Device.objects.get())
    driver.connect()
    other = make_user()
    make_membership(Role.MEDIATOR, make_village().scheme.operator, user=other)
    driver.context.clear_cookies()
    sign_in(driver.context, other, live_server.url)
    answer = driver.call("enrol", {"label": "Téléphone"})
    assert "1 poinçons de « Tiers-lieu »" in answer["refused"]
    assert driver.status["waiting"] == 1


def test_another_structure_gets_a_phone_whose_queue_could_leave(
    village: Village, phone: Phone, live_server: LiveServer
) -> None:
    driver = phone(village)
    driver.cut()
    driver.scan(village.code(1, 2))
    driver.call("signOut", {"anyway": True})
    other = make_user()
    make_membership(Role.MEDIATOR, make_village().scheme.operator, user=other)
    driver.context.clear_cookies()
    sign_in(driver.context, other, live_server.url)
    driver.connect()
    assert driver.call("enrol", {"label": "Téléphone"}) == {"done": True}
    driver.wait_until("!s.waiting && !s.leaving")
    assert (live_redemptions(), driver.today()) == (1, [])
    assert Device.objects.get(revoked_at=None).enrolled_by == other


def second_tab(driver: Driver) -> Driver:
    tab = Driver(driver.context.new_page())
    tab.page.goto("/scanner/")
    tab.open()
    return tab


def test_two_tabs_share_one_queue(village: Village, phone: Phone) -> None:
    first = phone(village)
    second = second_tab(first)
    first.cut()
    second.wait_until("!s.online")
    assert first.scan(village.code(1, 3))["outcome"] == "waiting"
    assert second.scan(village.code(1, 3))["reason"] == "already_used"
    assert second.scan(village.code(1, 4))["outcome"] == "waiting"
    first.settle()
    first.wait_until("!s.waiting")
    second.wait_until("!s.waiting")
    assert live_redemptions() == 2


@pytest.mark.parametrize("edge", ["a key made since", "a batch activated since"])
def test_a_booklet_newer_than_the_last_contact_waits(village: Village, phone: Phone, edge: str) -> None:
    driver = phone(village)
    driver.cut()
    if edge == "a key made since":
        keys.rotate(by=SYSTEM)
    batch = village.another_batch()
    answer = driver.scan(village.code(1, 3, batch=batch))
    assert (answer["outcome"], answer["verified"]) == ("waiting", False)
    driver.settle()
    assert driver.states() == ["confirmed"]


def test_a_key_revoked_before_the_last_contact_is_refused_off_line(village: Village, phone: Phone) -> None:
    driver = phone(village)
    keys.revoke(by=SYSTEM, identifier=village.batch.signing_key.identifier, reason="volée")
    driver.call("sync")
    driver.cut()
    assert driver.scan(village.code(1, 3))["reason"] == "revoked_key"


def test_a_key_revoked_since_the_last_contact_is_a_late_refusal(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    assert driver.scan(village.code(1, 3))["outcome"] == "waiting"
    keys.revoke(by=SYSTEM, identifier=village.batch.signing_key.identifier, reason="volée")
    driver.settle()
    (refused,) = driver.today()
    assert (refused["reason"], refused["late"]) == ("revoked_key", True)
