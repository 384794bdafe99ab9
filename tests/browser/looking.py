"""One look at one page: both widths, both themes, zoomed, without scripts, as a finger and as a slow network see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.accessibility import OF_COLOURS, scrolls_sideways, small_targets, violations
from tests.browser.sent import content_and_surroundings, page_sent, shape_of
from tests.serving import Site, Stop, databases
from tests.site_map import Address
from tests.weight import LIMIT_KB, kilobytes

PHONE, DESK = (390, 844), (1366, 768)
#: A desk at 200 %, and the narrowest that must lose nothing (WCAG 2.1, 1.4.4 and 1.4.10).
ZOOMED, NARROW = (683, 384), (320, 640)
#: What a screen shows with scripts only: the scanner, a map, a chart. Nothing else may miss without them.
NEEDS_SCRIPTS = "[data-needs-scripts], [data-map]"
#: Drawn anew each time it is shown.
CHANGES = ".secret"
#: The first form of the page that a person fills.
TYPED = "input:not([type=hidden], [type=checkbox], [type=radio], [type=submit]), textarea"
FILLED = f"[...document.querySelectorAll('main form[method=post]')].find(form => form.querySelector('{TYPED}'))"
#: Empty it and send it, past the checks of the browser and the scripts of the page.
SEND_EMPTY = f"""form => {{
    form.querySelectorAll('{TYPED}').forEach(field => {{ field.value = ''; }});
    HTMLFormElement.prototype.submit.call(form);
}}"""
#: What the first screen loaded. A lazy picture further down comes when one scrolls to it, or earlier: how early is the
#: choice of the browser, which looks at the network of the moment.
LOADED = """() => {
    const further = new Set(
        [...document.querySelectorAll('img[loading=lazy]')]
            .filter(picture => picture.getBoundingClientRect().top > innerHeight)
            .map(picture => picture.src)
    );
    return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !further.has(name));
}"""
#: What can be read, line by line; what needs scripts, left out.
READ = """selector => {
    const page = document.querySelector('main') ?? document.body;
    const hidden = [...page.querySelectorAll(selector)];
    hidden.forEach(element => { element.hidden = true; });
    const text = page.innerText;
    hidden.forEach(element => { element.hidden = false; });
    return text.split('\\n').map(line => line.trim()).filter(Boolean);
}"""


@dataclass
class Seen:
    """The shapes already looked at: of what pages are about, address by address; of what stands around it."""

    contents: set[tuple[str, bytes]] = field(default_factory=set)
    surroundings: set[bytes] = field(default_factory=set)

    def is_new(self, stop: Stop, html: bytes) -> bool:
        """Whether this page shows anything not seen yet: two operators read the same list once, each has her menu."""
        content, around = map(shape_of, content_and_surroundings(html))
        known = (stop.name, content) in self.contents and around in self.surroundings
        self.contents.add((stop.name, content))
        self.surroundings.add(around)
        return not known


@dataclass
class Eye:
    """A browser's page in front of a site, what it complained of, and the shapes it has seen."""

    site: Site
    page: Page
    #: The same browser without scripts.
    plain: Page
    faults: list[str] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)

    def listen(self) -> None:
        """Keep every complaint: errors of the console and of scripts (content policy included), foreign requests."""
        for page in (self.page, self.plain):
            page.on("console", lambda message: self._complain(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: self._complain(str(error)))
            page.on("request", lambda request: self._watch(request.url))

    def _watch(self, url: str) -> None:
        if not url.startswith((self.site.url, "data:", "blob:", "about:")):
            self._complain(f"foreign request: {url}")

    def _complain(self, what: str) -> None:
        self.faults.append(what)

    def sign_in(self, stop: Stop) -> None:
        """Be this person, and nobody that was before."""
        for context in {self.page.context, self.plain.context}:
            context.clear_cookies()
            if stop.cookie:
                context.add_cookies([{"name": "sessionid", "value": stop.cookie, "url": self.site.url}])

    def look(self, stop: Stop) -> list[str]:
        """Everything wrong with this page, one line each; nothing when it is not a page, or one already seen."""
        self.sign_in(stop)
        html = page_sent(self.page.context, self.site.url + stop.path)
        if html is None or not self.seen.is_new(stop, html):
            return []
        self.faults.clear()
        found = list(self._everything(stop, html))
        return [f"{stop.path} as {stop.person}: {fault}" for fault in [*found, *self.faults]]

    def look_everywhere(self, address: Address) -> list[str]:
        """The same, for everybody who may open this address, and for all that it shows."""
        stops = [stop for stop in self.site.stops if (stop.route, stop.name) == (address.route, address.name)]
        return [fault for stop in stops for fault in self.look(stop)]

    def _fetch(self, path: str) -> bytes:
        return self.page.context.request.get(self.site.url + path).body()

    def _everything(self, stop: Stop, html: bytes) -> Iterator[str]:
        page = self.page
        resize(page, DESK)
        dress(page, "light")
        page.goto(self.site.url + stop.path)
        weight = kilobytes(html, page.evaluate(LOADED), fetch=self._fetch)
        if weight > LIMIT_KB and not page.locator(NEEDS_SCRIPTS).count():
            yield f"{weight:.0f} kB at the first load, {LIMIT_KB} at most"
        headings = page.locator("h1").count()
        if headings != 1:
            yield f"{headings} main headings (h1) instead of one"
        yield from self._at_a_desk()
        yield from self._on_a_phone()
        for size in (ZOOMED, NARROW):
            resize(page, size)
            if scrolls_sideways(page):
                yield f"scrolls sideways at {size[0]} pixels"
        yield from self._without_scripts(stop)
        yield from self._sent_empty(stop)

    def _at_a_desk(self) -> Iterator[str]:
        for fault in violations(self.page):
            yield f"desk, light: {fault}"
        dress(self.page, "dark")
        for fault in violations(self.page, only=OF_COLOURS):
            yield f"desk, dark: {fault}"

    def _on_a_phone(self) -> Iterator[str]:
        resize(self.page, PHONE)
        for fault in violations(self.page):
            yield f"phone, dark: {fault}"
        dress(self.page, "light")
        for fault in violations(self.page, only=OF_COLOURS):
            yield f"phone, light: {fault}"
        if scrolls_sideways(self.page):
            yield "scrolls sideways on a phone"
        for target in small_targets(self.page):
            yield f"phone: too small for a finger, {target}"

    def _without_scripts(self, stop: Stop) -> Iterator[str]:
        resize(self.page, DESK)
        self.plain.goto(self.site.url + stop.path)
        readable = set(self.plain.evaluate(READ, f"{NEEDS_SCRIPTS}, {CHANGES}"))
        for line in self.page.evaluate(READ, f"{NEEDS_SCRIPTS}, {CHANGES}"):
            if line not in readable:
                yield f"cannot be read without scripts: “{line}”"

    def _sent_empty(self, stop: Stop) -> Iterator[str]:
        """The page that answers a form left empty: errors too are for everybody."""
        form = self.page.evaluate_handle(FILLED).as_element()
        if form is None:
            return
        resize(self.page, PHONE)
        with self.page.expect_navigation():
            form.evaluate(SEND_EMPTY)
        for fault in violations(self.page):
            yield f"form sent empty: {fault}"
        if scrolls_sideways(self.page):
            yield "form sent empty: scrolls sideways on a phone"
        self.site.restore()


@contextmanager
def opened_eye(browser: Browser, kind: str, folder: Path) -> Iterator[Eye]:
    """An eye in front of a site of this kind, which writes in ``folder``."""
    site = Site(kind, databases=databases(), folder=folder)
    contexts = [browser.new_context(locale="fr-FR", java_script_enabled=scripts) for scripts in (True, False)]
    eye = Eye(site, contexts[0].new_page(), contexts[1].new_page())
    eye.listen()
    yield eye
    for context in contexts:
        context.close()
    site.close()


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))


def dress(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show the page in this theme, transitions over: half way, no colour is the right one."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("document.getAnimations().forEach(animation => animation.cancel())")
