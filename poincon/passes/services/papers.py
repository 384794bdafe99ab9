"""The papers that two people sign: the slip of a parcel (bordereau de remise), the record of a destruction."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from poincon.kernel.db import chunks
from poincon.kernel.documents import day
from poincon.organisations.actors import Actor, Right
from poincon.organisations.models import Organisation
from poincon.passes import codes, permissions
from poincon.passes.documents.papers import (
    DestructionRecord,
    ListedBooklets,
    Party,
    TransferSlip,
    destruction_record,
    transfer_slip,
)
from poincon.passes.enums import DiscrepancyEnding, MovementKind, TransferKind
from poincon.passes.models import Batch, Booklet, Destruction, Movement, Transfer
from poincon.passes.queries.batch import day_of
from poincon.programmes.models import Programme
from poincon.programmes.theme import letterhead_of

TITLES = {TransferKind.DELIVERY: "Bordereau de remise", TransferKind.RETURN: "Bordereau de retour"}
#: The two ends of a range are looked for together.
ENDS_AT_ONCE = 250


def slip_pdf(*, by: Actor, transfer: Transfer, now: datetime | None = None) -> bytes:
    """The slip of a parcel, to sign by both sides: before it is received, blanks are left for what will be counted.

    For the sender, the receiver, and whoever sees the batches of the programme. Raises Refusal ``right_missing``.
    """
    programme = transfer.programme
    _require_one_of(by, permissions.MOVE_BOOKLETS, programme, transfer.sender_id, transfer.receiver_id)
    now = now or timezone.now()
    moved = _moved(transfer.movements.all())
    sent = _of_kind(moved, MovementKind.SENT)
    slip = TransferSlip(
        reference=str(transfer.pk),
        title=TITLES[TransferKind(transfer.kind)],
        programme=programme.name,
        sender=_party(transfer.sender),
        receiver=_party(transfer.receiver),
        sent_on=day_of(programme, transfer.sent_at),
        ranges=_listed(sent),
        usable=sum(one.booklets for one in sent if _is_active(one.batch, transfer.received_at or now)),
        received_on=day_of(programme, transfer.received_at) if transfer.received_at else None,
        discrepancy=transfer.discrepancy,
        missing=_listed(_of_kind(moved, MovementKind.MISSING)),
        found=_listed(_of_kind(moved, MovementKind.FOUND)),
        resolved=_resolved(transfer),
        recalled=_recalled(transfer),
        written_by=transfer.sent_by_label,
    )
    return transfer_slip(slip, letterhead=letterhead_of(programme), moment=now)


def record_pdf(*, by: Actor, destruction: Destruction, now: datetime | None = None) -> bytes:
    """The record of a destruction (procès-verbal), to sign by the holder and the witness.

    For the holder, and whoever destroys or sees the batches of the programme. Raises Refusal ``right_missing``.
    """
    programme = destruction.programme
    if not by.may(permissions.DESTROY, programme=programme):
        _require_one_of(by, permissions.MOVE_BOOKLETS, programme, destruction.holder_id)
    record = DestructionRecord(
        reference=str(destruction.pk),
        programme=programme.name,
        holder=_party(destruction.holder),
        destroyed_on=day_of(programme, destruction.at),
        place=destruction.place,
        method=destruction.method,
        reason=destruction.reason,
        ranges=_listed(_moved(destruction.movements.all())),
        witnesses=[Party(destruction.witness)],
        written_by=destruction.by_label,
    )
    return destruction_record(record, letterhead=letterhead_of(programme), moment=now or timezone.now())


def _require_one_of(by: Actor, right: Right, programme: Programme, *organisation_ids: int) -> None:
    if by.may(permissions.SEE_BATCHES, programme=programme):
        return
    if not any(by.may(right, programme=programme, organisation_id=one) for one in organisation_ids):
        by.require(right, programme=programme, organisation_id=organisation_ids[0])


def _party(organisation: Organisation) -> Party:
    commune = organisation.commune.name if organisation.commune else ""
    address = ", ".join(part for part in (organisation.address, commune) if part)
    return Party(organisation.name, address=address, phone=organisation.phone)


def _recalled(transfer: Transfer) -> str:
    if transfer.recalled_at is None:
        return ""
    return f"{day(day_of(transfer.programme, transfer.recalled_at))} : {transfer.recall_reason}"


def _resolved(transfer: Transfer) -> str:
    if transfer.resolved_at is None:
        return ""
    how = DiscrepancyEnding(transfer.resolved_how).label
    return f"{day(day_of(transfer.programme, transfer.resolved_at))}, {how} : {transfer.resolved_note}"


def _is_active(batch: Batch, moment: datetime) -> bool:
    return batch.activated_at is not None and batch.activated_at <= moment


def _moved(movements: QuerySet[Movement]) -> list[Movement]:
    return list(movements.select_related("batch").order_by("id"))


def _of_kind(movements: Sequence[Movement], kind: MovementKind) -> list[Movement]:
    return sorted((one for one in movements if one.kind == kind), key=lambda one: (one.batch_id, one.first_rank))


def _listed(movements: Sequence[Movement]) -> list[ListedBooklets]:
    numbers = _ends(movements)
    return [
        ListedBooklets(
            batch=one.batch.number,
            ranks=str(one.first_rank) if one.booklets == 1 else f"{one.first_rank} à {one.last_rank}",
            first=codes.written(numbers[one.batch_id, one.first_rank]),
            last=codes.written(numbers[one.batch_id, one.last_rank]),
            booklets=one.booklets,
            passes_each=one.batch.size,
            unit_value=one.batch.unit_value,
        )
        for one in movements
    ]


def _ends(movements: Sequence[Movement]) -> dict[tuple[int, int], int]:
    """The numbers of the first and last booklets of each range, by batch and rank."""
    numbers: dict[tuple[int, int], int] = {}
    for some in chunks(movements, ENDS_AT_ONCE):
        ends = [Q(batch=one.batch_id, rank__in=[one.first_rank, one.last_rank]) for one in some]
        rows = Booklet.objects.filter(Q(*ends, _connector=Q.OR)).values_list("batch_id", "rank", "number")
        numbers |= {(batch_id, rank): number for batch_id, rank, number in rows}
    return numbers
