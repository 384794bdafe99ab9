"""Organisations, people, roles."""

from typing import Any

import click
from django.db.models import Q

from poincon.cli.acting import acts
from poincon.cli.references import COMMUNE, ORGANISATION, PERSON, PROGRAMME
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.organisations.actors import Actor
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.models import Membership, Organisation, User
from poincon.organisations.services import create_organisation, end_role, grant_role, invite_person, set_bank_account
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
    found = [_about(one) for one in Organisation.objects.order_by("name", "pk")]
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


def _about(one: Organisation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "siret": one.siret,
        "rna": one.rna,
        "does": [word for word, field in KINDS.items() if getattr(one, field)],
    }


@click.group(cls=Group)
def user() -> None:
    """Personnes : elles se connectent avec un code reçu par courriel."""


@user.command()
@click.argument("email", metavar="COURRIEL")
@click.option("--name", "full_name", required=True, metavar="NOM", help="Nom et prénom.")
@click.option("--phone", default="", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--organisation", type=ORGANISATION, help="Organisation pour laquelle on l’invite.")
@answers
@acts
def invite(*, by: Actor, email: str, full_name: str, phone: str, organisation: Organisation | None) -> Answer:
    """Ouvre un compte à la personne de ce COURRIEL, si elle n’en a pas. Elle n’a encore aucun rôle."""
    person = invite_person(by=by, email=email, full_name=full_name, phone=phone, organisation=organisation)
    return Answer({"id": person.pk, "email": person.email}, [f"{person} a un compte : {person.email}."])


@user.command(name="list")
@answers
def list_people() -> Answer:
    """Liste les personnes et leurs rôles."""
    people = User.objects.filter(is_active=True).prefetch_related("memberships__organisation", "memberships__programme")
    found = [
        {
            "email": person.email,
            "name": person.full_name,
            "roles": [_role(membership) for membership in person.memberships.all() if membership.ended_at is None],
        }
        for person in people
    ]
    rows = [(one["email"], one["name"], " ; ".join(one["roles"])) for one in found]
    return Answer(found, table(("courriel", "nom", "rôles"), rows))


def _role(membership: Membership) -> str:
    words = [str(membership.get_role_display())]
    if membership.organisation:
        words.append(membership.organisation.name)
    if membership.programme:
        words.append(membership.programme.code)
    return ", ".join(words)


@click.group(cls=Group)
def role() -> None:
    """Rôles : ce qu’une personne fait dans une organisation."""


@role.command()
@click.argument("person", type=PERSON)
@click.argument("role", metavar="RÔLE", type=click.Choice(Role.values))
@click.option("--organisation", type=ORGANISATION, help="Organisation où elle l’exerce.")
@click.option("--programme", type=PROGRAMME, help="Seulement dans ce dispositif.")
@answers
@acts
def grant(
    *, by: Actor, person: User, role: str, organisation: Organisation | None, programme: Programme | None
) -> Answer:
    """Donne à la personne de ce COURRIEL un RÔLE : funder, coordinator, prescriber, operator_manager, mediator,
    accountant, observer ou administrator.
    """
    made = grant_role(by=by, user=person, role=Role(role), organisation=organisation, programme=programme)
    return Answer({"id": made.pk, "role": made.role}, [f"{person} : {_role(made)}."])


@role.command()
@click.argument("person", type=PERSON)
@click.argument("role", metavar="RÔLE", type=click.Choice(Role.values))
@click.option("--organisation", type=ORGANISATION, help="Organisation où elle l’exerce.")
@click.option("--programme", type=PROGRAMME, help="Seulement dans ce dispositif.")
@answers
@acts
def end(
    *, by: Actor, person: User, role: str, organisation: Organisation | None, programme: Programme | None
) -> Answer:
    """Retire ce RÔLE à la personne. Ses appareils s’arrêtent avec son dernier rôle chez l’opérateur."""
    held = Membership.objects.filter(
        Q(organisation=organisation), Q(programme=programme), user=person, role=role, ended_at=None
    ).first()
    if held is None:
        raise Refused("role_not_held", f"{person} n’a pas ce rôle à cet endroit.", "Voir « poincon user list ».")
    end_role(by=by, membership=held)
    return Answer({"ended": held.pk}, [f"{person} n’est plus {_role(held)}."])
