"""Sets of passes of one booklet, as bit masks: bit ``position - 1`` stands for the pass at that position."""

from collections.abc import Iterable


def mask_of(positions: Iterable[int]) -> int:
    """The mask of these positions (1 … N)."""
    mask = 0
    for position in positions:
        mask |= 1 << (position - 1)
    return mask


def positions_of(mask: int) -> list[int]:
    """The positions of a mask, in order."""
    return [position for position in range(1, mask.bit_length() + 1) if mask >> (position - 1) & 1]


def all_passes(size: int) -> int:
    """The mask of a whole booklet."""
    return (1 << size) - 1


def first_passes(mask: int, count: int) -> int:
    """The mask of the ``count`` lowest positions of ``mask`` (fewer if it has fewer)."""
    return mask_of(positions_of(mask)[:count])
