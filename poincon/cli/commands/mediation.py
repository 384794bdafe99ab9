"""Places, and the services they give."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.references import COMMUNE, DAY, ORGANISATION, PROGRAMME, SERVICE, VENUE
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.kernel.alphabet import Alphabetical
from poincon.mediation.imports import read_network_file
from poincon.mediation.models import ServiceOffer, Venue
from poincon.mediation.queries import not_over
from poincon.mediation.services import (
    close_venue,
    end_offer,
    import_network,
    offer_service,
    open_venue,
    preview_network,
    reopen_venue,
    update_venue,
)
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


@venue.command(name="update")
@click.argument("venue", type=VENUE)
@click.option("--name", metavar="NOM", help="Nom.")
@click.option("--commune", type=COMMUNE, help="Code INSEE de la commune.")
@click.option("--address", metavar="ADRESSE", help="Adresse.")
@click.option("--phone", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--email", metavar="COURRIEL", help="Courriel.")
@click.option("--itinerant/--fixed", default=None, help="Il tourne, ou non.")
@click.option("--latitude", type=float, metavar="DEGRÉS", help="Latitude.")
@click.option("--longitude", type=float, metavar="DEGRÉS", help="Longitude.")
@click.option("--for", "programme", type=PROGRAMME, help="Dispositif pour le réseau duquel on le corrige.")
@answers
@acts
def change_place(*, by: Actor, venue: Venue, programme: Programme | None, **fields: Any) -> Answer:
    """Change ce qui est donné de LIEU, et rien d’autre."""
    changes = {name: value for name, value in fields.items() if value is not None}
    made = update_venue(by=by, venue=venue, programme=programme, **changes)
    return Answer({"id": made.pk, "name": made.name}, [f"Lieu n° {made.pk} à jour : {made.name}, {made.commune.name}."])


@venue.command(name="import")
@click.argument("programme", type=PROGRAMME)
@click.argument("file", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Dire ce qui se ferait, sans rien écrire.")
@answers
@acts
def bring_network(*, by: Actor, programme: Programme, file: Path, check: bool) -> Answer:
    """Fait entrer dans DISPOSITIF les organisations, lieux et personnes d’un tableau CSV ou XLSX."""
    rows = read_network_file(file.read_bytes())
    verb = preview_network if check else import_network
    done = verb(by=by, programme=programme, rows=rows)
    counts = {
        "organisations": len(done.organisations),
        "venues": len(done.venues),
        "invitations": len(done.invitations),
        "known": done.known,
    }
    data = counts | {"problems": [vars(one) for one in done.problems], "ignored": done.ignored}
    brought = f"{counts['organisations']} organisation(s), {counts['venues']} lieu(x)"
    lines = [
        f"{brought}, {counts['invitations']} invitation(s), {done.known} ligne(s) déjà connue(s).",
        *(f"Colonne ignorée : {heading}." for heading in done.ignored),
        *(str(problem) for problem in done.problems),
    ]
    return Answer(data, lines, code=1 if done.problems else 0)


@venue.command(name="list")
@click.option("--operator", type=ORGANISATION, help="Seulement ceux de cet opérateur.")
@answers
def list_venues(operator: Organisation | None) -> Answer:
    """Liste les lieux ouverts."""
    found = (
        Venue.objects.filter(closed_on=None).select_related("operator", "commune").order_by(Alphabetical("name"), "pk")
    )
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


@venue.command(name="reopen")
@click.argument("venue", type=VENUE)
@answers
@acts
def reopen_place(*, by: Actor, venue: Venue) -> Answer:
    """Rouvre LIEU, fermé par erreur ou pour une saison ; ses offres sont à publier à nouveau."""
    opened = reopen_venue(by=by, venue=venue)
    return Answer({"id": opened.pk, "closed_on": opened.closed_on}, [f"{opened} est ouvert."])


@click.group(cls=Group)
def offer() -> None:
    """Offres : ce qu’un lieu propose dans un dispositif, et à quel prix."""


@offer.command()
@click.argument("venue", type=VENUE)
@click.argument("programme", type=PROGRAMME)
@click.argument("service", type=SERVICE)
@click.option("--price", default=1, show_default=True, type=int, metavar="N", help="Prix, en pass.")
@click.option("--minutes", default=120, show_default=True, type=int, metavar="N", help="Durée, en minutes.")
@click.option("--from", "starts_on", type=DAY, help="À partir du.  [par défaut : aujourd’hui]")
@answers
@acts
def add(
    *,
    by: Actor,
    venue: Venue,
    programme: Programme,
    service: Service,
    price: int,
    minutes: int,
    starts_on: date | None,
) -> Answer:
    """Publie SERVICE à LIEU pour DISPOSITIF. Son prix d’avant, s’il en avait un, vaut jusqu’à la veille."""
    made = offer_service(
        by=by,
        venue=venue,
        programme=programme,
        service=service,
        price=price,
        minutes=minutes,
        starts_on=starts_on,
    )
    words = f"{venue} propose « {service.label} » : {price} pass, {minutes} minutes, dès le {made.starts_on:%d/%m/%Y}."
    return Answer({"id": made.pk, "starts_on": made.starts_on}, [words])


@offer.command(name="list")
@click.argument("venue", type=VENUE)
@answers
def list_offers(venue: Venue) -> Answer:
    """Liste les offres de LIEU, celles à venir comprises."""
    rows = [
        (one.programme.code, one.service.code, one.price, one.minutes, one.starts_on, one.ended_on)
        for one in venue.offers.filter(not_over(timezone.localdate())).select_related("programme", "service")
    ]
    names = ("programme", "service", "price", "minutes", "starts_on", "ended_on")
    data = [dict(zip(names, row, strict=True)) for row in rows]
    written = [(*row[:4], f"{row[4]:%d/%m/%Y}", f"{row[5]:%d/%m/%Y}" if row[5] else "") for row in rows]
    return Answer(data, table(("dispositif", "service", "pass", "minutes", "dès le", "finit le"), written))


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
