"""Reads the guides as they are written in docs/guide/: plain Markdown, which any other reader shows too.

A heading carries its anchor before its words (``## <a id="remettre"></a>Remettre un chéquier``), so that the words may
change and links stay. Nothing else of HTML is read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from poincon.www.base.guides import guide_address

#: docs/guide, copied into the package when it is built: there is one copy to write in.
TEXTS = Path(__file__).parent / "texts"
#: Where pictures lie under ``TEXTS``, and under the static files (see STATICFILES_DIRS).
PICTURES, SERVED = "pictures", "guide"
ANCHOR = re.compile(r'^<a id="([a-z0-9-]+)"></a>')
OTHER_GUIDE = re.compile(r"^([a-z-]+)[.]md(?:#([a-z0-9-]+))?$")
#: What French keeps on one line with the word beside it.
GLUED = re.compile(r"(?<=«) | (?=[»:;?!%€])")
NO_BREAK_SPACE = "\u00a0"
#: Pictures are taken with more points than they are shown with (scripts/guide_pictures.py).
DENSITY = 1.25


@dataclass(frozen=True)
class Paragraph:
    """One entry of the table of contents."""

    anchor: str
    title: str


@dataclass(frozen=True)
class GuideText:
    """A guide ready to be shown. ``pictures``: the files it shows, each with what it says to whoever cannot see it."""

    slug: str
    title: str
    summary: str
    paragraphs: tuple[Paragraph, ...]
    pictures: tuple[tuple[str, str], ...]
    html: SafeString


def slugs() -> list[str]:
    """The guides that are written."""
    return sorted(path.stem for path in TEXTS.glob("*.md"))


@cache
def guide_text(slug: str) -> GuideText:
    """Read one guide. Raises FileNotFoundError when it is not written."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((TEXTS / f"{slug}.md").read_text(encoding="utf-8"))
    paragraphs = tuple(_anchored(tokens))
    inside = [child for token in tokens for child in token.children or ()]
    for token in inside:
        _dress(token)
    # The reader escapes whatever HTML the text holds: what is safe is what it wrote itself.
    html = mark_safe(reader.renderer.render(tokens[6:], reader.options, {}))  # noqa: S308
    pictures = tuple((Path(str(one.attrs["src"])).name, one.content) for one in inside if one.type == "image")
    return GuideText(slug, tokens[1].content, tokens[4].content, paragraphs, pictures, html)


def _anchored(tokens: Sequence[Token]) -> Iterator[Paragraph]:
    """Move the anchor of each heading from its words to its tag."""
    for heading, words in pairwise(tokens):
        found = ANCHOR.match(words.content) if heading.type == "heading_open" else None
        if found and words.children:
            heading.attrSet("id", found[1])
            words.children[0].content = words.children[0].content.removeprefix(found[0])
            yield Paragraph(found[1], words.content.removeprefix(found[0]))


def _dress(token: Token) -> None:
    if token.type == "text":
        token.content = GLUED.sub(NO_BREAK_SPACE, token.content)
    elif token.type == "link_open":
        token.attrSet("href", _address(str(token.attrs["href"])))
    elif token.type == "image":
        _show(token, Path(str(token.attrs["src"])).name)


def _address(written: str) -> str:
    other = OTHER_GUIDE.match(written)
    return guide_address(other[1], other[2] or "") if other else written


def _show(token: Token, name: str) -> None:
    """A picture takes its place before it is loaded, and is loaded only when it is scrolled to."""
    with Image.open(TEXTS / PICTURES / name) as picture:
        width, height = picture.size
    token.attrs |= {
        "src": static(f"{SERVED}/{name}"),
        "width": round(width / DENSITY),
        "height": round(height / DENSITY),
        "loading": "lazy",
    }
