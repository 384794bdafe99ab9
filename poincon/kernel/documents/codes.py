"""QR codes as vector drawings: sharp on any printer, never smoothed by a viewer."""

import re
from typing import Any

import zxingcpp

from poincon.kernel.documents.engine import DocumentError

ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
"""The QR alphanumeric mode (ISO/IEC 18004): 5.5 bits a character; anything else makes a larger, denser code."""

MINIMUM_MODULE_MM = 0.5
MAXIMUM_CODE_MM = 28.0

_DARK = re.compile(rb"\x00+")


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

    A single stroke leaves no hairline between the rows, and makes half the size of filled rectangles.
    """
    path = []
    for row in range(side):
        pen = None
        for run in _DARK.finditer(pixels, row * side, (row + 1) * side):
            start, end = run.start() - row * side, run.end() - row * side
            path.append(f"M{start} {row}.5h{end - start}" if pen is None else f"m{start - pen} 0h{end - start}")
            pen = end
    return "".join(path)
