"""Amounts and percentages as people write them: « 1 234,50 » is understood, « 12 € » too."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from poincon.kernel.documents.french import count
from poincon.kernel.money import NARROW_SPACE, NO_BREAK_SPACE

#: Nobody types more digits than that; what is longer is not a number one means.
LONGEST = 20
_SPACES = re.compile(rf"[\s{NARROW_SPACE}{NO_BREAK_SPACE}]")


class HundredthsField(forms.CharField):
    """A number with two decimals at most, cleaned to hundredths; ``sign`` may be typed after it."""

    sign = ""
    #: In hundredths.
    lowest, highest = 0, 10**11
    default_error_messages = {
        "unread": _("Écrivez un nombre, avec deux décimales au plus ; par exemple 1 234,50."),
        "bounds": _("Écrivez un nombre entre %(lowest)s et %(highest)s."),
    }

    def __init__(self, *, lowest: int | None = None, highest: int | None = None, **kwargs: Any) -> None:
        self.lowest = self.lowest if lowest is None else lowest
        self.highest = self.highest if highest is None else highest
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = _SPACES.sub("", super().clean(value)).removesuffix(self.sign).replace(",", ".")
        if not text:
            return None
        hundredths = _hundredths(text)
        if hundredths is None:
            raise ValidationError(self.error_messages["unread"], code="unread")
        if not self.lowest <= hundredths <= self.highest:
            bounds = {"lowest": _read_aloud(self.lowest), "highest": _read_aloud(self.highest)}
            raise ValidationError(self.error_messages["bounds"], code="bounds", params=bounds)
        return hundredths

    def prepare_value(self, value: Any) -> Any:
        return written_hundredths(value) if isinstance(value, int) else value


class EurosField(HundredthsField):
    """An amount in euros, cleaned to cents."""

    sign = "€"


class PercentField(HundredthsField):
    """A share in percent, cleaned to basis points."""

    sign = "%"
    highest = 10_000


def written_hundredths(value: int) -> str:
    """``1234,5`` for 123 450: as these fields understand it again."""
    whole, rest = divmod(abs(value), 100)
    decimals = f",{rest:02d}" if rest else ""
    return f"{'-' if value < 0 else ''}{whole}{decimals}"


def _read_aloud(value: int) -> str:
    whole, comma, decimals = written_hundredths(value).partition(",")
    return f"{count(int(whole))}{comma}{decimals}"


def _hundredths(text: str) -> int | None:
    try:
        exact = Decimal(text) * 100
    except InvalidOperation:
        return None
    return int(exact) if exact.is_finite() and exact == exact.to_integral_value() else None
