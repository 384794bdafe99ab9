"""The drawing of a programme. Whatever is given becomes an SVG text that runs nothing and fetches nothing.

A PNG is decoded and written again by Pillow (nothing hidden in the file survives), then carried by an SVG: pages and
papers know one kind of drawing. An SVG is read element by element.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from PIL import Image, UnidentifiedImageError

from poincon.kernel.documents import DocumentError, picture

LONGEST_SVG = 200_000
HEAVIEST_FILE = 2 * 1024 * 1024
#: A larger picture would fill the memory of the server once decoded.
MOST_PIXELS = 25_000_000
#: Wide enough for 60 mm of paper at 300 dots an inch; smaller ones when the file stays too heavy.
WIDTHS = (720, 480, 320)
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE_ELEMENTS = {"script", "foreignObject", "iframe", "embed", "object", "audio", "video", "style"}


class LogoError(ValueError):
    """Why a drawing cannot be taken. ``args[0]`` is a key of the sentences of programmes.services.theme."""


def safe_logo(data: bytes) -> str:
    """The drawing as an SVG text. Raises LogoError: too_heavy, not_a_picture, unsafe, undrawable."""
    if len(data) > HEAVIEST_FILE:
        raise LogoError("too_heavy")
    svg = _carried(data) if data.startswith(_PNG) else _text(data)
    if len(svg) > LONGEST_SVG:
        raise LogoError("too_heavy")
    if not is_harmless_svg(svg):
        raise LogoError("unsafe")
    try:
        picture(svg, height=48)
    except DocumentError as error:
        raise LogoError("undrawable") from error
    return svg


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise LogoError("not_a_picture") from error
    if "<svg" not in text:
        raise LogoError("not_a_picture")
    return text


def _carried(data: bytes) -> str:
    """A PNG written again, inside an SVG of the same size."""
    for written, (width, height) in _written_again(data):
        link = f"data:image/png;base64,{b64encode(written).decode()}"
        if len(link) < LONGEST_SVG - 500:
            size = f'width="{width}" height="{height}"'
            return (
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">'
                f'<image {size} href="{link}"/></svg>'
            )
    raise LogoError("too_heavy")


def _written_again(data: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise LogoError("too_heavy")
            image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise error if isinstance(error, LogoError) else LogoError("not_a_picture") from error
    for width in WIDTHS:
        image.thumbnail((width, width))
        for written in (image, image.quantize(256)):
            out = BytesIO()
            written.save(out, "PNG", optimize=True)
            yield out.getvalue(), image.size


def is_harmless_svg(svg: str) -> bool:
    """Whether a drawing can be put into our pages and papers: nothing that runs, nothing fetched from elsewhere."""
    # A document type may define entities that explode when read; an instruction after the first may name a style sheet.
    if "<!" in svg.replace("<!--", "") or "<?" in svg.lstrip()[2:]:
        return False
    try:
        root = ET.fromstring(svg)  # noqa: S314  document types were refused just above
    except ET.ParseError:
        return False
    return root.tag == f"{_SVG}svg" and all(_is_harmless(element) for element in root.iter())


def _is_harmless(element: ET.Element) -> bool:
    if not element.tag.startswith(_SVG) or element.tag.removeprefix(_SVG) in _ACTIVE_ELEMENTS:
        return False
    return all(_is_harmless_attribute(name.rpartition("}")[2], value) for name, value in element.attrib.items())


def _is_harmless_attribute(name: str, value: str) -> bool:
    if name.lower().startswith("on"):
        return False
    if name == "href":
        return value.startswith(("#", "data:image/png", "data:image/jpeg"))
    return not re.search(r"url\((?!\s*['\"]?#)|javascript:", value, re.IGNORECASE)
