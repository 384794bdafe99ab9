"""How the discrepancy of a parcel ends: booklets found after all, the matter closed, opened again by mistake."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for, written_day
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes import codes, permissions
from poincon.passes.enums import Custody, DiscrepancyEnding, MovementKind
from poincon.passes.models import Booklet, Movement, Transfer
from poincon.passes.queries.batch import day_of
from poincon.passes.queries.parcels import missing_at_arrival, still_missing
from poincon.passes.ranges import EMPTY, BookletRange, ranges_of
from poincon.passes.services.locking import lock_ranges
from poincon.passes.services.move import check_signature

NOT_MISSING = Refusal(
    "booklet_not_missing",
    _("Le chéquier %(number)s ne manque pas à ce bordereau."),
    _("Relisez le numéro : seul un chéquier déclaré manquant, et pas encore retrouvé, rentre ainsi en stock."),
)
FOUND_ELSEWHERE = Refusal(
    "found_elsewhere",
    _("%(organisation)s n’est ni l’expéditeur ni le destinataire de ce bordereau."),
    _("Un chéquier retrouvé rentre en stock chez l’un des deux."),
)
NO_DISCREPANCY = Refusal("no_discrepancy", _("Ce bordereau n’a pas d’écart : il n’y a rien à clore."))
ALREADY_RESOLVED = Refusal(
    "discrepancy_already_resolved",
    _("L’écart de ce bordereau a été clos le %(day)s par %(person)s."),
    _("Si c’était une erreur, rouvrez-le d’abord."),
)
NOT_RESOLVED = Refusal("discrepancy_not_resolved", _("L’écart de ce bordereau n’est pas clos."))
WHAT_HAPPENED = Refusal(
    "resolution_note_missing",
    _("Ce qui s’est passé : il manque une phrase."),
    _("Écrivez comment l’écart a fini : la phrase reste inscrite au bordereau."),
)
STILL_MISSING = Refusal(
    "booklets_still_missing",
    _("%(missing)s à ce bordereau : son écart ne finit pas ainsi."),
    _("Faites d’abord rentrer en stock ce qui est retrouvé, ou dites-le perdu."),
)
NOTHING_MISSING = Refusal(
    "nothing_missing",
    _("Aucun chéquier ne manque à ce bordereau : cette issue ne lui va pas."),
    _("Choisissez une autre issue."),
)


@transaction.atomic
def find_missing(
    *, by: Actor, transfer: Transfer, holder: Organisation, numbers: Iterable[int], now: datetime | None = None
) -> list[Booklet]:
    """Enter booklets that a parcel lacked, found since, in the stock of ``holder``: its sender or its receiver.

    They stay stopped, as they have been since the parcel was received: whatever was signed or copied on a device
    since then says so (docs/decisions/0013-a-booklet-blocked-stays-blocked.md). They go back and are destroyed like
    any other that is out of use. Raises Refusal: ``right_missing``, ``signed_by_another``, ``found_elsewhere``,
    ``no_booklets``, ``booklet_not_missing``.
    """
    by.require(permissions.MOVE_BOOKLETS, programme=transfer.programme, organisation_id=holder.pk)
    check_signature(by, holder)
    transfer = _locked(transfer)
    if holder.pk not in (transfer.sender_id, transfer.receiver_id):
        raise FOUND_ELSEWHERE.filled(organisation=holder)
    found = _missing_ones(still_missing(transfer), set(numbers))
    ranges = ranges_of((booklet.batch_id, booklet.rank) for booklet in found)
    lock_ranges(ranges)
    Booklet.objects.filter(pk__in=[booklet.pk for booklet in found]).update(custody=Custody.STOCK, holder=holder)
    _record_found(ranges, transfer, holder, by=by, now=now or timezone.now())
    return found


@transaction.atomic
def resolve_discrepancy(
    *, by: Actor, transfer: Transfer, how: DiscrepancyEnding, note: str, now: datetime | None = None
) -> Transfer:
    """Say how the discrepancy of a parcel ended, in a sentence: it waits for nobody any more, and stays written.

    Booklets stopped stay stopped, however it ends. Raises Refusal: ``right_missing``, ``text_too_long``,
    ``resolution_note_missing``, ``no_discrepancy``, ``discrepancy_already_resolved``, ``booklets_still_missing``,
    ``nothing_missing``.
    """
    by.require(permissions.RESOLVE_DISCREPANCY, programme=transfer.programme)
    note = text_for(Transfer, "resolved_note", note)
    if not note:
        raise WHAT_HAPPENED.filled()
    transfer = _locked(transfer)
    _check_waits(transfer)
    _check_ending(transfer, how)
    before = _ending(transfer)
    transfer.resolved_at, transfer.resolved_by_label = now or timezone.now(), by.label
    transfer.resolved_how, transfer.resolved_note = how, note
    return _written(by, "transfer.resolve", transfer, before)


@transaction.atomic
def reopen_discrepancy(*, by: Actor, transfer: Transfer) -> Transfer:
    """Take back the end of a discrepancy closed by mistake: it waits again; the journal keeps what had been said.

    Raises Refusal: ``right_missing``, ``no_discrepancy``, ``discrepancy_not_resolved``.
    """
    by.require(permissions.RESOLVE_DISCREPANCY, programme=transfer.programme)
    transfer = _locked(transfer)
    if not transfer.discrepancy:
        raise NO_DISCREPANCY.filled()
    if transfer.resolved_at is None:
        raise NOT_RESOLVED.filled()
    before = _ending(transfer)
    transfer.resolved_at, transfer.resolved_by_label = None, ""
    transfer.resolved_how, transfer.resolved_note = "", ""
    return _written(by, "transfer.reopen", transfer, before)


def _locked(transfer: Transfer) -> Transfer:
    return Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer.pk)


def _missing_ones(missing: Sequence[BookletRange], numbers: set[int]) -> list[Booklet]:
    if not numbers:
        raise EMPTY.filled()
    places = {(one.batch_id, rank) for one in missing for rank in range(one.first_rank, one.last_rank + 1)}
    known = {booklet.number: booklet for booklet in Booklet.objects.filter(number__in=numbers).order_by("id")}
    for number in sorted(numbers):
        if number not in known or (known[number].batch_id, known[number].rank) not in places:
            raise NOT_MISSING.filled(number=codes.written(number))
    return [known[number] for number in sorted(numbers)]


def _record_found(
    ranges: Iterable[BookletRange], transfer: Transfer, holder: Organisation, *, by: Actor, now: datetime
) -> None:
    Movement.objects.bulk_create(
        Movement(
            batch_id=one.batch_id,
            first_rank=one.first_rank,
            last_rank=one.last_rank,
            kind=MovementKind.FOUND,
            to_holder=holder,
            transfer=transfer,
            at=now,
            by_label=by.label,
        )
        for one in ranges
    )


def _check_waits(transfer: Transfer) -> None:
    if not transfer.discrepancy:
        raise NO_DISCREPANCY.filled()
    if transfer.resolved_at is not None:
        day = written_day(day_of(transfer.programme, transfer.resolved_at))
        raise ALREADY_RESOLVED.filled(day=day, person=transfer.resolved_by_label)


def _check_ending(transfer: Transfer, how: DiscrepancyEnding) -> None:
    left = sum(map(len, still_missing(transfer)))
    if how in (DiscrepancyEnding.FOUND, DiscrepancyEnding.CORRECTED) and left:
        words = ngettext("%(n)s chéquier manque encore", "%(n)s chéquiers manquent encore", left)
        raise STILL_MISSING.filled(missing=words % {"n": left})
    lacks = left if how == DiscrepancyEnding.LOST else missing_at_arrival(transfer)
    if how in (DiscrepancyEnding.FOUND, DiscrepancyEnding.LOST) and not lacks:
        raise NOTHING_MISSING.filled()


def _ending(transfer: Transfer) -> dict[str, str]:
    return {"resolved_how": transfer.resolved_how, "resolved_note": transfer.resolved_note}


def _written(by: Actor, action: str, transfer: Transfer, before: dict[str, str]) -> Transfer:
    transfer.save(update_fields=["resolved_at", "resolved_by_label", "resolved_how", "resolved_note"])
    audit.record(by, action, transfer, programme_id=transfer.programme_id, before=before, after=_ending(transfer))
    return transfer
