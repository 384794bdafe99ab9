"""QR codes as vector drawings: sharp on any printer, never smoothed by a viewer."""

import re
from typing import Any

import zxingcpp

from poincon.kernel.documents.engine import DocumentError

ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
"""The QR alphanumeric mode (ISO/IEC 18004): 5.5 bits a character; anything else makes a larger, denser code."""

MINIMUM_MODULE_MM = 0.5
MAXIMUM_CODE_MM = 28.0

_LETTERS = bytes([ord("D")]) + bytes([ord("L")]) * 255
"""Dark modules are 0 in the image, light ones 255."""


class UnprintableCodeError(DocumentError):
    """The text cannot be printed as a code that a cheap phone reads. The message is in French."""


def code_svg(text: str, *, width_mm: float) -> str:
    """Draw `text` as a QR code, level M, without its quiet zone, to be printed `width_mm` wide (millimetres).

    Raises UnprintableCodeError when the text is not alphanumeric, or needs modules under 0.5 mm at that width.
    """
    if not ALPHANUMERIC.fullmatch(text):
        raise UnprintableCodeError("Un code imprimé ne contient que des majuscules, des chiffres et $%*+-./: .")
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = symbol.to_image(scale=1, add_quiet_zones=False)
    side = int(image.shape[0])
    if width_mm / side < MINIMUM_MODULE_MM:
        raise UnprintableCodeError(
            f"Le code de {len(text)} caractères aurait des points de {width_mm / side:.2f} mm : "
            f"il en faut {MINIMUM_MODULE_MM} au moins."
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{_runs(bytes(image), side)}" stroke="#000"/></svg>'
    )


def _runs(pixels: bytes, side: int) -> str:
    """One path, stroked one module thick, with one segment per run of dark modules.

    A single stroke leaves no hairline between the rows, and makes half the size of filled rectangles. Replacing the
    longest runs first, in C, is three times as fast as walking through them here.
    """
    modules = pixels.translate(_LETTERS).decode("ascii")
    path = "N".join(modules[start : start + side] for start in range(0, side * side, side))
    for length in range(side, 0, -1):
        path = path.replace("D" * length, f"h{length}").replace("L" * length, f"m{length} 0")
    return "M0 .5" + path.replace("N", f"m-{side} 1")
