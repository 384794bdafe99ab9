"""People, their roles, and the invitations that offer them."""

import click
from django.db.models import Q
from django.utils import timezone

from poincon.cli.acting import acts
from poincon.cli.references import ANYBODY, INVITATION, ORGANISATION, PERSON, PROGRAMME
from poincon.cli.shape import Answer, Group, Refused, answers, table
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.invitations import invitation_link
from poincon.organisations.models import Invitation, Membership, Organisation, User
from poincon.organisations.services import (
    change_role,
    close_account,
    end_role,
    grant_role,
    invite,
    invite_person,
    reopen_account,
    revoke_invitation,
    send_invitation_again,
    update_person,
)
from poincon.programmes.models import Programme


@click.group(cls=Group)
def user() -> None:
    """Personnes : elles se connectent avec un code reçu par courriel."""


@user.command(name="invite")
@click.argument("email", metavar="COURRIEL")
@click.option("--name", "full_name", required=True, metavar="NOM", help="Nom et prénom.")
@click.option("--phone", default="", metavar="TÉLÉPHONE", help="Téléphone.")
@click.option("--organisation", type=ORGANISATION, help="Organisation pour laquelle on l’invite.")
@answers
@acts
def open_one(*, by: Actor, email: str, full_name: str, phone: str, organisation: Organisation | None) -> Answer:
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


@user.command(name="update")
@click.argument("person", type=PERSON)
@click.option("--name", "full_name", metavar="NOM", help="Nom et prénom.")
@click.option("--phone", metavar="TÉLÉPHONE", help="Téléphone.")
@answers
@acts
def correct(*, by: Actor, person: User, full_name: str | None, phone: str | None) -> Answer:
    """Corrige le nom ou le téléphone de cette personne ; son courriel, qui la connecte, ne change pas."""
    row = update_person(
        by=by,
        user=person,
        full_name=person.full_name if full_name is None else full_name,
        phone=person.phone if phone is None else phone,
    )
    return Answer({"email": row.email, "name": row.full_name, "phone": row.phone}, [f"{row.email} : {row}."])


@user.command()
@click.argument("person", type=PERSON)
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@answers
@acts
def close(*, by: Actor, person: User, reason: str) -> Answer:
    """Ferme le compte : ses rôles finissent, ses appareils s’arrêtent ; ce qui est fait reste à son nom."""
    row = close_account(by=by, user=person, reason=reason)
    return Answer({"email": row.email, "is_active": row.is_active}, [f"Le compte de {row} est fermé."])


@user.command()
@click.argument("person", type=ANYBODY)
@answers
@acts
def reopen(*, by: Actor, person: User) -> Answer:
    """Rouvre un compte fermé ; ses rôles sont à donner à nouveau."""
    row = reopen_account(by=by, user=person)
    return Answer({"email": row.email, "is_active": row.is_active}, [f"Le compte de {row} est ouvert."])


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
    held = _held(person, role, organisation, programme)
    end_role(by=by, membership=held)
    return Answer({"ended": held.pk}, [f"{person} n’est plus {_role(held)}."])


@role.command()
@click.argument("person", type=PERSON)
@click.argument("role", metavar="RÔLE", type=click.Choice(Role.values))
@click.argument("new_role", metavar="NOUVEAU", type=click.Choice(Role.values))
@click.option("--organisation", required=True, type=ORGANISATION, help="Organisation où elle l’exerce.")
@click.option("--programme", type=PROGRAMME, help="Seulement dans ce dispositif.")
@answers
@acts
def change(
    *, by: Actor, person: User, role: str, new_role: str, organisation: Organisation, programme: Programme | None
) -> Answer:
    """Remplace ce RÔLE de la personne par un NOUVEAU, au même endroit."""
    made = change_role(by=by, membership=_held(person, role, organisation, programme), role=Role(new_role))
    return Answer({"id": made.pk, "role": made.role}, [f"{person} : {_role(made)}."])


def _held(person: User, role: str, organisation: Organisation | None, programme: Programme | None) -> Membership:
    held = Membership.objects.filter(
        Q(organisation=organisation), Q(programme=programme), user=person, role=role, ended_at=None
    ).first()
    if held is None:
        raise Refused("role_not_held", f"{person} n’a pas ce rôle à cet endroit.", "Voir « poincon user list ».")
    return held


@click.group(cls=Group)
def invitation() -> None:
    """Invitations : un rôle proposé par courriel, pris quand la personne ouvre son lien."""


@invitation.command()
@click.argument("email", metavar="COURRIEL")
@click.argument("role", metavar="RÔLE", type=click.Choice(Role.values))
@click.option("--organisation", type=ORGANISATION, help="Organisation où elle l’exercera.")
@click.option("--programme", type=PROGRAMME, help="Seulement dans ce dispositif.")
@click.option("--welcomed-in", type=PROGRAMME, help="Dispositif dont le coordinateur accueille un nouvel opérateur.")
@click.option("--name", "full_name", default="", metavar="NOM", help="Nom et prénom.")
@answers
@acts
def send(
    *,
    by: Actor,
    email: str,
    role: str,
    organisation: Organisation | None,
    programme: Programme | None,
    welcomed_in: Programme | None,
    full_name: str,
) -> Answer:
    """Propose un RÔLE à la personne de ce COURRIEL. Son lien part par courriel et vaut 14 jours."""
    made = invite(
        by=by,
        email=email,
        role=Role(role),
        organisation=organisation,
        programme=programme,
        welcomed_in=welcomed_in,
        full_name=full_name,
    )
    return _link(made)


def _link(made: Invitation) -> Answer:
    link = invitation_link(made)
    words = f"Invitation n° {made.pk} à {made.email}, valable jusqu’au {timezone.localtime(made.expires_at):%d/%m/%Y} :"
    return Answer({"id": made.pk, "link": link, "expires_at": made.expires_at}, [words, link])


@invitation.command(name="list")
@answers
def list_invitations() -> Answer:
    """Liste les invitations auxquelles personne n’a encore répondu."""
    found = Invitation.objects.filter(accepted_at=None, revoked_at=None).select_related("organisation")
    rows = [
        (one.pk, one.email, one.get_role_display(), str(one.organisation or ""), f"{one.expires_at:%Y-%m-%d}")
        for one in found.order_by("-pk")
    ]
    data = [dict(zip(("id", "email", "role", "organisation", "expires_on"), row, strict=True)) for row in rows]
    return Answer(data, table(("n°", "courriel", "rôle", "organisation", "valable jusqu’au"), rows))


@invitation.command()
@click.argument("invitation", type=INVITATION)
@answers
@acts
def again(*, by: Actor, invitation: Invitation) -> Answer:
    """Envoie à nouveau INVITATION : un nouveau lien, et le précédent n’ouvre plus rien."""
    return _link(send_invitation_again(by=by, invitation=invitation))


@invitation.command()
@click.argument("invitation", type=INVITATION)
@answers
@acts
def revoke(*, by: Actor, invitation: Invitation) -> Answer:
    """Retire INVITATION : son lien n’ouvre plus rien."""
    row = revoke_invitation(by=by, invitation=invitation)
    return Answer({"id": row.pk, "revoked_at": row.revoked_at}, [f"L’invitation de {row} est retirée."])
