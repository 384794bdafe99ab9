"""Booklets change hands between organisations: send, recall, receive, return, destroy. A few statements do it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.db import chunks
from poincon.kernel.messages import announce
from poincon.kernel.refusals import Refusal, Text
from poincon.kernel.texts import text_for, written_day
from poincon.network.models import PrescriberAgreement
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.mailing import recipients
from poincon.organisations.models import Organisation
from poincon.passes import codes, permissions
from poincon.passes.enums import BlockReason, Custody, MovementKind, TransferKind
from poincon.passes.models import Batch, Booklet, Destruction, Movement, Transfer
from poincon.passes.notices import PARCEL_SENT
from poincon.passes.queries.batch import day_of
from poincon.passes.ranges import BookletRange, checked, without
from poincon.passes.services.discrepancies import read_discrepancy, stop_booklets
from poincon.passes.services.locking import inside, lock_ranges
from poincon.programmes.models import Programme

NOT_IN_STOCK = Refusal(
    "booklets_not_in_stock",
    _("%(count)s chéquiers ne sont pas en stock chez %(holder)s ; le premier est le %(number)s."),
    _("Vérifiez la plage : un chéquier remis, expédié ou détruit ne peut plus partir."),
)
ONE_NOT_IN_STOCK = Refusal(
    "booklets_not_in_stock",
    _("Le chéquier %(number)s n’est pas en stock chez %(holder)s."),
    _("Vérifiez son numéro : un chéquier remis, expédié ou détruit ne peut plus partir."),
)
OTHER_PROGRAMME = Refusal(
    "booklets_of_another_programme",
    _("Une de ces plages n’est pas du dispositif « %(programme)s »."),
    _("Faites un bordereau par dispositif."),
)
SAME_HOLDER = Refusal(
    "same_holder",
    _("L’expéditeur et le destinataire sont la même organisation."),
    _("Choisissez un autre destinataire."),
)
ALREADY_RECEIVED = Refusal("transfer_already_received", _("Ce bordereau est déjà reçu."))
ALREADY_RECALLED = Refusal(
    "transfer_already_recalled",
    _("Ce bordereau a été rappelé le %(day)s : ses chéquiers sont revenus chez %(sender)s."),
    _("S’ils doivent repartir, faites un nouveau bordereau."),
)
WHY_RECALLED = Refusal(
    "recall_reason_missing",
    _("Motif : il manque."),
    _("Écrivez pourquoi le colis est rappelé : il reste inscrit au bordereau."),
)
OTHER_SIGNATURE = Refusal(
    "signed_by_another",
    _("Ce bordereau se signe au nom de %(organisation)s, dont vous ne faites pas partie."),
    _("Demandez à une personne de cette organisation : chaque côté signe pour lui."),
)
RECEIVER_OUTSIDE = Refusal(
    "receiver_outside_programme",
    _("%(receiver)s ne distribue pas les chéquiers de ce dispositif."),
    _("Enregistrez d’abord sa convention de prescription, ou choisissez un autre destinataire."),
)
#: Who is told that a parcel comes: whoever may receive it.
PARCEL_READERS = (Role.PRESCRIBER, Role.COORDINATOR, Role.FUNDER)

WITNESS = Refusal(
    "witness_missing",
    _("Témoin : une destruction se fait devant une personne, dont le nom figure au procès-verbal."),
    _("Indiquez le nom du témoin."),
)
OWN_WITNESS = Refusal(
    "witness_is_the_author",
    _("Témoin : %(name)s ne peut pas être aussi son propre témoin."),
    _("Donnez le nom d’une autre personne présente : le procès-verbal se signe à deux."),
)
INCOMPLETE_RECORD = Refusal(
    "destruction_incomplete",
    _("%(field)s : le procès-verbal de destruction le demande."),
    _("Écrivez ce qui manque, comme vous le signerez."),
)


@transaction.atomic
def send(
    *,
    by: Actor,
    sender: Organisation,
    receiver: Organisation,
    ranges: Sequence[BookletRange],
    kind: TransferKind = TransferKind.DELIVERY,
    now: datetime | None = None,
) -> Transfer:
    """Send booklets in stock at ``sender`` to ``receiver``; they are in transit until received.

    The receiver is the funder, the lead network, where the batch was first delivered, or a prescriber under agreement.
    Raises Refusal: ``right_missing``, ``signed_by_another``, ``same_holder``, ``receiver_outside_programme``,
    ``no_booklets``, ``ranges_overlap``, ``booklets_of_another_programme``, ``booklets_not_in_stock``. Nothing moves
    unless all of them can.
    """
    now = now or timezone.now()
    ordered = checked(ranges)
    programme = _programme_of(ordered)
    by.require(permissions.MOVE_BOOKLETS, programme=programme, organisation_id=sender.pk)
    check_signature(by, sender)
    if sender.pk == receiver.pk:
        raise SAME_HOLDER.filled()
    _check_receiver(receiver, programme, ordered, day_of(programme, now))
    transfer = Transfer.objects.create(
        programme=programme,
        kind=kind,
        sender=sender,
        receiver=receiver,
        sent_at=now,
        sent_by_label=by.label,
        booklets_sent=sum(map(len, ordered)),
    )
    _take_from_stock(ordered, sender, custody=Custody.TRANSIT)
    _record(_Hand(MovementKind.SENT, sender, receiver, now, by.label, transfer=transfer), ordered)
    _tell_receiver(transfer)
    return transfer


def _tell_receiver(transfer: Transfer) -> None:
    there = recipients([transfer.receiver_id], PARCEL_READERS, programme_id=transfer.programme_id)
    announce(PARCEL_SENT, [(transfer.pk, one) for one in there[transfer.receiver_id]], happened_at=transfer.sent_at)


def return_booklets(
    *,
    by: Actor,
    sender: Organisation,
    receiver: Organisation,
    ranges: Sequence[BookletRange],
    now: datetime | None = None,
) -> Transfer:
    """Send back booklets that were never handed over (end of a campaign, too large a stock). Raises as ``send``."""
    return send(by=by, sender=sender, receiver=receiver, ranges=ranges, kind=TransferKind.RETURN, now=now)


@transaction.atomic
def receive(
    *,
    by: Actor,
    transfer: Transfer,
    missing: Iterable[int] = (),
    damaged: Iterable[int] = (),
    extra: Iterable[int] = (),
    note: str = "",
    now: datetime | None = None,
) -> Transfer:
    """Receive a parcel, with the numbers of the booklets that differ from its slip.

    Those ``missing`` are lost and blocked at once; those ``damaged`` are in stock, blocked; those ``extra``, found
    though the slip does not list them, are written on the slip and stay where the register has them. Raises Refusal:
    ``right_missing``, ``signed_by_another``, ``transfer_already_received``, ``transfer_already_recalled``,
    ``booklet_not_in_transfer``, ``booklet_missing_and_damaged``, ``booklet_unknown``, ``booklet_not_extra``,
    ``text_too_long``.
    """
    by.require(permissions.MOVE_BOOKLETS, programme=transfer.programme, organisation_id=transfer.receiver_id)
    check_signature(by, transfer.receiver)
    now = now or timezone.now()
    transfer = Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer.pk)
    check_on_its_way(transfer)
    sent = sent_ranges(transfer)
    lock_ranges(sent)
    found = read_discrepancy(sent, missing=missing, damaged=damaged, extra=extra)
    told = found.told(note)
    arrived = without(sent, [(booklet.batch_id, booklet.rank) for booklet in found.missing])
    for part in _booklets(arrived):
        part.update(custody=Custody.STOCK, holder=transfer.receiver_id)
    _record(_Hand(MovementKind.RECEIVED, transfer.sender, transfer.receiver, now, by.label, transfer=transfer), arrived)
    _lose(found.missing, transfer, by, now)
    stop_booklets(found.damaged, BlockReason.DAMAGED, by=by, now=now)
    transfer.received_at, transfer.received_by_label = now, by.label
    transfer.booklets_received = sum(map(len, arrived))
    transfer.discrepancy = told
    transfer.save(update_fields=["received_at", "received_by_label", "booklets_received", "discrepancy"])
    return transfer


@transaction.atomic
def recall(*, by: Actor, transfer: Transfer, reason: str, now: datetime | None = None) -> Transfer:
    """Undo a parcel sent by mistake, or sent back by the post, before it is received: all of it is in stock again.

    What left stays written; a movement the other way makes up for it. Raises Refusal: ``right_missing``,
    ``signed_by_another``, ``recall_reason_missing``, ``transfer_already_received``, ``transfer_already_recalled``.
    """
    by.require(permissions.MOVE_BOOKLETS, programme=transfer.programme, organisation_id=transfer.sender_id)
    check_signature(by, transfer.sender)
    reason = text_for(Transfer, "recall_reason", reason)
    if not reason:
        raise WHY_RECALLED.filled()
    now = now or timezone.now()
    transfer = Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer.pk)
    check_on_its_way(transfer)
    sent = sent_ranges(transfer)
    lock_ranges(sent)
    for part in _booklets(sent):
        part.update(custody=Custody.STOCK)
    # From nobody: its receiver never had it.
    _record(_Hand(MovementKind.RECALLED, None, transfer.sender, now, by.label, transfer=transfer), sent)
    transfer.recalled_at, transfer.recalled_by_label, transfer.recall_reason = now, by.label, reason
    transfer.save(update_fields=["recalled_at", "recalled_by_label", "recall_reason"])
    audit.record(by, "transfer.recall", transfer, programme_id=transfer.programme_id, after={"reason": reason})
    return transfer


def check_on_its_way(transfer: Transfer) -> None:
    """Raise a refusal when a parcel is received or recalled."""
    if transfer.received_at is not None:
        raise ALREADY_RECEIVED.filled()
    if transfer.recalled_at is not None:
        day = written_day(day_of(transfer.programme, transfer.recalled_at))
        raise ALREADY_RECALLED.filled(day=day, sender=transfer.sender)


@transaction.atomic
def destroy(
    *,
    by: Actor,
    holder: Organisation,
    ranges: Sequence[BookletRange],
    place: str,
    method: str,
    witness: str,
    reason: str,
    now: datetime | None = None,
) -> Destruction:
    """Destroy booklets in stock at ``holder`` before a witness; the record (procès-verbal) is printed and signed.

    ``place`` and ``method`` say where and how. Raises Refusal: ``right_missing``, ``text_too_long``,
    ``witness_missing``, ``witness_is_the_author``, ``destruction_incomplete``, ``no_booklets``,
    ``booklets_not_in_stock``.
    """
    ordered = checked(ranges)
    programme = _programme_of(ordered)
    by.require(permissions.DESTROY, programme=programme)
    place, method = text_for(Destruction, "place", place), text_for(Destruction, "method", method)
    witness, reason = text_for(Destruction, "witness", witness), text_for(Destruction, "reason", reason)
    check_witness(by=by, witness=witness)
    _check_record({_("Lieu"): place, _("Procédé"): method, _("Motif"): reason})
    now = now or timezone.now()
    destruction = Destruction.objects.create(
        programme=programme,
        holder=holder,
        at=now,
        by_label=by.label,
        place=place,
        method=method,
        witness=witness,
        reason=reason,
        booklets=sum(map(len, ordered)),
    )
    _take_from_stock(ordered, holder, custody=Custody.DESTROYED)
    _record(_Hand(MovementKind.DESTROYED, holder, None, now, by.label, destruction=destruction), ordered)
    return destruction


def check_witness(*, by: Actor, witness: str) -> None:
    """Raise a refusal when nobody is named, or whoever destroys names herself: the record is signed by two people."""
    if not witness.strip():
        raise WITNESS.filled()
    if " ".join(witness.split()).casefold() == by.label.casefold():
        raise OWN_WITNESS.filled(name=by.label)


def _check_record(rest: Mapping[Text, str]) -> None:
    for field, written in rest.items():
        if not written.strip():
            raise INCOMPLETE_RECORD.filled(field=field)


def check_signature(by: Actor, organisation: Organisation) -> None:
    """Raise a refusal when ``by`` is not of ``organisation``: nobody signs both sides of a slip.

    Steering a programme is not signing for its prescribers.
    """
    if by.user_id is not None and organisation.pk not in by.organisation_ids(permissions.MOVE_BOOKLETS.roles):
        raise OTHER_SIGNATURE.filled(organisation=organisation)


def _check_receiver(receiver: Organisation, programme: Programme, ranges: Sequence[BookletRange], day: date) -> None:
    if receiver.pk in (programme.owner_id, programme.lead_network_id):
        return
    # An agreement that begins tomorrow may already have its stock.
    agreements = PrescriberAgreement.objects.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    if agreements.filter(prescriber=receiver, programme=programme).exists():
        return
    if not Batch.objects.filter(pk__in={item.batch_id for item in ranges}, stock_holder=receiver).exists():
        raise RECEIVER_OUTSIDE.filled(receiver=receiver)


def sent_ranges(transfer: Transfer) -> list[BookletRange]:
    """What a remittance slip lists."""
    return [
        BookletRange(movement.batch_id, movement.first_rank, movement.last_rank)
        for movement in transfer.movements.filter(kind=MovementKind.SENT).order_by("id")
    ]


@dataclass(frozen=True)
class _Hand:
    """One change of hands, whatever the number of ranges."""

    kind: MovementKind
    from_holder: Organisation | None
    to_holder: Organisation | None
    at: datetime
    by_label: str
    transfer: Transfer | None = None
    destruction: Destruction | None = None


def _record(hand: _Hand, ranges: Iterable[BookletRange]) -> None:
    Movement.objects.bulk_create(
        Movement(
            batch_id=item.batch_id,
            first_rank=item.first_rank,
            last_rank=item.last_rank,
            kind=hand.kind,
            from_holder=hand.from_holder,
            to_holder=hand.to_holder,
            transfer=hand.transfer,
            destruction=hand.destruction,
            at=hand.at,
            by_label=hand.by_label,
        )
        for item in ranges
    )


def _programme_of(ranges: Sequence[BookletRange]) -> Programme:
    batches = list(Batch.objects.filter(pk__in={item.batch_id for item in ranges}).select_related("programme"))
    programmes = {batch.programme_id: batch.programme for batch in batches}
    if len(programmes) != 1:
        raise OTHER_PROGRAMME.filled(programme=next(iter(programmes.values()), "—"))
    return next(iter(programmes.values()))


def _booklets(ranges: Iterable[BookletRange]) -> list[QuerySet[Booklet]]:
    """The booklets of these ranges, in as many queries as an engine needs: SQLite reads 1,000 alternatives at most."""
    return [Booklet.objects.filter(Q(*map(inside, some), _connector=Q.OR)) for some in chunks(ranges)]


def _take_from_stock(ranges: Sequence[BookletRange], holder: Organisation, *, custody: Custody) -> None:
    """Change the custody of booklets that are all in stock at ``holder``, untouched; refuse if one is not."""
    lock_ranges(ranges)
    in_stock = Q(custody=Custody.STOCK, holder=holder, handed=0)
    parts, expected = _booklets(ranges), sum(map(len, ranges))
    elsewhere = [part.exclude(in_stock).order_by("batch_id", "rank") for part in parts]
    first_fault = next(filter(None, (part.first() for part in elsewhere)), None)
    moved = 0 if first_fault else sum(part.filter(in_stock).update(custody=custody) for part in parts)
    if moved != expected:
        number = codes.written(first_fault.number) if first_fault else "—"
        count = sum(part.count() for part in elsewhere) if first_fault else expected - moved
        said = NOT_IN_STOCK if count > 1 else ONE_NOT_IN_STOCK
        raise said.filled(count=count, holder=holder, number=number)


def _lose(lost: Sequence[Booklet], transfer: Transfer, by: Actor, now: datetime) -> None:
    if not lost:
        return
    Booklet.objects.filter(pk__in=[booklet.pk for booklet in lost]).update(custody=Custody.LOST)
    stop_booklets(lost, BlockReason.MISSING, by=by, now=now)
    hand = _Hand(MovementKind.MISSING, transfer.sender, None, now, by.label, transfer=transfer)
    _record(hand, [BookletRange(booklet.batch_id, booklet.rank, booklet.rank) for booklet in lost])
