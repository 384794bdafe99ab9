"""How booklets lie on A4 sheets: folded in two, or cut in four slips. Pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from poincon.kernel.documents import DocumentError

CODE_MM = 27.0
"""Width of a printed code, quiet zone excluded: 0.6 mm a module for version 7, 0.66 for version 6."""

SLIPS_PER_SHEET = 4
PASSES_PER_FOLDED_SHEET = 10


class Format(StrEnum):
    """FOLDED: one duplex sheet folded into an A5 card. CUT: single-sided, slips stapled like a cheque book."""

    FOLDED = "folded"
    CUT = "cut"


class Duplex(StrEnum):
    """How the printer turns the sheet of a folded booklet. Long edge is what every printer does unless told."""

    LONG_EDGE = "long-edge"
    SHORT_EDGE = "short-edge"


class Paper(StrEnum):
    """What letters are printed on. A5: half a sheet, for the letter that a prescriber prints at once."""

    A4 = "a4"
    A5 = "a5"


@dataclass(frozen=True, slots=True)
class Layout:
    """The way to print. `bleed_mm` above 0 is for a printing house: colours overflow the trim and marks are drawn.

    `stack` is how many cut booklets are printed together, cut in one go and piled (8 make 24 sheets of 10 passes).
    `paper` is that of the letters; booklets are always on A4 sheets. `watermark` is printed across every page.
    """

    format: Format = Format.FOLDED
    duplex: Duplex = Duplex.LONG_EDGE
    bleed_mm: float = 0
    stack: int = 8
    letters: bool = True
    paper: Paper = Paper.A4
    watermark: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.bleed_mm <= 10:
            raise DocumentError("Le fond perdu va de 0 à 10 mm.")
        if self.stack < 1:
            raise DocumentError("Une pile à couper compte au moins un chéquier.")


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip of a cut booklet: `kind` is cover, steps, pass or notes; `booklet` counts from 0 in its stack."""

    kind: str
    booklet: int
    position: int = 0


def slips_of(size: int, booklet: int) -> list[Slip]:
    """The slips of one booklet in reading order, completed with pages of notes to whole sheets."""
    slips = [Slip("cover", booklet), Slip("steps", booklet)]
    slips += [Slip("pass", booklet, position) for position in range(1, size + 1)]
    missing = -len(slips) % SLIPS_PER_SHEET
    return slips + [Slip("notes", booklet)] * missing


def cutting_order(sizes: Sequence[int]) -> list[list[Slip]]:
    """Sheets of four slips, top to bottom, for booklets of the given sizes printed as one stack.

    Cut the whole stack in four, then put the second pile under the first, and so on: every booklet is in order.
    """
    slips = [slip for booklet, size in enumerate(sizes) for slip in slips_of(size, booklet)]
    sheets = len(slips) // SLIPS_PER_SHEET
    return [[slips[pile * sheets + sheet] for pile in range(SLIPS_PER_SHEET)] for sheet in range(sheets)]


def folded_sheets(size: int) -> list[list[int]]:
    """Positions of the passes inside each folded sheet of one booklet."""
    positions = list(range(1, size + 1))
    return [positions[start : start + PASSES_PER_FOLDED_SHEET] for start in range(0, size, PASSES_PER_FOLDED_SHEET)]
