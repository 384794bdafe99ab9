"""Attest to a public operator how, when and at what cost its passes are paid."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.money import WHOLE_BP
from poincon.kernel.refusals import Refusal
from poincon.network.queries import is_qualified
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.documents.attestation import LEGAL_DELAY_DAYS, attestation_pdf
from poincon.settlement.permissions import ATTEST

NOTHING_PAID = Refusal(
    "attestation_nothing_paid",
    _("« %(programme)s » ne paie pas de pass : il n’y a pas d’encaissement à attester."),
)
NOT_QUALIFIED = Refusal(
    "attestation_not_qualified",
    _("%(operator)s n’est pas qualifié pour « %(programme)s » à cette date."),
    _("Qualifiez d’abord l’opérateur, ou vérifiez la date."),
)
DELAY = Refusal(
    "attestation_delay",
    _("Délai de paiement : il va de 1 à %(most)s jours, vous indiquez %(days)s."),
    _("Indiquez le délai convenu ; la loi le limite à %(most)s jours."),
)
COMMISSION = Refusal(
    "attestation_commission",
    _("Commission : elle va de 0 à moins de 100 %%, vous indiquez %(share)s."),
    _("Indiquez la part de chaque pass que le commanditaire garde."),
)


def attest(
    *,
    by: Actor,
    programme: Programme,
    operator: Organisation,
    on: date | None = None,
    delay_days: int = LEGAL_DELAY_DAYS,
    commission_bp: int = 0,
    now: datetime | None = None,
) -> bytes:
    """The attestation, dated ``on`` (today by default), that the operator's régie keeps: PDF to sign by both sides.

    ``delay_days`` at most the legal 30, from the closing of the month; ``commission_bp`` in basis points. Raises
    Refusal: ``right_missing``, ``attestation_nothing_paid``, ``attestation_not_qualified``, ``attestation_delay``,
    ``attestation_commission``. Source: CGCT, art. R.1617-7.
    """
    by.require(ATTEST, programme=programme)
    now = now or timezone.now()
    on = on or rules.local_day(now, programme.time_zone)
    if not (programme.uses_passes and programme.unit_value):
        raise NOTHING_PAID.filled(programme=programme)
    if not is_qualified(operator=operator, programme=programme, day=on):
        raise NOT_QUALIFIED.filled(operator=operator, programme=programme)
    if not 1 <= delay_days <= LEGAL_DELAY_DAYS:
        raise DELAY.filled(most=LEGAL_DELAY_DAYS, days=delay_days)
    if not 0 <= commission_bp < WHOLE_BP:
        raise COMMISSION.filled(share=rules.percentage(commission_bp))
    return attestation_pdf(
        programme=programme, operator=operator, on=on, delay_days=delay_days, commission_bp=commission_bp, moment=now
    )
