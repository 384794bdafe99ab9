"""The phones and browsers that punch passes for an operator."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for
from poincon.organisations import permissions
from poincon.organisations.actors import Actor
from poincon.organisations.devices import CONTACT_PRECISION, token_digest
from poincon.organisations.models import Device, Organisation, User
from poincon.organisations.rules import TOKEN_BYTES, device_token
from poincon.organisations.services.version import touch_rules

NOT_AN_OPERATOR = Refusal(
    "organisations.not_an_operator",
    _("« %(organisation)s » n’est pas un opérateur de médiation."),
    _("Seul un opérateur enrôle des appareils qui poinçonnent."),
)
LABEL_MISSING = Refusal(
    "organisations.device_label_missing",
    _("Nom de l’appareil : il manque."),
    _("Écrivez par exemple « Téléphone de l’accueil »."),
)
NOT_OF_THE_TEAM = Refusal(
    "organisations.not_of_the_team",
    _("Cette personne ne poinçonne pas pour « %(organisation)s »."),
    _("Donnez-lui d’abord le rôle de médiateur ou de responsable dans cette organisation."),
)


@transaction.atomic
def enrol_device(
    *,
    by: Actor,
    operator: Organisation,
    label: str,
    for_user: User | None = None,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    now: datetime | None = None,
) -> tuple[Device, str]:
    """A device that may punch for this operator, and its token, which is shown once and kept only as a digest.

    A person enrols for itself; the system names the person with ``for_user``. ``random_bytes`` makes the secret.
    """
    by.require(permissions.ENROL_DEVICE, organisation_id=operator.pk)
    person = _holder(by, operator, for_user)
    if not operator.is_operator:
        raise NOT_AN_OPERATOR.filled(organisation=operator.name)
    name = text_for(Device, "label", label)
    if not name:
        raise LABEL_MISSING.filled()
    token = device_token(random_bytes(TOKEN_BYTES))
    device = Device.objects.create(
        operator=operator,
        label=name,
        token_digest=token_digest(token),
        enrolled_by=person,
        enrolled_at=now or timezone.now(),
    )
    audit.record(
        by,
        "organisations.enrol_device",
        device,
        after={"operator": operator.pk, "label": device.label, "for": person.pk},
    )
    return device, token


def _holder(by: Actor, operator: Organisation, for_user: User | None) -> User:
    if by.user is not None and for_user in {None, by.user}:
        return by.user
    # Nobody enrols a device in a colleague's name; the system must say whose hands it is for.
    if by.user is not None or for_user is None:
        raise NOT_OF_THE_TEAM.filled(organisation=operator.name)
    if not Actor(user=for_user, source=by.source).may(permissions.ENROL_DEVICE, organisation_id=operator.pk):
        raise NOT_OF_THE_TEAM.filled(organisation=operator.name)
    return for_user


@transaction.atomic
def revoke_device(*, by: Actor, device: Device, now: datetime | None = None) -> Device:
    """Its token is refused from now on; what it punched stays. Revoking twice changes nothing."""
    by.require(permissions.REVOKE_DEVICE, organisation_id=device.operator_id)
    row = _locked(device.pk)
    return row if row.revoked_at is not None else _stop(row, "organisations.revoke_device", by=by, now=now)


@transaction.atomic
def end_device(*, device_id: int, now: datetime | None = None) -> Device:
    """The device says itself that nobody punches with it any more: its token is refused from now on.

    It acts with its own token, in the name of the person who enrolled it. Ending twice changes nothing.
    """
    row = _locked(device_id)
    by = Actor(user=row.enrolled_by, source="device")
    return row if row.revoked_at is not None else _stop(row, "organisations.end_device", by=by, now=now)


def _locked(device_id: int) -> Device:
    return Device.objects.select_for_update(of=("self",), no_key=True).get(pk=device_id)


def _stop(row: Device, verb: str, *, by: Actor, now: datetime | None) -> Device:
    row.revoked_at, row.revoked_by = now or timezone.now(), by.user
    row.save(update_fields=["revoked_at", "revoked_by"])
    touch_rules(row.operator_id)
    audit.record(by, verb, row, after={"label": row.label})
    return row


def note_contact(*, device_id: int, now: datetime) -> None:
    """Keep when a device was last heard, to a quarter of an hour: one statement, which seldom writes."""
    stale = Q(last_contact_at=None) | Q(last_contact_at__lte=now - CONTACT_PRECISION)
    Device.objects.filter(stale, pk=device_id).update(last_contact_at=now)
