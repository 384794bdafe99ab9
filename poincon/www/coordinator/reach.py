"""What whoever runs a network reaches: the programmes of the hat worn, and what belongs to them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from poincon.mediation.models import Venue
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.network.queries import invitations_in, organisations_of, people_of_network
from poincon.organisations.actors import Right
from poincon.organisations.models import Invitation, Membership, Organisation
from poincon.passes.models import Destruction, Transfer
from poincon.passes.permissions import SEE_BATCHES
from poincon.programmes.models import Programme
from poincon.www.base.hats import worn_hat
from poincon.www.base.request import actor_of


def own(request: HttpRequest) -> Organisation:
    """The organisation of the hat worn: it sends, receives and signs."""
    organisation = worn_hat(request).organisation
    if organisation is None:
        raise Http404
    return organisation


def signs_for(request: HttpRequest, organisation_id: int) -> bool:
    """Whether this person signs slips in the name of that organisation."""
    return own(request).pk == organisation_id


def transfer_of(request: HttpRequest, transfer_id: int, right: Right = SEE_BATCHES) -> Transfer:
    """A parcel of a programme of the hat, or 404. Raises the refusal ``right_missing``."""
    rows = Transfer.objects.select_related("programme__owner", "sender__commune", "receiver__commune")
    found = get_object_or_404(rows, pk=transfer_id, programme__in=worn_hat(request).programmes)
    actor_of(request).require(right, programme=found.programme)
    return found


def destruction_of(request: HttpRequest, destruction_id: int) -> Destruction:
    """The record of a destruction in a programme of the hat, or 404. Raises the refusal ``right_missing``."""
    rows = Destruction.objects.select_related("programme", "holder__commune")
    found = get_object_or_404(rows, pk=destruction_id, programme__in=worn_hat(request).programmes)
    actor_of(request).require(SEE_BATCHES, programme=found.programme)
    return found


def qualification_of(request: HttpRequest, qualification_id: int, right: Right) -> Qualification:
    """A qualification for a programme of the hat, or 404. Raises the refusal ``right_missing``."""
    rows = Qualification.objects.select_related("operator", "programme").prefetch_related("suspensions")
    found = get_object_or_404(rows, pk=qualification_id, programme__in=worn_hat(request).programmes)
    actor_of(request).require(right, programme=found.programme)
    return found


def agreement_of(request: HttpRequest, agreement_id: int, right: Right) -> PrescriberAgreement:
    """An agreement for a programme of the hat, or 404. Raises the refusal ``right_missing``."""
    rows = PrescriberAgreement.objects.select_related("prescriber", "programme")
    found = get_object_or_404(rows, pk=agreement_id, programme__in=worn_hat(request).programmes)
    actor_of(request).require(right, programme=found.programme)
    return found


def organisation_of(request: HttpRequest, organisation_id: int, right: Right) -> tuple[Organisation, Programme]:
    """An organisation of one of the networks of the hat, seen from the programme looked at; or 404.

    It may be of another network than the one looked at: the same prescribers and places serve several programmes.
    Raises the refusal ``right_missing``.
    """
    hat = worn_hat(request)
    if hat.programme is None:
        raise Http404
    networks = [hat.programme, *hat.other_programmes]
    known = any(organisations_of(one).filter(pk=organisation_id).exists() for one in networks)
    found = Organisation.objects.select_related("commune").filter(pk=organisation_id).first() if known else None
    if found is None:
        raise Http404
    actor_of(request).require(right, programme=hat.programme)
    return found, hat.programme


def venue_of(request: HttpRequest, venue_id: int, right: Right) -> tuple[Venue, Programme]:
    """A place of an organisation that ``organisation_of`` reaches, and the programme looked at."""
    found = get_object_or_404(Venue.objects.select_related("commune", "operator"), pk=venue_id)
    _operator, programme = organisation_of(request, found.operator_id, right)
    return found, programme


def membership_of(request: HttpRequest, membership_id: int) -> Membership:
    """Somebody's role in a network of the hat, or 404."""
    found: Membership = _first_in(request, people_of_network, membership_id)
    return found


def invitation_of(request: HttpRequest, invitation_id: int) -> Invitation:
    """An open invitation to a network of the hat, or 404."""
    found: Invitation = _first_in(request, invitations_in, invitation_id)
    return found


def _first_in(request: HttpRequest, rows_of: Callable[[Programme], Any], pk: int) -> Any:
    for programme in worn_hat(request).programmes:
        found = rows_of(programme).filter(Q(pk=pk)).first()
        if found is not None:
            return found
    raise Http404
