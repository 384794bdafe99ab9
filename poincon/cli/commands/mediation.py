"""Places, and the services they give."""

from datetime import date

import click
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.references import COMMUNE, DAY, ORGANISATION, PROGRAMME, SERVICE, VENUE
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.mediation.models import ServiceOffer, Venue
from poincon.mediation.services import close_venue, end_offer, offer_service, open_venue
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme, Service
from poincon.territories.models import Commune


@click.group(cls=Group)
def venue() -> None:
    """Lieux de médiation, fixes ou itinérants."""


@venue.command(name="open")
@click.argument("organisation", type=ORGANISATION)
@click.argument("name", metavar="NOM")
@click.option("--commune", required=True, type=COMMUNE, help="Code INSEE de la commune.")
@click.option("--address", default="", metavar="ADRESSE", help="Adresse.")
@click.option("--phone", default="", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--email", default="", metavar="COURRIEL", help="Courriel.")
@click.option("--itinerant", is_flag=True, help="Il tourne : bus, valise, permanences de village.")
@answers
@acts
def open_place(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    commune: Commune,
    address: str,
    phone: str,
    email: str,
    itinerant: bool,
) -> Answer:
    """Ouvre le lieu NOM de l’opérateur ORGANISATION."""
    made = open_venue(
        by=by,
        operator=organisation,
        name=name,
        commune=commune,
        address=address,
        phone=phone,
        email=email,
        itinerant=itinerant,
    )
    return Answer({"id": made.pk, "name": made.name}, [f"Lieu n° {made.pk} ouvert : {made.name}, {commune.name}."])


@venue.command(name="list")
@click.option("--operator", type=ORGANISATION, help="Seulement ceux de cet opérateur.")
@answers
def list_venues(operator: Organisation | None) -> Answer:
    """Liste les lieux ouverts."""
    found = Venue.objects.filter(closed_on=None).select_related("operator", "commune").order_by("name", "pk")
    rows = [
        (one.pk, one.name, one.commune.name, one.operator.name)
        for one in (found.filter(operator=operator) if operator else found)
    ]
    data = [dict(zip(("id", "name", "commune", "operator"), row, strict=True)) for row in rows]
    return Answer(data, table(("n°", "lieu", "commune", "opérateur"), rows))


@venue.command(name="close")
@click.argument("venue", type=VENUE)
@click.option("--on", "day", type=DAY, help="Fermé le.  [par défaut : aujourd’hui]")
@answers
@acts
def close_place(*, by: Actor, venue: Venue, day: date | None) -> Answer:
    """Ferme LIEU, avec ses offres ; ce qui y a été poinçonné reste dû."""
    closed = close_venue(by=by, venue=venue, on=day or timezone.localdate())
    return Answer({"id": closed.pk, "closed_on": closed.closed_on}, [f"{closed} est fermé."])


@click.group(cls=Group)
def offer() -> None:
    """Offres : ce qu’un lieu propose dans un dispositif, et à quel prix."""


@offer.command()
@click.argument("venue", type=VENUE)
@click.argument("programme", type=PROGRAMME)
@click.argument("service", type=SERVICE)
@click.option("--price", default=1, show_default=True, type=int, help="Prix, en pass.")
@click.option("--minutes", default=120, show_default=True, type=int, help="Durée, en minutes.")
@answers
@acts
def add(*, by: Actor, venue: Venue, programme: Programme, service: Service, price: int, minutes: int) -> Answer:
    """Publie SERVICE à LIEU pour DISPOSITIF."""
    made = offer_service(by=by, venue=venue, programme=programme, service=service, price=price, minutes=minutes)
    return Answer({"id": made.pk}, [f"{venue} propose « {service.label} » : {price} pass, {minutes} minutes."])


@offer.command(name="list")
@click.argument("venue", type=VENUE)
@answers
def list_offers(venue: Venue) -> Answer:
    """Liste les offres de LIEU."""
    rows = [
        (one.programme.code, one.service.code, one.price, one.minutes)
        for one in venue.offers.filter(ended_on=None).select_related("programme", "service").order_by("pk")
    ]
    data = [dict(zip(("programme", "service", "price", "minutes"), row, strict=True)) for row in rows]
    return Answer(data, table(("dispositif", "service", "pass", "minutes"), rows))


@offer.command()
@click.argument("venue", type=VENUE)
@click.argument("programme", type=PROGRAMME)
@click.argument("service", type=SERVICE)
@click.option("--on", "day", type=DAY, help="Retirée le.  [par défaut : aujourd’hui]")
@answers
@acts
def end(*, by: Actor, venue: Venue, programme: Programme, service: Service, day: date | None) -> Answer:
    """Retire l’offre de SERVICE à LIEU pour DISPOSITIF."""
    found = ServiceOffer.objects.filter(venue=venue, programme=programme, service=service, ended_on=None).first()
    if found is None:
        raise Refused("not_offered", f"{venue} ne propose pas « {service.label} » dans {programme}.", "Vérifiez.")
    end_offer(by=by, offer=found, on=day or timezone.localdate())
    return Answer({"ended": found.pk}, [f"{venue} ne propose plus « {service.label} »."])
