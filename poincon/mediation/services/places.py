"""The verbs of places: open, move, close, offer."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.mediation import permissions
from poincon.mediation.models import ServiceOffer, Venue
from poincon.mediation.queries import not_over
from poincon.network.models import Qualification
from poincon.network.queries import qualified_service_codes
from poincon.organisations.actors import NOT_ALLOWED, Actor
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership, Organisation
from poincon.organisations.rules import normalise_email, normalise_public_phone
from poincon.organisations.services import touch_rules
from poincon.programmes.models import Programme, Service
from poincon.programmes.queries import allowed_service_codes, commune_codes
from poincon.programmes.services import retire_local_service
from poincon.territories.models import Commune

NOT_AN_OPERATOR = Refusal(
    "mediation.not_an_operator",
    _("« %(organisation)s » n’est pas enregistrée comme opérateur de médiation."),
    _("Modifiez d’abord ce que fait cette organisation."),
)
NAME_MISSING = Refusal(
    "mediation.venue_name_missing",
    _("Nom : il manque."),
    _("Écrivez le nom que les habitants connaissent."),
)
VENUE_TWICE = Refusal(
    "mediation.venue_twice",
    _("Nom : cet opérateur a déjà un lieu « %(name)s » à %(commune)s."),
    _("Modifiez ce lieu, ou donnez au nouveau un autre nom."),
)
POSITION_WRONG = Refusal(
    "mediation.position_wrong",
    _("Longitude, latitude : il faut les deux, en degrés, la longitude de -180 à 180 et la latitude de -90 à 90."),
    _("Laissez-les vides pour prendre la position de la mairie."),
)
VENUE_CLOSED = Refusal(
    "mediation.venue_closed",
    _("« %(venue)s » est fermé depuis le %(day)s."),
    _("Choisissez un autre lieu, ou ouvrez-en un."),
)
NOT_QUALIFIED = Refusal(
    "mediation.operator_not_qualified",
    _("« %(organisation)s » n’est pas qualifié pour « %(programme)s »."),
    _("Demandez sa qualification à la tête de réseau du dispositif."),
)
OUTSIDE_TERRITORY = Refusal(
    "mediation.venue_outside_territory",
    _("Lieu : « %(venue)s », à %(commune)s, est hors du territoire du dispositif."),
    _("Choisissez un lieu du territoire, ou demandez au commanditaire de l’étendre."),
)
SERVICE_NOT_ALLOWED = Refusal(
    "mediation.service_not_allowed",
    _("Service : « %(service)s » est hors du catalogue du dispositif, ou de la qualification de l’opérateur."),
    _("Choisissez un autre service, ou demandez à la tête de réseau d’élargir la qualification."),
)
PRICE_WRONG = Refusal(
    "mediation.price_wrong",
    _("Prix : de 1 à %(most)s pass."),
    _("Un pass pour un atelier de deux heures est l’usage."),
)
MINUTES_WRONG = Refusal(
    "mediation.minutes_wrong",
    _("Durée : de 5 minutes à 10 heures."),
    _("Écrivez la durée en minutes, par exemple 120."),
)
SERVICE_RETIRED = Refusal(
    "mediation.service_retired",
    _("Service : « %(service)s » est retiré du dispositif le %(day)s."),
    _("Choisissez un autre service."),
)
OFFER_TWICE = Refusal(
    "mediation.offer_twice",
    _("« %(venue)s » propose déjà « %(service)s » dans ce dispositif, au même prix et pour la même durée."),
    _("Il n’y a rien à changer ; pour changer l’un ou l’autre, publiez l’offre avec sa nouvelle valeur."),
)
OFFER_IN_THE_PAST = Refusal(
    "mediation.offer_in_the_past",
    _("À partir du : l’offre changerait depuis le %(day)s, et le prix de séances déjà tenues avec elle."),
    _("Choisissez aujourd’hui, ou un jour à venir."),
)
LARGEST_PRICE = 60


class VenueChanges(TypedDict, total=False):
    """What may be changed of a venue. Moving to another commune without a position takes its town hall's."""

    name: str
    commune: Commune
    address: str
    phone: str
    email: str
    itinerant: bool
    longitude: float | None
    latitude: float | None


@transaction.atomic
def open_venue(
    *,
    by: Actor,
    operator: Organisation,
    name: str,
    commune: Commune,
    address: str = "",
    phone: str = "",
    email: str = "",
    itinerant: bool = False,
    longitude: float | None = None,
    latitude: float | None = None,
    programme: Programme | None = None,
) -> Venue:
    """Open a place of an operator. Degrees (WGS 84); without them, the position of the town hall.

    ``programme`` is the one whose coordinator does it for an operator that it qualified, or that nobody represents.
    Raises a refusal that names the field.
    """
    _require_management(by, operator.pk, programme)
    if not operator.is_operator:
        raise NOT_AN_OPERATOR.filled(organisation=operator.name)
    venue = Venue(
        operator=operator,
        name=name,
        commune=commune,
        address=address,
        phone=phone,
        email=email,
        itinerant=itinerant,
        longitude=longitude,
        latitude=latitude,
    )
    _save(venue)
    audit.record(by, "mediation.open_venue", venue, after=_picture(venue))
    return venue


