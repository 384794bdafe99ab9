"""Days, counts and amounts as they are written on French paper."""

from datetime import date

from poincon.kernel.money import NARROW_SPACE, NO_BREAK_SPACE, euros

__all__ = ["DAYS", "MONTHS", "count", "day", "euros", "period", "short_day"]

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def day(value: date) -> str:
    """`mardi 4 mars 2025`; the first of a month is `1er`. Spaces do not break inside the date's number and month."""
    return f"{DAYS[value.weekday()]} {_number_and_month(value, NO_BREAK_SPACE)} {value.year}"


def short_day(value: date) -> str:
    """`4 mars 2025`, without the day of the week and with ordinary spaces: for sentences on a screen or read aloud."""
    return f"{_number_and_month(value, ' ')} {value.year}"


def _number_and_month(value: date, space: str) -> str:
    return f"{'1er' if value.day == 1 else value.day}{space}{MONTHS[value.month - 1]}"


def period(first: date, last: date) -> str:
    """`du mardi 4 mars 2025 au mercredi 31 décembre 2025`."""
    return f"du {day(first)} au {day(last)}"


def count(number: int) -> str:
    """An integer with thin spaces: `12 000`."""
    return f"{number:,}".replace(",", NARROW_SPACE)
