"""Five thousand scans in the queue: a department's fair without network."""

from tests.browser.scanner.conftest import Phone
from tests.browser.scanner.village import live_redemptions, make_village, scans_kept

SIZE, BOOKLETS, SCANS = 60, 84, 5_000
#: All in one exchange with the page: what is tried is the engine, not the driving of it.
SCAN_ALL = """async (codes) => {
  const outcomes = {};
  for (const code of codes) {
    const { outcome } = await window.engine.scan(code);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return outcomes;
}"""
MINUTES = 60_000


def test_five_thousand_scans_wait_then_arrive_once_each(phone: Phone) -> None:
    village = make_village(quantity=BOOKLETS, size=SIZE, booklet_sizes=[SIZE], offline_max_passes=SCANS)
    driver = phone(village)
    driver.page.set_default_timeout(5 * MINUTES)
    codes = [village.code(rank, position) for rank in range(1, BOOKLETS + 1) for position in range(1, SIZE + 1)]
    driver.cut()
    assert driver.page.evaluate(SCAN_ALL, codes[:SCANS]) == {"waiting": SCANS}
    assert driver.scan(codes[SCANS])["reason"] == "offline_queue_full"
    driver.settle()
    assert (live_redemptions(), scans_kept()) == (SCANS, SCANS)
    assert driver.status["lateRefusals"] == 0
