"""What an address sends to a browser: a page or not, and its shape. The contact sheet asks it too."""

import re
from hashlib import blake2b

from playwright.sync_api import APIResponse, BrowserContext

TAG = re.compile(r"<[a-z!/][^>]*>")
MAIN = re.compile(rb"<main\b.*</main>", re.DOTALL)
VALUE = re.compile(r"""(?:value|content|href|action|id|for|src|aria-describedby)="[^"]*"|\d+""")


def shape_of(html: bytes) -> bytes:
    """What makes two pages look alike to axe: their tags, not their words."""
    return blake2b("".join(VALUE.sub("", tag) for tag in TAG.findall(html.decode())).encode()).digest()


def content_and_surroundings(html: bytes) -> tuple[bytes, bytes]:
    """What the page is about, and the menus, the path, the foot around it; all of it when nothing is marked."""
    found = MAIN.search(html)
    return (found.group(), html[: found.start()] + html[found.end() :]) if found else (html, b"")


def page_sent(context: BrowserContext, url: str) -> bytes | None:
    """The whole page that answers at this address; None for a redirection, a file, a piece of page, a method refused.

    Permission tests say what each address must answer; here only pages are looked at.
    """
    answer = context.request.get(url, max_redirects=0)
    body = answer.body()
    assert answer.status < 500, f"{url} breaks: {body[:500]!r}"
    return body if answer.ok and is_page(answer, body) else None


def is_page(answer: APIResponse, body: bytes) -> bool:
    html = answer.headers.get("content-type", "").startswith("text/html")
    return html and b"<html" in body and "content-disposition" not in answer.headers
