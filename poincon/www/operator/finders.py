"""What mediators and their managers look for: a booklet to test, a venue, a statement."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.money import euros
from poincon.mediation.models import Venue
from poincon.organisations.enums import Role
from poincon.passes import codes
from poincon.settlement.models import Statement
from poincon.www.base.hats import Hat
from poincon.www.base.listing import words_in
from poincon.www.base.search import Finder, Found, declare_finders

MOST = 20


def _number(_request: HttpRequest, _hat: Hat, words: str) -> Iterator[Found]:
    """A whole number goes to the counter, where it is tested: whether it exists is not said here."""
    try:
        code = codes.read(words)
    except (codes.UnreadableCodeError, codes.WrongCheckCharacterError):
        return
    if isinstance(code, codes.TypedNumber):
        written = codes.written(code.number, code.position)
        yield Found(written, f"{reverse('operator:punch')}?numero={written.replace(' ', '')}")


def _venues(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    rows = Venue.objects.filter(operator=hat.organisation).select_related("commune")
    for venue in words_in("name", "commune__name")(rows, words).order_by(Alphabetical("name"))[:MOST]:
        yield Found(venue.name, reverse("operator:venue", args=[venue.pk]), venue.commune.name)


def _statements(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    rows = Statement.objects.filter(operator=hat.organisation)
    for one in words_in("number")(rows, words).order_by("-pk")[:MOST]:
        yield Found(one.number, reverse("operator:statement", args=[one.pk]), euros(one.total))


declare_finders(Finder(_("Chéquier à tester"), _number), roles=(Role.MEDIATOR, Role.OPERATOR_MANAGER))
declare_finders(Finder(_("Nos lieux"), _venues), Finder(_("Nos relevés"), _statements), roles=(Role.OPERATOR_MANAGER,))
