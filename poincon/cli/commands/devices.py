"""The phones and browsers that punch passes."""

import click

from poincon.cli.acting import acts
from poincon.cli.references import DEVICE, ORGANISATION, PERSON
from poincon.cli.shape import Answer, Group, answers, table
from poincon.kernel.alphabet import Alphabetical
from poincon.organisations.actors import Actor
from poincon.organisations.models import Device, Organisation, User
from poincon.organisations.services import enrol_device, revoke_device


@click.group(cls=Group)
def device() -> None:
    """Appareils qui poinçonnent, chacun pour un opérateur et au nom d’un médiateur."""


@device.command()
@click.argument("organisation", type=ORGANISATION)
@click.option("--label", required=True, metavar="NOM", help="Nom de l’appareil, comme « Téléphone de l’accueil ».")
@click.option("--for", "for_user", type=PERSON, help="Médiateur qui s’en sert.  [par défaut : la personne de --as]")
@answers
@acts
def add(*, by: Actor, organisation: Organisation, label: str, for_user: User | None) -> Answer:
    """Enrôle un appareil pour ORGANISATION. Son jeton n’est montré qu’une fois."""
    made, token = enrol_device(by=by, operator=organisation, label=label, for_user=for_user)
    return Answer(
        {"id": made.pk, "token": token},
        [f"Appareil n° {made.pk} enrôlé. Son jeton, à copier maintenant :", token],
    )


@device.command(name="list")
@click.option("--operator", type=ORGANISATION, help="Seulement ceux de cet opérateur.")
@answers
def list_devices(operator: Organisation | None) -> Answer:
    """Liste les appareils, révoqués compris."""
    found = Device.objects.select_related("operator", "enrolled_by").order_by(Alphabetical("operator__name"), "pk")
    rows = [
        (one.pk, one.label, one.operator.name, str(one.enrolled_by), "révoqué" if one.revoked_at else "en service")
        for one in (found.filter(operator=operator) if operator else found)
    ]
    data = [dict(zip(("id", "label", "operator", "enrolled_by", "state"), row, strict=True)) for row in rows]
    return Answer(data, table(("n°", "appareil", "opérateur", "médiateur", "état"), rows))


@device.command()
@click.argument("device", type=DEVICE)
@answers
@acts
def revoke(by: Actor, device: Device) -> Answer:
    """Révoque APPAREIL : son jeton est refusé dès maintenant ; ce qu’il a poinçonné reste."""
    revoke_device(by=by, device=device)
    return Answer({"id": device.pk}, [f"L’appareil n° {device.pk} est révoqué."])
