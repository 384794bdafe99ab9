"""What a first visit to a page loads, compressed as a server sends it."""

import gzip
import re
from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

#: Promised in "Screens": outside the scanner, maps and charts.
LIMIT_KB = 150
STATIC = "/" + settings.STATIC_URL.lstrip("/")
#: Compressed already: gzip would only cost.
PACKED = (".woff2", ".png", ".jpg", ".webp")
LINKED = re.compile(r"""<(?:link|script|img|source)\b[^>]*?\b(?:href|src)=["']([^"']+)["'][^>]*>""")
IN_STYLE = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
#: Links that load nothing, and pictures that load when one scrolls to them.
IDLE = re.compile(r"""\b(?:rel=["'](?:alternate|canonical|help|next|prev|search)|loading=["']lazy)["']""")


def packed(content: bytes) -> int:
    """Bytes of this text once compressed."""
    return len(gzip.compress(content, compresslevel=6))


@cache
def static_bytes(path: str) -> int:
    """Bytes of a static file of ours on the wire. Raises LookupError when there is no such file."""
    name = path.removeprefix(STATIC)
    found = finders.find(name)
    if not isinstance(found, str):
        raise LookupError(f"{path} is not a static file")
    with open(found, "rb") as file:  # noqa: PTH123  what the finder gives is a string
        content = file.read()
    return len(content) if name.endswith(PACKED) else packed(content)


def is_static(path: str) -> bool:
    return path.startswith(STATIC)


def kilobytes(html: bytes, loaded: Iterable[str], *, fetch: Callable[[str], bytes] | None = None) -> float:
    """The weight of a page and of the files it loaded (their addresses or paths), in thousands of bytes.

    ``fetch`` gives a file of ours that is not static, by its path; without it, such a file is not counted.
    """
    paths = {urlsplit(urldefrag(address).url).path for address in loaded if not address.startswith(("data:", "blob:"))}
    total = packed(html) + sum(static_bytes(path) for path in paths if is_static(path))
    if fetch is not None:
        total += sum(packed(fetch(path)) for path in paths if not is_static(path))
    return total / 1000


def linked_files(html: str) -> set[str]:
    """The static files a page names, and those its style sheets name: what a browser loads at most."""
    named = {found[1] for found in LINKED.finditer(html) if not IDLE.search(found[0])}
    styles = {path for path in named if is_static(path) and urlsplit(path).path.endswith(".css")}
    return named | {inner for path in styles for inner in _inside(urlsplit(path).path)}


@cache
def _inside(style: str) -> frozenset[str]:
    found = finders.find(style.removeprefix(STATIC))
    if not isinstance(found, str):
        raise LookupError(f"{style} is not a static file")
    with open(found, encoding="utf-8") as file:  # noqa: PTH123  what the finder gives is a string
        inner = IN_STYLE.findall(file.read())
    return frozenset(urljoin(style, path) for path in inner if not path.startswith("data:"))
