"""Organisations: registered, corrected, their sites and their account."""

from typing import Any

import click

from poincon.cli.acting import acts
from poincon.cli.references import COMMUNE, ORGANISATION, PROGRAMME
from poincon.cli.shape import Answer, Group, answers, table
from poincon.kernel.alphabet import Alphabetical
from poincon.organisations.actors import Actor
from poincon.organisations.enums import LegalForm
from poincon.organisations.models import Organisation
from poincon.organisations.services import add_site, create_organisation, set_bank_account, update_organisation
from poincon.programmes.models import Programme
from poincon.territories.models import Commune

KINDS = {"finance": "is_funder", "coordonne": "is_coordinator", "prescrit": "is_prescriber", "opère": "is_operator"}


@click.group(cls=Group)
def organisation() -> None:
    """Organisations : celles qui financent, coordonnent, prescrivent, opèrent."""


@organisation.command()
@click.argument("name", metavar="NOM")
@click.option("--form", "legal_form", required=True, type=click.Choice(LegalForm.values), help="Forme juridique.")
@click.option("--siret", default="", metavar="SIRET", help="14 chiffres ; le SIREN s’en déduit.")
@click.option("--rna", default="", metavar="RNA", help="Numéro d’une association sans SIRET.")
@click.option("--funds", "is_funder", is_flag=True, help="Elle finance.")
@click.option("--coordinates", "is_coordinator", is_flag=True, help="Elle coordonne un réseau.")
@click.option("--prescribes", "is_prescriber", is_flag=True, help="Elle remet des chéquiers.")
@click.option("--operates", "is_operator", is_flag=True, help="Elle reçoit les personnes et poinçonne.")
@click.option("--email", default="", metavar="COURRIEL", help="Courriel.")
@click.option("--phone", default="", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--address", default="", metavar="ADRESSE", help="Adresse.")
@click.option("--commune", type=COMMUNE, help="Code INSEE de la commune.")
@click.option("--for", "programme", type=PROGRAMME, help="Dispositif pour le réseau duquel on l’enregistre.")
@answers
@acts
def create(*, by: Actor, programme: Programme | None, commune: Commune | None, **fields: str) -> Answer:
    """Enregistre l’organisation NOM. Une même organisation peut faire plusieurs choses."""
    made = create_organisation(by=by, commune=commune, programme=programme, **fields)  # type: ignore[arg-type]  # click's types
    return Answer(_about(made), [f"« {made.name} » est enregistrée."])


@organisation.command(name="list")
@answers
def list_organisations() -> Answer:
    """Liste les organisations enregistrées."""
    found = [_about(one) for one in Organisation.objects.order_by(Alphabetical("name"), "pk")]
    rows = [(one["siret"] or one["rna"], one["name"], ", ".join(one["does"])) for one in found]
    return Answer(found, table(("numéro", "nom", "fait"), rows))


@organisation.command()
@click.argument("organisation", type=ORGANISATION)
@click.option("--holder", required=True, metavar="NOM", help="Titulaire du compte.")
@click.option(
    "--iban",
    prompt="IBAN",
    hide_input=True,
    metavar="IBAN",
    help="IBAN ; demandé au clavier s’il manque, pour ne pas rester dans l’historique du terminal.",
)
@click.option("--bic", default="", metavar="BIC", help="BIC ; se déduit de l’IBAN en France.")
@answers
@acts
def account(*, by: Actor, organisation: Organisation, holder: str, iban: str, bic: str) -> Answer:
    """Enregistre le compte sur lequel ORGANISATION est payée. L’IBAN est chiffré dans la base."""
    made = set_bank_account(by=by, organisation=organisation, holder=holder, iban=iban, bic=bic)
    return Answer(
        {"organisation": organisation.name, "iban_end": made.iban_end, "bic": made.bic},
        [f"« {organisation.name} » sera payée sur le compte qui finit par {made.iban_end}."],
    )


@organisation.command()
@click.argument("organisation", type=ORGANISATION)
@click.option("--name", metavar="NOM", help="Nom d’usage.")
@click.option("--form", "legal_form", type=click.Choice(LegalForm.values), help="Forme juridique.")
@click.option("--siret", metavar="SIRET", help="À ajouter ; un SIRET enregistré ne change plus.")
@click.option("--rna", metavar="RNA", help="Numéro d’association.")
@click.option("--funds/--no-funds", "is_funder", default=None, help="Elle finance, ou plus.")
@click.option("--coordinates/--no-coordinates", "is_coordinator", default=None, help="Elle coordonne, ou plus.")
@click.option("--prescribes/--no-prescribes", "is_prescriber", default=None, help="Elle prescrit, ou plus.")
@click.option("--operates/--no-operates", "is_operator", default=None, help="Elle opère, ou plus.")
@click.option("--email", metavar="COURRIEL", help="Courriel.")
@click.option("--phone", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--address", metavar="ADRESSE", help="Adresse.")
@click.option("--commune", type=COMMUNE, help="Code INSEE de la commune.")
@click.option("--for", "programme", type=PROGRAMME, help="Dispositif pour le réseau duquel on la corrige.")
@answers
@acts
def update(*, by: Actor, organisation: Organisation, programme: Programme | None, **fields: Any) -> Answer:
    """Change ce qui est donné de ORGANISATION, et rien d’autre."""
    changes = {name: value for name, value in fields.items() if value is not None}
    made = update_organisation(by=by, organisation=organisation, programme=programme, **changes)
    return Answer(_about(made), [f"« {made.name} » est à jour."])


@organisation.command()
@click.argument("organisation", type=ORGANISATION)
@click.argument("name", metavar="NOM")
@click.option("--commune", required=True, type=COMMUNE, help="Code INSEE de la commune.")
@click.option("--siret", default="", metavar="SIRET", help="SIRET de cet établissement.")
@click.option("--address", default="", metavar="ADRESSE", help="Adresse.")
@click.option("--for", "programme", type=PROGRAMME, help="Dispositif pour le réseau duquel on l’enregistre.")
@answers
@acts
def site(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    commune: Commune,
    siret: str,
    address: str,
    programme: Programme | None,
) -> Answer:
    """Enregistre un autre site de ORGANISATION : une annexe, un établissement."""
    made = add_site(
        by=by, organisation=organisation, name=name, commune=commune, siret=siret, address=address, programme=programme
    )
    return Answer({"id": made.pk, "name": made.name}, [f"« {organisation.name} » a un site de plus : {made.name}."])


def _about(one: Organisation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "siret": one.siret,
        "rna": one.rna,
        "does": [word for word, field in KINDS.items() if getattr(one, field)],
    }
