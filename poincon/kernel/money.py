"""Amounts are integer euro cents, shares are integer basis points (10 000 = the whole)."""

from collections.abc import Sequence

WHOLE_BP = 10_000
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


def split(amount: int, shares_bp: Sequence[int]) -> list[int]:
    """Split ``amount`` (cents, may be negative) by shares (basis points) with the largest remainder.

    The parts always add up to the cent; ties go to the first share. Raises ValueError unless the shares make 10 000
    (section "Money" of the domain).
    """
    if sum(shares_bp) != WHOLE_BP or any(share < 0 for share in shares_bp):
        raise ValueError("shares must be positive and make 10000 basis points")
    sign = -1 if amount < 0 else 1
    exact = [abs(amount) * share for share in shares_bp]
    parts = [value // WHOLE_BP for value in exact]
    missing = abs(amount) - sum(parts)
    by_remainder = sorted(range(len(exact)), key=lambda i: (-(exact[i] % WHOLE_BP), i))
    for index in by_remainder[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]


def euros(cents: int) -> str:
    """An amount in cents, as printed in French: ``120 €``, ``1 234,50 €``."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NARROW_SPACE)
    decimals = f",{rest:02d}" if rest else ""
    return f"{sign}{grouped}{decimals}{NO_BREAK_SPACE}€"
