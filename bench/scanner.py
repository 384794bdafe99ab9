"""The scanner on a five-year-old telephone: seconds from a code to its answer, and the weight of what it keeps.

    python -m bench.scanner [gestures]

A real Chromium whose processor is slowed down six times, on the real server. On line and off line: from the end of a
code (typed by a reader) to the answer drawn. Camera: from the touch that opens it to the answer, on a film of our own
printed paper; the reader of codes works in a thread of its own, which Chromium does not slow down.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.scratch import scratch_database

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright

    from tests.browser.scanner.village import Village

SLOWED = 6
#: "Screens": three seconds to punch a pass. An answer itself must not make one wait.
LIMIT_CAMERA_MS, LIMIT_ANSWER_MS = 3_000, 1_000
LIMIT_KB = 600
GESTURES, OPENINGS = 30, 4
PASSES = 10
PHONE = (390, 844)

#: Give each code as a reader does, and wait for the picture that shows its answer. → [[milliseconds, outcome], …]
PUNCH = """async codes => {
    const form = document.querySelector('[data-number-form]');
    const place = document.querySelector('[data-answer]');
    const drawn = () => new Promise(resolve => {
        const watcher = new MutationObserver(() => {
            if (!place.querySelector('.s-verdict')) return;
            watcher.disconnect();
            requestAnimationFrame(() => resolve(place.dataset.answered));
        });
        watcher.observe(place, { childList: true, attributes: true });
    });
    const told = [];
    for (const code of codes) {
        const answer = drawn();
        form.querySelector('input').value = code;
        const began = performance.now();
        form.requestSubmit();
        const outcome = await answer;
        told.push([performance.now() - began, outcome]);
    }
    return told;
}"""
#: Touch the button and wait: [milliseconds to the picture, milliseconds to the answer].
OPEN = """async () => {
    const until = async condition => { while (!condition()) await new Promise(requestAnimationFrame); };
    const began = performance.now();
    document.querySelector('[data-lens] [data-when=closed] [data-open]').click();
    await until(() => document.querySelector('[data-lens]').dataset.lens === 'open');
    const opened = performance.now() - began;
    await until(() => document.querySelector('.s-verdict'));
    return [opened, performance.now() - began];
}"""


def main(gestures: int = GESTURES) -> None:
    from playwright.sync_api import sync_playwright

    with scratch_database() as engine, _server() as address:
        from django.test.utils import override_settings

        from tests.browser.scanner.village import make_village

        village = make_village(quantity=-(-2 * (gestures + 2) // PASSES) + 1, referent="Claire Moreau")
        print(f"\nScanner on {engine}, processor slowed down {SLOWED} times")
        with override_settings(ALLOWED_HOSTS=["*"]), sync_playwright() as playwright:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            kept = [*_answers(playwright, address, village, gestures), *_camera(playwright, address, village)]
        kept.append(_compare("kept on the telephone", _kilobytes(), LIMIT_KB, "kB"))
    if not all(kept):
        sys.exit("a limit is passed")


@contextmanager
def _server() -> Iterator[str]:
    """The site, in a thread, on the scratch database."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


def _answers(playwright: "Playwright", address: str, village: "Village", gestures: int) -> Iterator[bool]:
    """Each pass once: first on line, then off line."""
    places = [(2 + index // PASSES, 1 + index % PASSES) for index in range(2 * gestures + 2)]
    codes = [village.code(rank, position) for rank, position in places]
    with _telephone(playwright, address, village) as page:
        _slow(page)
        page.evaluate(PUNCH, codes[:1])
        yield _report("on line", "accepted", page.evaluate(PUNCH, codes[1 : gestures + 1]))
        page.context.set_offline(True)
        # The first one discovers that there is no network.
        page.evaluate(PUNCH, codes[gestures + 1 : gestures + 2])
        yield _report("off line", "waiting", page.evaluate(PUNCH, codes[gestures + 2 :]))


def _camera(playwright: "Playwright", address: str, village: "Village") -> Iterator[bool]:
    from django.utils import timezone

    from tests.browser.paper import film, scene, slips

    paper = slips(village.batch, moment=timezone.now())
    told = []
    with tempfile.TemporaryDirectory() as folder:
        for opening in range(OPENINGS):
            path = film(Path(folder) / "camera.y4m", [scene(paper[opening + 1])])
            with _telephone(playwright, address, village, camera=path) as page:
                _slow(page)
                told.append(page.evaluate(OPEN))
    opened, answered = ([one[index] for one in told] for index in (0, 1))
    print(f"  {'camera: to the picture':<26} {statistics.median(opened):7.0f} ms median")
    yield _compare("camera: to the answer", max(answered), LIMIT_CAMERA_MS, "ms, slowest")


@contextmanager
def _telephone(
    playwright: "Playwright", address: str, village: "Village", *, camera: Path | None = None
) -> Iterator["Page"]:
    """The scanner of the mediator, enrolled, ready to punch; with this film as its camera."""
    from playwright.sync_api import ViewportSize

    from scripts.test_tools import chromium
    from tests.browser.conftest import ARGUMENTS

    filmed = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = [*filmed, f"--use-file-for-fake-video-capture={camera}"] if camera else []
    browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *arguments])
    context = browser.new_context(base_url=address, viewport=ViewportSize(width=PHONE[0], height=PHONE[1]))
    context.add_cookies([{"name": "sessionid", "value": _session(village), "url": address}])
    page = context.new_page()
    page.goto("/scanner/")
    page.locator("form[data-start] button").click()
    page.locator("[data-view-name=punch]").wait_for()
    yield page
    browser.close()


def _session(village: "Village") -> str:
    from django.test import Client

    client = Client()
    client.force_login(village.mediator)
    return str(client.cookies["sessionid"].value)


def _slow(page: "Page") -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})


def _report(name: str, outcome: str, told: Sequence[Sequence[Any]]) -> bool:
    others = {one for _, one in told if one != outcome}
    if others:
        sys.exit(f"{name}: {', '.join(sorted(others))} instead of {outcome}")
    times = sorted(milliseconds for milliseconds, _ in told)
    p95 = times[max(0, round(len(times) * 0.95) - 1)]
    print(f"  {name + ': to the answer':<26} {statistics.median(times):7.0f} ms median, {len(times)} codes")
    return _compare(f"{name}: to the answer", p95, LIMIT_ANSWER_MS, "ms, 95th percentile")


def _kilobytes() -> float:
    """What the telephone keeps to open without a network, as it travels, and the worker that keeps it."""
    from django.test import Client

    from poincon.www.scanner.files import scanner_files
    from tests.weight import packed, static_bytes

    pages = ("/scanner/", "/scanner/decodeur.js", "/scanner/service-worker.js", "/scanner/manifest.webmanifest")
    files = sum(static_bytes(file.address) for file in scanner_files())
    client = Client(headers={"Host": "localhost"})
    return (files + sum(packed(client.get(page).content) for page in pages)) / 1000


def _compare(name: str, found: float, limit: float, unit: str) -> bool:
    print(f"  {name:<26} {found:7.0f} {unit}, limit {limit:,} → {found / limit:.2f}".replace(",", " "))
    return found <= limit


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