@transaction.atomic
def update_venue(
    *, by: Actor, venue: Venue, programme: Programme | None = None, **changes: Unpack[VenueChanges]
) -> Venue:
    """Correct or move a place; ``programme`` as in ``open_venue``. Raises a refusal that names the field."""
    _require_management(by, venue.operator_id, programme)
    row = _locked(venue)
    before = _picture(row)
    if "commune" in changes and "longitude" not in changes and "latitude" not in changes:
        row.longitude = row.latitude = None
    for field, value in changes.items():
        setattr(row, field, value)
    _save(row)
    audit.record(by, "mediation.update_venue", row, before=before, after=_picture(row))
    return row


@transaction.atomic
def close_venue(*, by: Actor, venue: Venue, on: date, programme: Programme | None = None) -> Venue:
    """Close a place from that day on, with its offers; what was punched there stays. Twice changes nothing."""
    _require_management(by, venue.operator_id, programme)
    row = _locked(venue)
    if row.closed_on is not None:
        return row
    row.closed_on = on
    row.save(update_fields=["closed_on"])
    row.offers.filter(not_over(on)).update(ended_on=on)
    touch_rules(row.operator_id)
    audit.record(by, "mediation.close_venue", row, after={"closed_on": on.isoformat()})
    return row


@transaction.atomic
def reopen_venue(*, by: Actor, venue: Venue, programme: Programme | None = None) -> Venue:
    """Open again a place closed by mistake, or for a season. Its offers stay ended: publish them again.

    A place that is open stays as it is.
    """
    _require_management(by, venue.operator_id, programme)
    row = _locked(venue)
    if row.closed_on is None:
        return row
    before, row.closed_on = row.closed_on, None
    row.save(update_fields=["closed_on"])
    touch_rules(row.operator_id)
    audit.record(by, "mediation.reopen_venue", row, before={"closed_on": before.isoformat()}, after={"closed_on": None})
    return row


@transaction.atomic
def offer_service(
    *,
    by: Actor,
    venue: Venue,
    programme: Programme,
    service: Service,
    price: int = 1,
    minutes: int = 120,
    starts_on: date | None = None,
    now: datetime | None = None,
) -> ServiceOffer:
    """Publish a service at a venue for a programme: its price in passes, its length in minutes, from a day on.

    From today unless told otherwise. The former offer of the same service ends that day: a price announced for next
    month neither applies now nor to what was done before. Raises a refusal: venue closed or outside the territory,
    operator not qualified, service outside the catalogue or the qualification, price above the ceiling, already
    offered, price changed for days gone by.
    """
    by.require(permissions.MANAGE_OFFERS, programme=programme, organisation_id=venue.operator_id)
    row = _locked(venue)
    if row.closed_on is not None:
        raise VENUE_CLOSED.filled(venue=row.name, day=row.closed_on.strftime("%d/%m/%Y"))
    _require_inside(row, programme)
    _require_service(row, programme, service)
    _require_price(programme, price, minutes)
    today = (now or timezone.now()).astimezone(ZoneInfo(programme.time_zone)).date()
    offer = ServiceOffer(venue=row, programme=programme, service=service, price=price, minutes=minutes)
    offer.starts_on = starts_on or today
    if service.retired_on is not None and service.retired_on <= offer.starts_on:
        raise SERVICE_RETIRED.filled(service=service.label, day=service.retired_on.strftime("%d/%m/%Y"))
    _take_over(offer, today)
    offer.save()
    touch_rules(row.operator_id)
    after = {
        "venue": row.pk,
        "service": service.code,
        "price": price,
        "minutes": minutes,
        "starts_on": offer.starts_on.isoformat(),
    }
    audit.record(by, "mediation.offer_service", offer, programme_id=programme.pk, after=after)
    return offer


@transaction.atomic
def end_offer(*, by: Actor, offer: ServiceOffer, on: date) -> ServiceOffer:
    """Withdraw an offer from that day on. Twice changes nothing."""
    by.require(permissions.MANAGE_OFFERS, programme=offer.programme, organisation_id=offer.venue.operator_id)
    row = ServiceOffer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
    if row.ended_on is not None:
        return row
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    touch_rules(offer.venue.operator_id)
    after = {"ended_on": on.isoformat()}
    audit.record(by, "mediation.end_offer", row, programme_id=row.programme_id, after=after)
    return row


