"""People and the roles they are given."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations import permissions
from poincon.organisations.actors import NOT_ALLOWED, Actor, ProgrammeScope
from poincon.organisations.enums import Role
from poincon.organisations.models import Device, Membership, Organisation, User
from poincon.organisations.rules import KIND_OF_ROLE, normalise_email, normalise_phone
from poincon.organisations.services.version import touch_rules

EMAIL_MISSING = Refusal(
    "organisations.email_missing", _("Courriel : il manque."), _("C’est avec lui que la personne se connecte.")
)
EMAIL_TAKEN = Refusal(
    "organisations.email_taken",
    _("Courriel : « %(email)s » est déjà celui d’un compte."),
    _("Donnez directement un rôle à cette personne."),
)
FULL_NAME_MISSING = Refusal(
    "organisations.full_name_missing", _("Nom et prénom : ils manquent."), _("Écrivez-les tous les deux.")
)
ORGANISATION_NEEDED = Refusal(
    "organisations.role_needs_organisation",
    _("Organisation : le rôle « %(role)s » s’exerce dans une organisation."),
    _("Dites laquelle."),
)
ADMINISTRATOR_OF_THE_WHOLE = Refusal(
    "organisations.administrator_of_the_whole",
    _("L’administrateur agit sur tout le service, pas sur une organisation ni sur un dispositif."),
    _("Donnez ce rôle sans organisation ni dispositif."),
)
ROLE_DOES_NOT_FIT = Refusal(
    "organisations.role_does_not_fit",
    _("Rôle : « %(organisation)s » ne peut pas avoir de « %(role)s »."),
    _("Modifiez d’abord ce que fait cette organisation (finance, coordonne, prescrit, opère)."),
)
OTHER_ROLE_HELD = Refusal(
    "organisations.other_role_held",
    _("Rôle : %(person)s est déjà « %(role)s » à cet endroit."),
    _("Retirez d’abord ce rôle."),
)
ROLE_ENDED = Refusal(
    "organisations.role_ended", _("Rôle : %(person)s ne l’a plus."), _("Donnez-lui directement le nouveau rôle.")
)
LAST_ADMINISTRATOR = Refusal(
    "organisations.last_administrator",
    _("%(person)s est la dernière personne qui administre le service."),
    _("Nommez d’abord une autre personne."),
)
LAST_FUNDER = Refusal(
    "organisations.last_funder",
    _("%(person)s est la dernière personne qui décide pour « %(organisation)s »."),
    _("Donnez d’abord le rôle « %(role)s » à une autre personne."),
)
#: Without anybody in one of these roles, nobody there could give it again.
NEVER_EMPTY = {Role.ADMINISTRATOR: LAST_ADMINISTRATOR, Role.FUNDER: LAST_FUNDER}


@transaction.atomic
def create_user(
    *,
    by: Actor,
    email: str,
    full_name: str,
    phone: str = "",
    organisation: Organisation | None = None,
    programme: ProgrammeScope | None = None,
) -> User:
    """Open an account, without any role yet. The person signs in with a code sent by e-mail.

    ``organisation`` or ``programme`` say on whose behalf. Raises a refusal when the address is wrong or taken.
    """
    _require_invitation(by, organisation, programme)
    address = checked_address(email)
    if User.objects.filter(email=address).exists():
        raise EMAIL_TAKEN.filled(email=address)
    return open_account(by, address, full_name, phone)


@transaction.atomic
def invite_person(
    *,
    by: Actor,
    email: str,
    full_name: str,
    phone: str = "",
    organisation: Organisation | None = None,
    programme: ProgrammeScope | None = None,
) -> User:
    """The account with this address, opened if there is none. Somebody else's name and phone are left as they are."""
    _require_invitation(by, organisation, programme)
    address = checked_address(email)
    return User.objects.filter(email=address).first() or open_account(by, address, full_name, phone)


def _require_invitation(by: Actor, organisation: Organisation | None, programme: ProgrammeScope | None) -> None:
    by.require(
        permissions.INVITE_PERSON, programme=programme, organisation_id=organisation.pk if organisation else None
    )


def checked_address(email: str) -> str:
    """The address with which a person signs in. Raises a refusal when it is missing or wrong."""
    address = normalise_email(email)
    if not address:
        raise EMAIL_MISSING.filled()
    return address


def open_account(by: Actor, address: str, full_name: str, phone: str) -> User:
    """Write an account for an address that has none. For verbs that checked who may. Raises a refusal."""
    user = User.objects.create_user(address, full_name=checked_full_name(full_name), phone=normalise_phone(phone))
    audit.record(by, "organisations.create_user", user, after={"email": address, "full_name": user.full_name})
    return user


def checked_full_name(full_name: str) -> str:
    """A person’s name. Raises a refusal when it is missing or too long."""
    name = text_for(User, "full_name", full_name)
    if not name:
        raise FULL_NAME_MISSING.filled()
    return name


@transaction.atomic
def grant_role(
    *,
    by: Actor,
    user: User,
    role: Role,
    organisation: Organisation | None = None,
    programme: ProgrammeScope | None = None,
    welcomed_in: ProgrammeScope | None = None,
    now: datetime | None = None,
) -> Membership:
    """Give a person one role in an organisation and, with ``programme``, for that programme only.

    Giving again the role somebody holds changes nothing. ``welcomed_in`` is the programme whose coordinator welcomes an
    operator that nobody represents yet. Raises a refusal when the role does not fit there or another one is held.
    """
    require_right_to_grant(by, role, organisation, programme, welcomed_in)
    require_fit(role, organisation, programme)
    programme_id = programme.pk if programme else None
    # The lock makes two grants to the same person wait for each other.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    live = Membership.objects.filter(user=user, organisation=organisation, ended_at=None)
    held = next((membership for membership in live if membership.programme_id == programme_id), None)
    if held is not None and held.role == role:
        return held
    if held is not None:
        raise OTHER_ROLE_HELD.filled(person=user, role=held.get_role_display())
    membership = Membership.objects.create(
        user=user, organisation=organisation, programme_id=programme_id, role=role, since=now or timezone.now()
    )
    _record_role(by, "organisations.grant_role", membership, after=_picture(membership))
    return membership


