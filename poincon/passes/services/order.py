"""Order a batch: number its booklets, approve its proof, enter it in stock once printed. Or cancel it before that."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.db import chunks, insert_rows
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_within, written_day
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes import codes, keys, permissions
from poincon.passes.documents.content import LONGEST
from poincon.passes.enums import Custody, MovementKind, Validity
from poincon.passes.models import Batch, Movement
from poincon.passes.queries.batch import day_of
from poincon.passes.services.locking import lock_all
from poincon.programmes.models import Programme

LARGEST_BATCH = 1_000_000
BOOKLETS_AT_ONCE = 5_000
LONGEST_REASON = 300

NO_PASSES = Refusal("programme_without_passes", _("Ce dispositif fonctionne sans pass : il n’y a rien à commander."))
QUANTITY = Refusal(
    "batch_quantity", _("Quantité : un lot compte de 1 à %(most)s chéquiers, vous en demandez %(asked)s.")
)
SIZE = Refusal(
    "batch_size",
    _("Taille : ce dispositif prévoit des chéquiers de %(sizes)s pass, pas de %(asked)s."),
    _("Choisissez une de ces tailles, ou ajoutez-la aux règles du dispositif."),
)
NO_KEY = Refusal(
    "no_signing_key",
    _("Aucune clé ne peut signer les pass de ce service."),
    _("L’administrateur en crée une avec la commande « poincon keys rotate »."),
)
VALIDITY = Refusal(
    "batch_validity",
    _("Validité : la fin (%(end)s) précède le début (%(start)s)."),
    _("Corrigez l’une des deux dates."),
)
NOT_TO_PRINT = Refusal(
    "batch_not_to_print",
    _("Ce lot est déjà imprimé."),
    _("Commandez un nouveau lot, ou reprenez les fichiers déjà faits."),
)
CANCELLED = Refusal(
    "batch_cancelled",
    _("Ce lot a été annulé le %(day)s : ses chéquiers ne circuleront jamais."),
    _("S’il en faut, commandez un nouveau lot."),
)
PRINTED = Refusal(
    "batch_printed",
    _("Ce lot est imprimé : ses chéquiers existent, il ne s’annule plus."),
    _("Ceux qui ne serviront pas se détruisent devant témoin : « poincon booklets destroy »."),
)
WHY_CANCELLED = Refusal(
    "batch_cancel_reason_missing",
    _("Motif : il manque."),
    _("Écrivez pourquoi le lot est annulé : le journal le garde."),
)
PROOF_FIRST = Refusal(
    "proof_not_approved",
    _("Le bon à tirer de ce lot n’est pas validé."),
    _("Regardez l’épreuve, puis validez-la : l’impression pourra commencer."),
)


@transaction.atomic
def order_batch(
    *,
    by: Actor,
    programme: Programme,
    quantity: int,
    size: int,
    valid_from: date | None = None,
    valid_until: date | None = None,
    stock_holder: Organisation | None = None,
    letter_text: str = "",
    draw: Callable[[int], int] = secrets.randbelow,
    progress: Callable[[int, int], None] | None = None,
    now: datetime | None = None,
) -> Batch:
    """Order ``quantity`` booklets of ``size`` passes and number them.

    Validity defaults to the months that the programme grants from its day; the stock to the lead network, or the owner.
    ``draw(n)`` gives a number below n (injectable for a demonstration). Raises Refusal: ``right_missing``,
    ``programme_without_passes``, ``batch_quantity``, ``batch_size``, ``batch_validity``, ``no_signing_key``,
    ``text_too_long``.
    """
    by.require(permissions.ORDER_BATCH, programme=programme)
    now = now or timezone.now()
    # One order at a time per programme: the batch number is the next one.
    programme = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    key = keys.key_to_order_with()
    if key is None:
        raise NO_KEY.filled()
    first_day = valid_from or day_of(programme, now)
    last_day = valid_until or months_later(first_day, programme.validity_months)
    _check_order(programme, quantity=quantity, size=size, first_day=first_day, last_day=last_day)
    batch = Batch.objects.create(
        programme=programme,
        number=(programme.batches.aggregate(last=Max("number"))["last"] or 0) + 1,
        quantity=quantity,
        size=size,
        unit_value=programme.unit_value,
        unit_minutes=programme.unit_minutes,
        valid_from=first_day,
        valid_until=last_day,
        grace_days=programme.grace_days,
        signing_key=key,
        stock_holder=stock_holder or programme.lead_network or programme.owner,
        letter_text=text_within(LONGEST["welcome_text"], _("Texte de la lettre"), letter_text),
        ordered_at=now,
    )
    _number(batch, draw, progress)
    audit.record(by, "batch.order", batch, programme_id=programme.pk, after={"quantity": quantity, "size": size})
    return batch


def _check_order(programme: Programme, *, quantity: int, size: int, first_day: date, last_day: date) -> None:
    if not programme.uses_passes:
        raise NO_PASSES.filled()
    if not 1 <= quantity <= LARGEST_BATCH:
        raise QUANTITY.filled(most=LARGEST_BATCH, asked=quantity)
    if size not in programme.booklet_sizes:
        raise SIZE.filled(sizes=", ".join(map(str, programme.booklet_sizes)), asked=size)
    if last_day < first_day:
        raise VALIDITY.filled(start=first_day.isoformat(), end=last_day.isoformat())


def months_later(day: date, months: int) -> date:
    """The eve of the same day ``months`` later: twelve months from 1 March end on the last of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last_of_month = following - timedelta(days=1)
    same_day = last_of_month.replace(day=min(day.day, last_of_month.day))
    return same_day - timedelta(days=1)


