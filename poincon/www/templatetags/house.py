"""What templates of every audience need: telephone links, amounts."""

import re

from django import template

from poincon.kernel.money import euros

register = template.Library()
register.filter("euros", euros)


@register.filter
def phone_link(number: str) -> str:
    """``05 55 00 00 00`` as the address of a telephone link: digits and a leading plus sign only."""
    return "tel:" + re.sub(r"(?!^\+)\D", "", number.strip())
