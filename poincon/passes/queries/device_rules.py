"""The rules of the programmes and the places of an operator, as a device needs them to answer off line.

What a device cannot know by itself (the communes of a territory, the catalogue of a qualification) is told as the code
of the refusal that the server would give today.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from poincon.kernel.alphabet import Alphabetical
from poincon.mediation.models import ServiceOffer, Venue
from poincon.mediation.queries import live_offers
from poincon.organisations.devices import Scanner
from poincon.passes import refusals
from poincon.passes.context import OperatorContext, ProgrammeContext, operator_context, programme_context
from poincon.programmes.enums import ChangeKind
from poincon.programmes.models import Programme

Contexts = Mapping[int, tuple[ProgrammeContext, OperatorContext]]


def programmes_of(scanner: Scanner, programmes: Iterable[Programme]) -> list[dict[str, Any]]:
    """What each programme asks of a scan: dates, ceilings, services, limits off line."""
    contexts = _contexts(scanner, programmes)
    return [_programme(programme, *contexts[programme.pk], scanner) for programme in programmes]


def venues_of(scanner: Scanner, programmes: Iterable[Programme], today: date) -> list[dict[str, Any]]:
    """The places and offers that stand today, until when, and why an offer would be refused."""
    contexts = _contexts(scanner, programmes)
    open_today = Q(closed_on=None) | Q(closed_on__gt=today)
    venues = Venue.objects.filter(open_today, operator_id=scanner.operator_id).select_related("commune")
    standing = Prefetch("offers", ServiceOffer.objects.filter(live_offers(today)).select_related("service"))
    return [
        {
            "id": venue.pk,
            "name": venue.name,
            "commune": venue.commune.name,
            "closed_on": _day(venue.closed_on),
            "offers": [_offer(venue, offer, contexts) for offer in venue.offers.all()],
        }
        for venue in venues.prefetch_related(standing).order_by(Alphabetical("name"), "id")
    ]


def _contexts(scanner: Scanner, programmes: Iterable[Programme]) -> Contexts:
    # Kept in the process under their versions: the second call, and those of the next devices, read nothing.
    return {
        programme.pk: (
            programme_context(programme.pk, programme.rules_version),
            operator_context(programme.pk, scanner.operator_id, programme.rules_version, scanner.operator_version),
        )
        for programme in programmes
    }


def _programme(
    programme: Programme, rules: ProgrammeContext, operator: OperatorContext, scanner: Scanner
) -> dict[str, Any]:
    return {
        "id": programme.pk,
        "code": programme.code,
        "name": programme.name,
        "phone": programme.phone,
        "time_zone": rules.zone.key,
        "offline_max_days": rules.offline_max_days,
        "offline_max_passes": rules.offline_max_passes,
        "max_passes_per_session": rules.max_passes_per_session,
        "max_passes_per_day": rules.max_passes_per_day,
        "suspended": [
            {"first_day": change.first_day.isoformat(), "last_day": change.last_day.isoformat()}
            for change in rules.changes
            if change.kind == ChangeKind.SUSPENSION
        ],
        "qualified_from": _day(operator.qualified_from),
        "qualified_until": _day(operator.qualified_until),
        "not_qualified": [
            {"first_day": first.isoformat(), "last_day": _day(last)} for first, last in operator.suspended
        ],
        "mediator": _mediator_fault(rules, operator, scanner.user_id),
        "services": sorted(rules.services),
    }


def _mediator_fault(rules: ProgrammeContext, operator: OperatorContext, user_id: int) -> str | None:
    if user_id not in operator.mediators:
        return refusals.MEDIATOR_UNKNOWN.code
    if rules.mediator_training_required and user_id not in operator.trained:
        return refusals.MEDIATOR_NOT_TRAINED.code
    return None


def _offer(venue: Venue, offer: ServiceOffer, contexts: Contexts) -> dict[str, Any]:
    return {
        "programme": offer.programme_id,
        "service": offer.service.code,
        "label": offer.service.label,
        "price": offer.price,
        "minutes": offer.minutes,
        "ended_on": _day(offer.ended_on),
        "refused": _offer_fault(venue, offer, contexts),
    }


def _offer_fault(venue: Venue, offer: ServiceOffer, contexts: Contexts) -> str | None:
    """Why a scan of this offer would be refused whatever the pass, in the order of ``passes.rules``."""
    if offer.programme_id not in contexts:
        return refusals.OPERATOR_NOT_QUALIFIED.code
    rules, operator = contexts[offer.programme_id]
    if rules.communes and venue.commune_id not in rules.communes:
        return refusals.VENUE_OUTSIDE_TERRITORY.code
    if offer.service.code not in rules.services:
        return refusals.SERVICE_OUTSIDE_PROGRAMME.code
    if operator.services is not None and offer.service.code not in operator.services:
        return refusals.SERVICE_OUTSIDE_QUALIFICATION.code
    return None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
