"""Wrong clocks, days that pass off line, disks that are full."""

from datetime import timedelta

import pytest
from django.utils import timezone

from poincon.passes.models import Batch, Scan
from poincon.programmes.services import suspend
from tests.browser.scanner.conftest import Phone
from tests.browser.scanner.driving import Driver
from tests.browser.scanner.village import Village, make_village
from tests.factories import SYSTEM

DAY = 24 * 3600
#: A clock that the test moves, by seconds.
MOVE = """(seconds) => {
  window.RealDate ??= Date;
  const Real = window.RealDate;
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + seconds * 1000); }
    static now() { return Real.now() + seconds * 1000; }
  };
}"""


def move_clock(driver: Driver, seconds: float) -> None:
    driver.page.evaluate(MOVE, seconds)


def off_by() -> timedelta:
    """How far from now the scan of the database says it happened."""
    return abs(Scan.objects.get().occurred_at - timezone.now())


@pytest.mark.parametrize("seconds", [DAY, -DAY])
@pytest.mark.parametrize("network", ["on line", "off line"])
def test_a_clock_one_day_wrong_is_put_right(village: Village, phone: Phone, seconds: int, network: str) -> None:
    driver = phone(village)
    move_clock(driver, seconds)
    driver.call("sync")
    assert driver.status["clock"] == {"wrong": True, "seconds": pytest.approx(seconds, abs=5)}
    if network == "off line":
        driver.cut()
    driver.scan(village.code(1, 3))
    if network == "off line":
        driver.settle()
    assert driver.states() == ["confirmed"]
    assert off_by() < timedelta(minutes=1)


@pytest.mark.parametrize("seconds", [DAY, -DAY])
def test_a_clock_that_goes_wrong_off_line_is_put_right(village: Village, phone: Phone, seconds: int) -> None:
    driver = phone(village)
    driver.cut()
    move_clock(driver, seconds)
    driver.scan(village.code(1, 3))
    driver.settle()
    assert driver.states() == ["confirmed"]
    assert off_by() < timedelta(minutes=1)


def test_a_clock_that_the_network_puts_right_dates_what_came_before(village: Village, phone: Phone) -> None:
    driver = phone(village)
    move_clock(driver, DAY)
    driver.call("sync")
    driver.cut()
    driver.scan(village.code(1, 3))
    move_clock(driver, 0)
    driver.settle()
    assert driver.states() == ["confirmed"]
    assert off_by() < timedelta(minutes=1)


def test_a_pass_that_expires_off_line_is_refused(phone: Phone) -> None:
    village = make_village(offline_max_days=7)
    today = timezone.localdate()
    Batch.objects.update(valid_until=today + timedelta(days=1), grace_days=1)
    driver = phone(village)
    driver.cut()
    move_clock(driver, 3 * DAY)
    answer = driver.scan(village.code(1, 3))
    assert answer["reason"] == "expired"
    assert answer["sentence"].startswith("Ce pass était valable jusqu’au ")


def test_too_long_without_network_stops_the_device(phone: Phone) -> None:
    driver = phone(village := make_village(offline_max_days=2))
    driver.cut()
    move_clock(driver, 3 * DAY)
    assert driver.scan(village.code(1, 3))["reason"] == "offline_too_long"


def test_a_programme_suspended_while_off_line_is_a_late_refusal(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.cut()
    assert driver.scan(village.code(1, 3))["outcome"] == "waiting"
    today = timezone.localdate()
    suspend(
        by=SYSTEM,
        programme=village.scheme.programme,
        first_day=today - timedelta(days=1),
        last_day=today + timedelta(days=1),
        reason="pandémie",
        moves_validity=False,
    )
    driver.settle()
    (refused,) = driver.today()
    assert (refused["reason"], refused["late"]) == ("programme_suspended", True)
    assert driver.scan(village.code(1, 4))["reason"] == "programme_suspended"


def test_what_is_older_than_three_days_leaves_the_device(village: Village, phone: Phone) -> None:
    driver = phone(village)
    driver.scan(village.code(1, 3))
    driver.page.evaluate("() => { window.engine.core.clock = { offset: 4 * 86400000, contact: 0 }; }")
    driver.page.evaluate("() => window.engine.core.forget()")
    assert driver.page.evaluate("() => window.engine.core.records.size") == 0


#: Fills the disk of the site, by smaller and smaller pieces, until not even a small one is taken.
FILL = """async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("ballast");
    request.onupgradeneeded = () => request.result.createObjectStore("ballast", { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
  });
  const put = (size) => new Promise((resolve) => {
    const transaction = database.transaction("ballast", "readwrite");
    transaction.objectStore("ballast").put(new Uint8Array(size).map(() => Math.random() * 256));
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
  });
  for (const size of [200_000, 20_000, 2_000, 200]) {
    for (let tries = 0; tries < 50 && await put(size); tries += 1);
  }
  database.close();
}"""
QUOTA = 1_000_000


def test_a_full_disk_says_so_and_punches_nothing(village: Village, phone: Phone) -> None:
    driver = phone(village, enrolled=False)
    session = driver.context.new_cdp_session(driver.page)
    origin = driver.page.evaluate("() => location.origin")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": QUOTA})
    driver.enrol(village.context)
    driver.cut()
    driver.scan(village.code(1, 1))
    driver.page.evaluate(FILL)
    answer = driver.scan(village.code(1, 2))
    assert (answer["outcome"], answer["reason"]) == ("refused", "storage_full")
    assert driver.status["storage"] == {"low": True}
    assert driver.status["waiting"] == 1
