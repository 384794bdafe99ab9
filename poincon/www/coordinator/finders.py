"""What those who run the network look for: organisations, venues, people of the network."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from poincon.kernel.alphabet import Alphabetical
from poincon.mediation.queries import venues_of
from poincon.network.queries import organisations_of, people_of_network
from poincon.organisations.enums import Role
from poincon.www.base.hats import Hat
from poincon.www.base.listing import words_in
from poincon.www.base.search import Finder, Found, declare_finders

MOST = 20


def _organisations(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    if hat.programme is None:
        return
    rows = words_in("name", "siret__startswith", "commune__name")(organisations_of(hat.programme), words)
    for one in rows.order_by(Alphabetical("name"))[:MOST]:
        yield Found(one.name, reverse("coordinator:organisation", args=[one.pk]))


def _venues(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    if hat.programme is None:
        return
    rows = words_in("name", "commune__name", "operator__name")(venues_of(hat.programme), words)
    for venue in rows.select_related("commune").order_by(Alphabetical("name"))[:MOST]:
        yield Found(venue.name, reverse("coordinator:venue", args=[venue.pk]), venue.commune.name)


def _people(_request: HttpRequest, hat: Hat, words: str) -> Iterator[Found]:
    if hat.programme is None:
        return
    rows = words_in("user__full_name", "user__email")(people_of_network(hat.programme), words)
    for membership in rows.select_related("user", "organisation").order_by(Alphabetical("user__full_name"), "pk")[
        :MOST
    ]:
        if membership.organisation_id:
            url = reverse("coordinator:organisation", args=[membership.organisation_id])
            yield Found(str(membership.user), url, f"{membership.get_role_display()}, {membership.organisation}")


declare_finders(
    Finder(_("Organisations"), _organisations),
    Finder(_("Lieux"), _venues),
    Finder(_("Personnes du réseau"), _people),
    roles=(Role.COORDINATOR, Role.FUNDER),
)