@transaction.atomic
def retire_service(*, by: Actor, service: Service, on: date, now: datetime | None = None) -> tuple[Service, int]:
    """Retire a local service from its programme on that day, with the offers of every place; says how many ended.

    The funder decides it: operators are told by their offers that end. Raises as ``retire_local_service``.
    """
    row = retire_local_service(by=by, service=service, on=on, now=now)
    offers = ServiceOffer.objects.filter(not_over(on), service=row)
    operators = set(offers.order_by().values_list("venue__operator_id", flat=True))
    # An offer that was to begin later never stands: it ends on its own first day.
    ended = offers.update(ended_on=Greatest(F("starts_on"), Value(on)))
    for operator_id in operators:
        touch_rules(operator_id)
    return row, ended


def _take_over(offer: ServiceOffer, today: date) -> None:
    """End the former offers of the same service on the day this one starts."""
    same = ServiceOffer.objects.filter(venue=offer.venue, programme=offer.programme, service=offer.service)
    former = same.filter(not_over(offer.starts_on))
    unchanged = former.filter(
        ended_on=None, price=offer.price, minutes=offer.minutes, starts_on__lte=offer.starts_on
    ).exists()
    if unchanged:
        raise OFFER_TWICE.filled(venue=offer.venue.name, service=offer.service.label)
    if offer.starts_on < today and former.exists():
        raise OFFER_IN_THE_PAST.filled(day=offer.starts_on.strftime("%d/%m/%Y"))
    former.update(ended_on=offer.starts_on)


def _require_management(by: Actor, operator_id: int, programme: Programme | None) -> None:
    if by.may(permissions.MANAGE_VENUES, organisation_id=operator_id):
        return
    if programme is None or not _is_of_the_network(operator_id, programme):
        raise NOT_ALLOWED.filled(right=permissions.MANAGE_VENUES.label)
    by.require(permissions.HELP_WITH_VENUES, programme=programme)


def _is_of_the_network(operator_id: int, programme: Programme) -> bool:
    """Qualified by the programme, or so new that nobody represents it."""
    if Qualification.objects.filter(operator=operator_id, programme=programme, withdrawn_on=None).exists():
        return True
    managers = Membership.objects.filter(organisation=operator_id, ended_at=None, role=Role.OPERATOR_MANAGER)
    return not managers.exists()


def _locked(venue: Venue) -> Venue:
    return (
        Venue.objects.select_related("operator", "commune")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=venue.pk)
    )


def _save(venue: Venue) -> None:
    venue.name, venue.address = text_for(Venue, "name", venue.name), text_for(Venue, "address", venue.address)
    venue.phone, venue.email = normalise_public_phone(venue.phone), normalise_email(venue.email)
    if not venue.name:
        raise NAME_MISSING.filled()
    _place(venue)
    same = Venue.objects.filter(operator=venue.operator, name=venue.name, commune=venue.commune).exclude(pk=venue.pk)
    if same.exists():
        raise VENUE_TWICE.filled(name=venue.name, commune=venue.commune.name)
    venue.save()
    touch_rules(venue.operator_id)


def _place(venue: Venue) -> None:
    if venue.longitude is None and venue.latitude is None:
        venue.longitude, venue.latitude = venue.commune.longitude, venue.commune.latitude
        return
    if venue.longitude is None or venue.latitude is None:
        raise POSITION_WRONG.filled()
    if not (-180 <= venue.longitude <= 180 and -90 <= venue.latitude <= 90):
        raise POSITION_WRONG.filled()


def _require_inside(venue: Venue, programme: Programme) -> None:
    communes = commune_codes(programme.pk)
    if communes and venue.commune_id not in communes:
        raise OUTSIDE_TERRITORY.filled(venue=venue.name, commune=venue.commune.name)


def _require_service(venue: Venue, programme: Programme, service: Service) -> None:
    """A qualification to come is enough: places prepare their offer before the programme starts."""
    qualification = Qualification.objects.filter(
        operator=venue.operator_id, programme=programme, withdrawn_on=None
    ).first()
    if qualification is None:
        raise NOT_QUALIFIED.filled(organisation=venue.operator.name, programme=programme.name)
    qualified = qualified_service_codes(qualification)
    outside = qualified is not None and service.code not in qualified
    if outside or service.code not in allowed_service_codes(programme):
        raise SERVICE_NOT_ALLOWED.filled(service=service.label)


def _require_price(programme: Programme, price: int, minutes: int) -> None:
    most = programme.max_passes_per_session or LARGEST_PRICE
    if not 1 <= price <= most:
        raise PRICE_WRONG.filled(most=most)
    if not 5 <= minutes <= 600:
        raise MINUTES_WRONG.filled()


def _picture(venue: Venue) -> dict[str, Any]:
    fields = ("name", "commune_id", "address", "phone", "email", "itinerant", "longitude", "latitude")
    return {field: getattr(venue, field) for field in fields}