NUMBERED_COLUMNS = {
    "batch_id": "bigint", "rank": "integer", "number": "bigint", "size": "smallint", "custody": "smallint",
    "validity": "smallint", "handed": "bigint", "used": "bigint",
}  # fmt: skip


def _number(batch: Batch, draw: Callable[[int], int], progress: Callable[[int, int], None] | None) -> None:
    """Give each booklet its number: random, so that nobody can guess the number of a booklet in use."""
    for ranks in chunks(range(1, batch.quantity + 1), BOOKLETS_AT_ONCE):
        missing = ranks
        while missing:
            rows = [
                (batch.pk, rank, _issuable(draw), batch.size, Custody.ORDERED, Validity.INERT, 0, 0) for rank in missing
            ]
            taken = insert_rows(
                "passes_booklet",
                NUMBERED_COLUMNS,
                rows,
                # A number drawn before, in this batch or another: draw again.
                on_conflict="(number) DO NOTHING",
                returning="rank",
            )
            done = {rank for (rank,) in taken}
            missing = [rank for rank in missing if rank not in done]
        if progress:
            progress(ranks[-1], batch.quantity)


def _issuable(draw: Callable[[int], int]) -> int:
    while not codes.is_issuable(number := draw(codes.NUMBER_LIMIT)):
        pass
    return number


@transaction.atomic
def enter_stock(*, by: Actor, batch: Batch, now: datetime | None = None) -> Batch:
    """The batch is printed: its booklets exist, inert, in the stock it was ordered for.

    Raises Refusal ``batch_not_to_print``, ``batch_cancelled`` or ``proof_not_approved``.
    """
    by.require(permissions.PRINT_BATCH, programme=batch.programme)
    now = now or timezone.now()
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    check_to_print(batch)
    if batch.proof_approved_at is None:
        raise PROOF_FIRST.filled()
    batch.printed_at = now
    batch.save(update_fields=["printed_at"])
    lock_all(batch.booklets.all())
    batch.booklets.update(custody=Custody.STOCK, holder=batch.stock_holder_id)
    Movement.objects.create(
        batch=batch,
        first_rank=1,
        last_rank=batch.quantity,
        kind=MovementKind.PRINTED,
        to_holder_id=batch.stock_holder_id,
        at=now,
        by_label=by.label,
    )
    keys.erase_finished()
    audit.record(by, "batch.print", batch, programme_id=batch.programme_id)
    return batch


@transaction.atomic
def cancel_batch(*, by: Actor, batch: Batch, reason: str, now: datetime | None = None) -> Batch:
    """Give up a batch that was ordered and is not printed: its booklets may never circulate. Nothing is deleted.

    Its numbers stay taken, and sheets already made without entering the stock are refused everywhere. Raises Refusal:
    ``right_missing``, ``batch_cancel_reason_missing``, ``batch_printed``, ``batch_cancelled``.
    """
    by.require(permissions.ORDER_BATCH, programme=batch.programme)
    reason = text_within(LONGEST_REASON, _("Motif"), reason)
    if not reason:
        raise WHY_CANCELLED.filled()
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    refuse_cancelled(batch)
    if batch.printed_at is not None:
        raise PRINTED.filled()
    batch.cancelled_at = now or timezone.now()
    batch.save(update_fields=["cancelled_at"])
    keys.erase_finished()
    audit.record(by, "batch.cancel", batch, programme_id=batch.programme_id, after={"reason": reason})
    return batch


def check_to_print(batch: Batch) -> None:
    """Raise Refusal ``batch_not_to_print`` or ``batch_cancelled`` unless the batch is still to print."""
    refuse_cancelled(batch)
    if batch.printed_at is not None:
        raise NOT_TO_PRINT.filled()


def refuse_cancelled(batch: Batch) -> None:
    """Raise Refusal ``batch_cancelled`` for a batch that was given up."""
    if batch.cancelled_at is not None:
        raise CANCELLED.filled(day=written_day(day_of(batch.programme, batch.cancelled_at)))