@transaction.atomic
def end_role(*, by: Actor, membership: Membership, now: datetime | None = None) -> Membership:
    """Take a role back; twice changes nothing. Raises ``organisations.last_administrator``, ``last_funder``."""
    role = Role(membership.role)
    require_right_to_grant(by, role, membership.organisation, membership.programme, None)
    row = _locked(membership)
    if row.ended_at is not None:
        return row
    _keep_somebody(row)
    row.ended_at = now or timezone.now()
    row.save(update_fields=["ended_at"])
    _revoke_devices(row, by=by, now=row.ended_at)
    _record_role(by, "organisations.end_role", row, before=_picture(row))
    return row


@transaction.atomic
def change_role(*, by: Actor, membership: Membership, role: Role, now: datetime | None = None) -> Membership:
    """Give a person another role at the same place; the former one ends. The same role changes nothing.

    Asks the right to take the one and to give the other. Her devices stay if the new role punches too. Raises also
    ``organisations.last_funder``.
    """
    former = Role(membership.role)
    require_right_to_grant(by, former, membership.organisation, membership.programme, None)
    require_right_to_grant(by, role, membership.organisation, membership.programme, None)
    require_fit(role, membership.organisation, membership.programme)
    row = _locked(membership)
    if row.ended_at is not None:
        raise ROLE_ENDED.filled(person=row.user)
    if row.role == role:
        return row
    _keep_somebody(row)
    now = now or timezone.now()
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    made = Membership.objects.create(
        user=row.user, organisation=row.organisation, programme=row.programme, role=role, since=now
    )
    _revoke_devices(row, by=by, now=now)
    _record_role(by, "organisations.change_role", made, before=_picture(row), after=_picture(made))
    return made


def _locked(membership: Membership) -> Membership:
    """The role as it is now, locked with those that would replace it: two people cannot end each other's at once."""
    others = _who_could_replace(membership) if membership.role in NEVER_EMPTY else Membership.objects.none()
    rows = (others | Membership.objects.filter(pk=membership.pk)).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}[membership.pk]


def _who_could_replace(membership: Membership) -> QuerySet[Membership]:
    """The live roles with which somebody could do all that this one does, itself included."""
    wide_enough = Q(programme=None) | Q(programme=membership.programme_id)
    return Membership.objects.filter(
        wide_enough, role=membership.role, organisation=membership.organisation_id, ended_at=None
    )


def _keep_somebody(row: Membership) -> None:
    """Raise a refusal when nobody would be left to give this role again."""
    refusal = NEVER_EMPTY.get(Role(row.role))
    if refusal and not _who_could_replace(row).exclude(pk=row.pk).exists():
        raise refusal.filled(person=row.user, organisation=row.organisation, role=row.get_role_display())


def _revoke_devices(ended: Membership, *, by: Actor, now: datetime) -> None:
    """A device acts in the name of the person who enrolled it: it stops with that person's last role there."""
    still = Membership.objects.filter(
        user=ended.user, organisation=ended.organisation, ended_at=None, role__in=permissions.ENROL_DEVICE.roles
    )
    if ended.role in permissions.ENROL_DEVICE.roles and not still.exists():
        Device.objects.filter(operator=ended.organisation, enrolled_by=ended.user, revoked_at=None).update(
            revoked_at=now, revoked_by=by.user
        )


def require_right_to_grant(
    by: Actor,
    role: Role,
    organisation: Organisation | None,
    programme: ProgrammeScope | None,
    welcomed_in: ProgrammeScope | None,
) -> None:
    """Raise ``right_missing`` unless this actor may give that role there (``grant_role``)."""
    right = permissions.RIGHT_TO_GRANT[role]
    if by.may(right, programme=programme, organisation_id=organisation.pk if organisation else None):
        return
    if role is not Role.OPERATOR_MANAGER or organisation is None or welcomed_in is None:
        raise NOT_ALLOWED.filled(right=right.label)
    by.require(permissions.WELCOME_OPERATOR, programme=welcomed_in)
    # Once somebody represents the organisation, its team is its own business: nobody outside may slip into it.
    if organisation.memberships.filter(ended_at=None).exists():
        raise NOT_ALLOWED.filled(right=right.label)


def require_fit(role: Role, organisation: Organisation | None, programme: ProgrammeScope | None) -> None:
    """Raise a refusal unless an organisation of that kind can have this role."""
    if role is Role.ADMINISTRATOR:
        if organisation is not None or programme is not None:
            raise ADMINISTRATOR_OF_THE_WHOLE.filled()
        return
    if organisation is None:
        raise ORGANISATION_NEEDED.filled(role=role.label)
    kinds = KIND_OF_ROLE.get(role, ())
    if kinds and not any(getattr(organisation, kind) for kind in kinds):
        raise ROLE_DOES_NOT_FIT.filled(organisation=organisation, role=role.label)


def _picture(membership: Membership) -> dict[str, object]:
    return {
        "user": membership.user_id,
        "role": membership.role,
        "organisation": membership.organisation_id,
        "programme": membership.programme_id,
    }


def _record_role(
    by: Actor,
    action: str,
    membership: Membership,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(by, action, membership, programme_id=membership.programme_id, before=before, after=after)
    if membership.organisation_id is not None:
        touch_rules(membership.organisation_id)
