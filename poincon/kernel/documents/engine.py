"""Typst, seen from Python: one function that turns a template and its data into a PDF file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
"""What templates may read: the package itself, so `/kernel/documents/style.typ` is the shared style."""

FONTS = Path(__file__).parent / "fonts"

STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
"""PDF/A-2a (ISO 19005-2: archives, tagged) and PDF/UA-1 (ISO 14289-1: screen readers), both on every document."""

COLOURS = 32
"""Of a page seen on a screen: paper, ink, accent, and what lies between them on the edges of letters."""

REMEMBERED_COMPILATIONS = 11
"""Typst forgets what the last ten compilations did not use; one more empties its memory."""


class DocumentError(ValueError):
    """A document cannot be drawn: its data or its template is wrong. The message is in French, for the operator."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """In whose look a paper is issued: two colours (`#rrggbb`) that can be read on white, a drawing (SVG) or none."""

    ink: str
    accent: str
    logo_svg: str = ""


@cache
def fonts() -> typst.Fonts:
    """The fonts of the project only: the same page on every machine, whatever is installed there."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def render(
    template: Path,
    data: Mapping[str, Any],
    *,
    title: str,
    letterhead: Letterhead | None = None,
    lang: str = "fr",
    moment: datetime | None = None,
) -> bytes:
    """Compile a Typst template to a tagged PDF that is both PDF/A-2a and PDF/UA-1.

    `data` must be JSON (strings, numbers, lists, objects); the template reads it with `inputs()` of
    `/kernel/documents/style.typ` (imports start with `/`, which is the package). Text of `data` is never read as Typst
    markup. Without `letterhead`, the colours are those of the house. `moment` (aware) is the date written in the file:
    same data and moment, same bytes. Raises DocumentError.
    """
    moment = moment or datetime.now(UTC)
    if moment.tzinfo is None:
        raise DocumentError("La date d’un document doit porter un fuseau horaire.")
    inputs = {"data": json.dumps(data, ensure_ascii=False), "title": title, "lang": lang}
    inputs |= {key.replace("_", "-"): value for key, value in asdict(letterhead).items()} if letterhead else {}
    return bytes(_compiled(template, inputs, pdf_standards=STANDARDS, timestamp=int(moment.timestamp())))


def render_pictures(
    template: Path, data: Mapping[str, Any], *, title: str, lang: str = "fr", dots_per_inch: int
) -> list[bytes]:
    """The pages of the same document as PNG pictures, light enough to be loaded by a page. Raises DocumentError."""
    inputs = {"data": json.dumps(data, ensure_ascii=False), "title": title, "lang": lang}
    pages = _compiled(template, inputs, format="png", ppi=float(dots_per_inch))
    return [_light(page) for page in (pages if isinstance(pages, list) else [pages])]


def _light(png: bytes) -> bytes:
    """The same picture in the few colours of a document: a third of the bytes."""
    out = BytesIO()
    with Image.open(BytesIO(png)) as drawn:
        drawn.convert("RGB").quantize(COLOURS).save(out, "png", optimize=True)
    return out.getvalue()


def _compiled(template: Path, inputs: dict[str, str], **how: Any) -> Any:
    source: Any = template.read_bytes()
    try:
        return typst.compile(source, root=ROOT, font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs, **how)
    except typst.TypstError as error:
        raise DocumentError(f"Le document « {inputs['title']} » ne peut pas être composé : {error}") from error


@lru_cache(maxsize=64)
def picture(svg: str, *, height: int) -> bytes:
    """A drawing as a PNG of that height in points, twice as fine as a screen: mails show no SVG. Raises DocumentError.

    It is drawn by the same hand as on paper; what Typst cannot draw would not be printed either.
    """
    page = "#set page(width: auto, height: auto, margin: 0pt, fill: none)"
    source = f'{page}\n#image(bytes(sys.inputs.svg), format: "svg", height: {height}pt)'
    try:
        png = typst.compile(
            source.encode(),
            format="png",
            ppi=144.0,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"svg": svg},
        )
    except typst.TypstError as error:
        raise DocumentError(f"Ce dessin ne peut pas être tracé : {error}") from error
    return bytes(png)


def release_memory() -> None:
    """Empty the cache of Typst, which otherwise holds everything the last ten compilations drew (0.04 s).

    Call it between the parts of a long printing: memory stays flat and each part compiles as fast as the first.
    """
    for _ in range(REMEMBERED_COMPILATIONS):
        typst.compile(b"", font_paths=fonts(), ignore_system_fonts=True)
