"""axe-core in the page: nothing found at the level we promise (WCAG 2.1 AA, the base of RGAA 4.1)."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def violations(page: Page, *, outside: str = "") -> list[str]:
    """What axe finds, one line per element at fault. ``outside``: a selector of what is not ours to repair."""
    # The content policy of our pages refuses a script added to them: the browser itself is asked to run axe.
    page.evaluate(AXE)
    found = page.evaluate(
        "([levels, outside]) => axe.run(outside ? {exclude: [outside]} : document, {runOnly: levels})",
        [LEVELS, outside],
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def small_targets(page: Page, *, pixels: int = 44) -> list[str]:
    """The buttons, fields and links that stand alone, too low for a finger. Links inside a sentence are exempt."""
    script = """pixels => [
            ...document.querySelectorAll('button, .btn, nav a, input:not([type=hidden], [type=checkbox])')
        ]
        .filter(element => element.offsetParent && element.getBoundingClientRect().height < pixels)
        .map(element => element.outerHTML.slice(0, 100))"""
    return list(page.evaluate(script, pixels))
