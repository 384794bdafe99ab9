"""Our own printed booklets in front of a camera: the real PDF, in pictures, laid on a table, filmed."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from poincon.passes import keys
from poincon.passes.documents.booklets import booklet_pdf
from poincon.passes.documents.layout import CODE_MM, Layout
from poincon.passes.models import Batch
from poincon.passes.services.printing import Contents, scheme_of

DOTS_PER_MM = 12
POINTS_PER_MM = 72 / 25.4
#: What is cut around a code, in millimetres from its middle: no neighbour of the sheet shows (50 mm between two).
AROUND_MM = 30
TABLE = (120, 104, 88)
FILM_SIZE = (1280, 720)
#: Enough for a reader to look several times at each; few, because a picture of a film is not compressed.
PICTURES_A_SECOND = 4

Size = tuple[int, int]


@dataclass(frozen=True)
class Slip:
    """One code cut out of the paper: what it says, and its picture, ``DOTS_PER_MM``."""

    text: str
    picture: Image.Image


def slips(batch: Batch, *, moment: datetime, rank: int = 1) -> list[Slip]:
    """The codes of a booklet as it is printed: its cover, then each pass in order."""
    content = Contents(batch, key=keys.signer(batch.signing_key))[rank - 1]
    pdf = booklet_pdf([content], scheme=scheme_of(batch.programme), layout=Layout(), moment=moment)
    found = {code.text: _cut(page, code) for page in _pages(pdf) for code in _codes(page)}
    return [Slip(text, found[text]) for text in content.codes]


def _pages(pdf: bytes) -> Iterable[Image.Image]:
    for page in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        yield page.render(scale=DOTS_PER_MM / POINTS_PER_MM).to_pil().convert("RGB")


def _codes(page: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(np.asarray(page), formats=zxingcpp.barcode_formats_from_str("QRCode")))


def _cut(page: Image.Image, code: zxingcpp.Barcode) -> Image.Image:
    corners = [code.position.top_left, code.position.bottom_right, code.position.top_right, code.position.bottom_left]
    x, y = (sum(getattr(corner, axis) for corner in corners) / 4 for axis in ("x", "y"))
    half = AROUND_MM * DOTS_PER_MM
    return page.crop((max(0, round(x - half)), max(0, round(y - half)), round(x + half), round(y + half)))


@dataclass(frozen=True)
class Light:
    """How badly a slip is seen. ``code_pixels``: width of the code in the picture; angles in degrees."""

    code_pixels: int = 230
    angle: float = 0
    blur: float = 0
    brightness: float = 1
    noise: float = 3
    glare: bool = False
    crumpled: float = 0
    on_a_screen: bool = False


def scene(slip: Slip | None, light: Light | None = None, *, size: Size = FILM_SIZE) -> Image.Image:
    """What a camera sees: the slip in the middle of a table; the table alone without one."""
    light = light or Light()
    picture = Image.new("RGB", size, TABLE)
    if slip is not None:
        paper = _laid(slip.picture, light)
        picture.paste(paper, ((size[0] - paper.width) // 2, (size[1] - paper.height) // 2), _shape(paper))
    if light.glare:
        picture = _shone_upon(picture)
    picture = picture.filter(ImageFilter.GaussianBlur(light.blur)) if light.blur else picture
    return _grain(ImageEnhance.Brightness(picture).enhance(light.brightness), light.noise)


def _laid(paper: Image.Image, light: Light) -> Image.Image:
    scale = light.code_pixels / (CODE_MM * DOTS_PER_MM)
    smaller = paper.resize((round(paper.width * scale), round(paper.height * scale)), Image.Resampling.BOX)
    if light.crumpled:
        smaller = _crumple(smaller, light.crumpled)
    if light.on_a_screen:
        smaller = _lit(smaller)
    return smaller.convert("RGBA").rotate(light.angle, Image.Resampling.BICUBIC, expand=True)


def _shape(paper: Image.Image) -> Image.Image:
    return paper.getchannel("A")


def _crumple(paper: Image.Image, pixels: float) -> Image.Image:
    """Waves of this height across the paper, as after a week in a pocket; creases are darker."""
    values = np.asarray(paper)
    rows, columns = np.indices(values.shape[:2])
    height, width = values.shape[:2]
    waves = np.sin(columns / width * 9) + np.sin(rows / height * 7)
    moved_rows = np.clip(rows + pixels * waves, 0, height - 1).astype(int)
    moved_columns = np.clip(columns + pixels * np.sin(rows / height * 11), 0, width - 1).astype(int)
    shade = (1 - 0.12 * (waves > 1.2))[..., None]
    return Image.fromarray((values[moved_rows, moved_columns] * shade).astype(np.uint8))


def _lit(paper: Image.Image) -> Image.Image:
    """As another telephone shows it: blue white, no true black, a grid of lines."""
    values = np.asarray(paper).astype(float) * [0.78, 0.84, 0.95] + 38
    values[::4] *= 0.9
    values[:, ::4] *= 0.93
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _shone_upon(picture: Image.Image) -> Image.Image:
    """A lamp reflected beside the middle of the code: white where its corner should be."""
    width, height = picture.size
    lamp = Image.new("L", picture.size, 0)
    x, y = width // 2 + 40, height // 2 + 30
    ImageDraw.Draw(lamp).ellipse((x - 34, y - 22, x + 34, y + 22), fill=235)
    lamp = lamp.filter(ImageFilter.GaussianBlur(9))
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, lamp)


def _grain(picture: Image.Image, noise: float) -> Image.Image:
    values = np.asarray(picture).astype(float)
    grain = np.random.default_rng(7).normal(0, noise, values.shape[:2])[..., None]
    return Image.fromarray((values + grain).clip(0, 255).astype(np.uint8))


def film(path: Path, pictures: Sequence[Image.Image]) -> Path:
    """A film that Chromium plays as its camera, again and again (YUV4MPEG2, 4:2:0)."""
    width, height = pictures[0].size
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{PICTURES_A_SECOND}:1 Ip A1:1\n".encode())
        for picture in pictures:
            file.write(b"FRAME\n")
            light, blue, red = picture.convert("YCbCr").split()
            file.write(light.tobytes())
            for colour in (blue, red):
                file.write(colour.resize((width // 2, height // 2), Image.Resampling.BOX).tobytes())
    return path
