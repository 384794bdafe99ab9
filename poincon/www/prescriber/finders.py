"""What prescribers look for: people they prescribed, booklets of their stock."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.models import CaseFile
from poincon.beneficiaries.queries import cases_seen_by, matching_cases
from poincon.organisations.enums import Role
from poincon.passes.models import Booklet
from poincon.www.base.booklets import booklet_state, by_number, number_of
from poincon.www.base.hats import Hat
from poincon.www.base.request import actor_of
from poincon.www.base.search import Finder, Found, declare_finders
from poincon.www.prescriber.people import name_of

MOST = 20


def _people(request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    cases = cases_seen_by(actor_of(request)).filter(prescriber=hat.organisation, programme__in=hat.programmes)
    for case in matching_cases(cases, words).select_related("beneficiary__commune")[:MOST]:
        yield Found(name_of(case), reverse("prescriber:person", args=[case.pk]), _told_apart(case))


def _told_apart(case: CaseFile) -> str:
    """What tells two people of the same name apart; a file without a name is called by its number already."""
    person = case.beneficiary
    number = gettext("dossier n° %(number)s") % {"number": case.pk} if person.last_name or person.first_name else ""
    return ", ".join(filter(None, [number, person.commune.name if person.commune else ""]))


def _booklets(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    rows = Booklet.objects.filter(holder=hat.organisation, batch__programme__in=hat.programmes).select_related("batch")
    for booklet in by_number(rows, words).order_by("number")[:MOST]:
        yield Found(number_of(booklet), reverse("prescriber:booklet", args=[booklet.pk]), str(booklet_state(booklet)))


declare_finders(
    Finder(_("Personnes accompagnées"), _people),
    Finder(_("Chéquiers de mon stock"), _booklets),
    roles=(Role.PRESCRIBER,),
)
