"""How people are named on a prescriber's pages, and what is left to them."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from poincon.beneficiaries.models import CaseFile
from poincon.passes.enums import Validity
from poincon.passes.models import HandOver


def name_of(case: CaseFile) -> str:
    """The name of a person; the number of her file where the programme asks for no name."""
    person = case.beneficiary
    named = " ".join(filter(None, [person.first_name, person.last_name]))
    return named or _("Personne n° %(number)s") % {"number": case.pk}


def live_hand_overs(case_ids: Collection[int]) -> list[HandOver]:
    """What these people were given and nobody took back, with the booklets."""
    given = HandOver.objects.filter(case_file__in=case_ids, cancellation=None)
    return list(given.select_related("booklet__batch").order_by("-at", "-pk"))


def left_by_case(case_ids: Collection[int]) -> dict[int, int]:
    """How many passes each of these people may still use. One statement."""
    left: dict[int, int] = {}
    for given in live_hand_overs(case_ids) if case_ids else []:
        if given.case_file_id is not None and given.booklet.validity == Validity.ACTIVE:
            unused = given.passes & ~given.booklet.used
            left[given.case_file_id] = left.get(given.case_file_id, 0) + unused.bit_count()
    return left
