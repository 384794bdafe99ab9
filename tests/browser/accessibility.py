"""axe-core in the page: nothing found at the level we promise (WCAG 2.1 AA, RGAA 4); and what axe does not measure."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4", "best-practice"]
#: What changes with the colours of the page, and with nothing else.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """([what, outside]) => axe.run(
    outside ? {exclude: [outside]} : document, {runOnly: what, resultTypes: ['violations'], preload: false}
)"""
#: WCAG 2.1, 2.5.5, which we hold everywhere: what a finger aims at is 44 pixels high and wide. Exempt, as there: links
#: in a sentence, and what the browser itself draws. A box is aimed at through its label too. A link as high as that may
#: be as narrow as its word, down to the 24 pixels of WCAG 2.2.
SMALL = """pixels => {
    const wanted = 'a[href], button, select, textarea, summary, input:not([type=hidden]), [role=button], [role=tab]';
    const seen = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
    const inSentence = element => element.tagName === 'A'
        && getComputedStyle(element).display === 'inline'
        && [...element.parentElement.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && node.textContent.trim().length > 1
        );
    const room = element => [element, ...(element.labels ?? [])]
        .map(one => one.getBoundingClientRect())
        .reduce((all, box) => ({
            width: Math.max(all.width, box.width), height: Math.max(all.height, box.height)
        }), {width: 0, height: 0});
    return [...document.querySelectorAll(wanted)]
        .filter(element => seen(element) && !inSentence(element) && !element.closest('.skip-link'))
        .map(element => [element, room(element)])
        .filter(([element, box]) => box.width > 1
            && (Math.round(box.height) < pixels || Math.round(box.width) < (element.tagName === 'A' ? 24 : pixels)))
        .map(([element, box]) => [Math.round(box.width), Math.round(box.height), element.outerHTML.slice(0, 100)])
        .map(([width, height, html]) => `${width} × ${height}: ${html}`);
}"""


def violations(page: Page, *, outside: str = "", only: list[str] | None = None) -> list[str]:
    """What axe finds, one line per element at fault.

    ``outside``: a selector of what is not ours to repair. ``only``: these rules, instead of all those of our levels.
    """
    # A click returns when the next page begins: what is judged is a whole page.
    page.wait_for_load_state()
    # The content policy of our pages refuses a script added to them: the browser itself is asked to run axe.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    what = {"type": "rule", "values": only} if only else {"type": "tag", "values": LEVELS}
    found = page.evaluate(RUN, [what, outside])
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def small_targets(page: Page, *, pixels: int = 44) -> list[str]:
    """What stands alone and is too small for a finger."""
    page.wait_for_load_state()
    return list(page.evaluate(SMALL, pixels))
