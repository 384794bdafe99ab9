"""The money behind a programme."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.money import euros
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.programmes import permissions
from poincon.programmes.enums import ReceiptKind
from poincon.programmes.models import Funding, FundingReceipt, Programme
from poincon.programmes.queries import left_of_commitment

AMOUNT_WRONG = Refusal(
    "programmes.receipt_amount",
    _("Montant : il doit être positif, et d’un milliard d’euros au plus."),
    _("Pour ôter un versement enregistré par erreur, corrigez-le."),
)
RECEIVED_LATER = Refusal(
    "programmes.receipt_in_the_future",
    _("Reçu le : cette date n’est pas encore passée."),
    _("N’enregistrez que ce qui est déjà reçu ou engagé."),
)
REFERENCE_MISSING = Refusal(
    "programmes.receipt_reference",
    _("Référence : elle manque, ou dépasse 100 caractères."),
    _("Recopiez le numéro du virement, du titre ou de l’engagement."),
)
REFERENCE_TAKEN = Refusal(
    "programmes.receipt_twice",
    _("Référence : « %(reference)s » est déjà enregistrée dans ce dispositif."),
    _("Vérifiez qu’il ne s’agit pas du même versement ; sinon, complétez la référence."),
)
OTHER_FUNDING = Refusal(
    "programmes.receipt_other_funding",
    _("Financement : il appartient à un autre dispositif."),
    _("Choisissez un financeur de ce dispositif."),
)
REALISES_WRONG = Refusal(
    "programmes.receipt_realises",
    _("Honore l’engagement : seul un versement en honore un, du même dispositif et qui n’est pas corrigé."),
    _("Relisez la nature du versement et la référence de l’engagement."),
)
REALISES_TOO_MUCH = Refusal(
    "programmes.receipt_realises_too_much",
    _("Montant : l’engagement « %(reference)s » n’attend plus que %(left)s."),
    _("Enregistrez le surplus à part, comme un autre versement."),
)
HONOURED = Refusal(
    "programmes.receipt_honoured",
    _("L’engagement « %(reference)s » est honoré, au moins en partie, par un versement."),
    _("Corrigez d’abord ce versement, puis enregistrez-le à nouveau sans nommer l’engagement."),
)
ALREADY_CORRECTED = Refusal(
    "programmes.receipt_already_corrected",
    _("Ce versement est déjà corrigé, ou est lui-même une correction."),
    _("Enregistrez au besoin un nouveau versement."),
)
REASON_MISSING = Refusal(
    "programmes.correction_reason",
    _("Motif : il manque, ou dépasse 100 caractères."),
    _("Écrivez pourquoi ce versement est corrigé."),
)
LARGEST_AMOUNT = 10**11


@transaction.atomic
def record_receipt(
    *,
    by: Actor,
    programme: Programme,
    kind: ReceiptKind,
    amount: int,
    received_on: date,
    reference: str,
    funding: Funding | None = None,
    realises: FundingReceipt | None = None,
    now: datetime | None = None,
) -> FundingReceipt:
    """Record money received, or a budget commitment, in cents: passes can be activated up to it (cover rule).

    Cash that honours a commitment names it in ``realises``: the commitment then counts that much less. Raises a refusal
    that names the field: amount, day in the future, reference missing or already recorded, commitment already honoured.
    """
    by.require(permissions.RECORD_RECEIPT, programme=programme)
    now = now or timezone.now()
    _wait_for_turn(programme.pk)
    if not 0 < amount <= LARGEST_AMOUNT:
        raise AMOUNT_WRONG.filled()
    if received_on > now.astimezone(ZoneInfo(programme.time_zone)).date():
        raise RECEIVED_LATER.filled()
    if not 0 < len(reference.strip()) <= 100:
        raise REFERENCE_MISSING.filled()
    if funding is not None and funding.programme_id != programme.pk:
        raise OTHER_FUNDING.filled()
    if programme.receipts.filter(reference=reference.strip(), corrects=None).exists():
        raise REFERENCE_TAKEN.filled(reference=reference.strip())
    if realises is not None:
        _require_left(realises, programme, kind, amount)
    return FundingReceipt.objects.create(
        programme=programme,
        funding=funding,
        kind=ReceiptKind(kind),
        amount=amount,
        received_on=received_on,
        reference=reference.strip(),
        realises=realises,
        recorded_at=now,
        recorded_by_label=by.label,
    )


@transaction.atomic
def correct_receipt(*, by: Actor, receipt: FundingReceipt, reason: str, now: datetime | None = None) -> FundingReceipt:
    """Cancel a receipt with one of the opposite amount that names it; its reference is the reason.

    The money is not there, whatever was activated meanwhile: the cover ratio shows it and activations wait.
    Raises a refusal when it is already corrected, when cash honours it, or when the reason is missing.
    """
    by.require(permissions.RECORD_RECEIPT, programme=receipt.programme)
    _wait_for_turn(receipt.programme_id)
    row = FundingReceipt.objects.select_for_update(of=("self",), no_key=True).get(pk=receipt.pk)
    if row.corrects_id is not None or FundingReceipt.objects.filter(corrects=row).exists():
        raise ALREADY_CORRECTED.filled()
    if row.realisations.filter(corrects=None, correction=None).exists():
        raise HONOURED.filled(reference=row.reference)
    if not 0 < len(reason.strip()) <= 100:
        raise REASON_MISSING.filled()
    now = now or timezone.now()
    correction = FundingReceipt.objects.create(
        programme=row.programme,
        funding=row.funding,
        kind=row.kind,
        amount=-row.amount,
        received_on=now.astimezone(ZoneInfo(row.programme.time_zone)).date(),
        reference=reason.strip(),
        corrects=row,
        realises=row.realises,
        recorded_at=now,
        recorded_by_label=by.label,
    )
    after = {"corrects": row.pk, "amount": correction.amount, "reason": reason.strip()}
    audit.record(by, "programmes.correct_receipt", correction, programme_id=row.programme_id, after=after)
    return correction


def _wait_for_turn(programme_id: int) -> None:
    """The programme's row first, as activation does: whoever counts its money sees this receipt, or comes before it."""
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme_id)


def _require_left(commitment: FundingReceipt, programme: Programme, kind: ReceiptKind, amount: int) -> None:
    usable = commitment.kind == ReceiptKind.COMMITMENT and commitment.corrects_id is None
    live = usable and commitment.programme_id == programme.pk and not hasattr(commitment, "correction")
    if kind != ReceiptKind.CASH or not live:
        raise REALISES_WRONG.filled()
    left = left_of_commitment(commitment)
    if amount > left:
        raise REALISES_TOO_MUCH.filled(reference=commitment.reference, left=euros(left))
