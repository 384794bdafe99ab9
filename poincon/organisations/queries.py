"""Finding organisations. One query each."""

import re

from poincon.organisations.models import Organisation

_SEPARATORS = re.compile(r"[\s.]")


def find_organisation(reference: str) -> Organisation | None:
    """The organisation with this SIRET, RNA number, SIREN or exact name; None when there is none, or several."""
    compact = _SEPARATORS.sub("", reference).upper()
    if re.fullmatch(r"\d{14}", compact):
        found = Organisation.objects.filter(siret=compact)
    elif re.fullmatch(r"W\d{9}", compact):
        found = Organisation.objects.filter(rna=compact)
    elif re.fullmatch(r"\d{9}", compact):
        found = Organisation.objects.filter(siren=compact)
    else:
        found = Organisation.objects.filter(name=reference.strip())
    few = list(found.order_by("pk")[:2])
    return few[0] if len(few) == 1 else None
