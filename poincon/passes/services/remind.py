"""Reminding whoever keeps booklets waiting, in stock or in a parcel: one mail, in one click, never two in a week."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.messages import announce
from poincon.kernel.models import Message
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.mailing import recipients
from poincon.organisations.models import Organisation
from poincon.passes import permissions
from poincon.passes.models import Transfer
from poincon.passes.notices import PARCEL_SENT, STOCK_SLEEPING, sleeping_subject
from poincon.passes.queries.stock import stock_of
from poincon.passes.services.move import PARCEL_READERS, check_on_its_way
from poincon.programmes.models import Programme

#: Whoever is reminded more often stops reading.
QUIET = timedelta(days=7)

NOTHING_SLEEPS = Refusal(
    "nothing_in_stock",
    _("%(holder)s n’a plus de chéquier de ce dispositif en stock."),
    _("Il n’y a rien à relancer."),
)
NOBODY_TO_REMIND = Refusal(
    "nobody_to_remind",
    _("Personne ne peut recevoir de courriel chez %(holder)s : ni compte, ni adresse."),
    _("Invitez une personne de cette organisation, ou appelez-la."),
)
REMINDED_LATELY = Refusal(
    "reminded_lately",
    _("%(holder)s a déjà été relancé le %(day)s."),
    _("Attendez une semaine entre deux relances, ou appelez."),
)

PARCEL_REMINDED = Refusal(
    "parcel_reminded_lately",
    _("%(receiver)s a déjà reçu un courriel pour ce colis le %(day)s."),
    _("Attendez une semaine entre deux courriels, ou appelez."),
)


@transaction.atomic
def remind_holders(
    *, by: Actor, programme: Programme, holders: Iterable[Organisation], now: datetime | None = None
) -> list[Message]:
    """Write to the prescribers of each holder that its booklets wait. All of them, or none.

    Raises Refusal: ``right_missing``, ``nothing_in_stock``, ``nobody_to_remind``, ``reminded_lately``.
    """
    by.require(permissions.REMIND_HOLDERS, programme=programme)
    now = now or timezone.now()
    # Two clicks at the same second remind once.
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    those = {holder.pk: holder for holder in holders}
    found = recipients(those, [Role.PRESCRIBER, Role.COORDINATOR], programme_id=programme.pk)
    for holder in those.values():
        _check(programme, holder, now, reachable=bool(found[holder.pk]))
    told = [(sleeping_subject(programme.pk, pk), one) for pk, several in found.items() for one in several]
    audit.record(by, "passes.remind_holders", programme, programme_id=programme.pk, after={"holders": sorted(those)})
    return announce(STOCK_SLEEPING, told, happened_at=now, now=now)


def _check(programme: Programme, holder: Organisation, now: datetime, *, reachable: bool) -> None:
    if not stock_of(programme.pk, holder.pk):
        raise NOTHING_SLEEPS.filled(holder=holder.name)
    if not reachable:
        raise NOBODY_TO_REMIND.filled(holder=holder.name)
    lately = Message.objects.filter(
        template=STOCK_SLEEPING.code,
        subject_id=sleeping_subject(programme.pk, holder.pk),
        queued_at__gt=now - QUIET,
    ).first()
    if lately is not None:
        day = date_format(timezone.localtime(lately.queued_at).date())
        raise REMINDED_LATELY.filled(holder=holder.name, day=day)


@transaction.atomic
def remind_receiver(*, by: Actor, transfer: Transfer, now: datetime | None = None) -> list[Message]:
    """Write again to whoever should have received a parcel.

    Raises Refusal: ``right_missing``, ``transfer_already_received``, ``transfer_already_recalled``,
    ``nobody_to_remind``, ``parcel_reminded_lately``.
    """
    programme = transfer.programme
    by.require(permissions.REMIND_HOLDERS, programme=programme)
    now = now or timezone.now()
    # Two clicks at the same second remind once.
    row = Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer.pk)
    check_on_its_way(row)
    found = recipients([row.receiver_id], PARCEL_READERS, programme_id=programme.pk)[row.receiver_id]
    if not found:
        raise NOBODY_TO_REMIND.filled(holder=row.receiver.name)
    lately = Message.objects.filter(template=PARCEL_SENT.code, subject_id=str(row.pk), queued_at__gt=now - QUIET)
    if before := lately.first():
        day = date_format(timezone.localtime(before.queued_at).date())
        raise PARCEL_REMINDED.filled(receiver=row.receiver.name, day=day)
    audit.record(by, "passes.remind_receiver", row, programme_id=programme.pk)
    return announce(PARCEL_SENT, [(row.pk, one) for one in found], happened_at=now, now=now)
