"""What those who steer look for: booklets, statements."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from poincon.kernel.money import euros
from poincon.organisations.enums import Role
from poincon.passes.models import Booklet
from poincon.settlement.models import Statement
from poincon.www.base.booklets import booklet_state, by_number, number_of
from poincon.www.base.hats import Hat
from poincon.www.base.listing import words_in
from poincon.www.base.search import Finder, Found, declare_finders

MOST = 20
#: An operator has one a month: the last ones, so that what else has its name is seen below.
LAST_STATEMENTS = 5


def _booklets(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    rows = Booklet.objects.filter(batch__programme__in=hat.programmes).select_related("holder", "batch")
    for booklet in by_number(rows, words).order_by("number")[:MOST]:
        yield Found(number_of(booklet), reverse("funder:booklet", args=[booklet.pk]), str(booklet_state(booklet)))


def _statements(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    rows = Statement.objects.filter(programme__in=hat.programmes).select_related("operator")
    for one in words_in("number", "operator__name")(rows, words).order_by("-pk")[:LAST_STATEMENTS]:
        yield Found(one.number, reverse("accountant:statement", args=[one.pk]), f"{one.operator}, {euros(one.total)}")


declare_finders(
    Finder(_("Chéquiers"), _booklets),
    Finder(_("Relevés"), _statements),
    roles=(Role.FUNDER, Role.OBSERVER, Role.COORDINATOR, Role.ACCOUNTANT),
)
