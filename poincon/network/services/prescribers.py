"""Which organisations hand booklets of a programme over."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.refusals import Refusal
from poincon.network import permissions
from poincon.network.models import PrescriberAgreement
from poincon.network.rules import first_day_kept
from poincon.network.services.periods import checked_reason, dates, require_order, written
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.organisations.services import touch_rules as touch_organisation
from poincon.programmes.models import Programme
from poincon.programmes.services import touch_rules as touch_programme

NOT_A_PRESCRIBER = Refusal(
    "network.not_a_prescriber",
    _("« %(organisation)s » n’est pas enregistrée comme prescripteur."),
    _("Modifiez d’abord ce que fait cette organisation."),
)
AGREEMENT_ENDED = Refusal(
    "network.agreement_ended",
    _("Cette convention prend déjà fin le %(day)s."),
    _("Choisissez un jour plus proche, ou conventionnez à nouveau le prescripteur."),
)


@transaction.atomic
def agree_prescriber(
    *,
    by: Actor,
    prescriber: Organisation,
    programme: Programme,
    valid_from: date,
    valid_until: date | None = None,
) -> PrescriberAgreement:
    """Let this organisation hand booklets of the programme over, between two days included.

    Agreeing again changes the dates, and so may end the agreement; the journal keeps the dates before. One that goes
    on keeps its first day.
    """
    by.require(permissions.AGREE_PRESCRIBER, programme=programme)
    if not prescriber.is_prescriber:
        raise NOT_A_PRESCRIBER.filled(organisation=prescriber.name)
    require_order(valid_from, valid_until)
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=prescriber.pk)
    row = PrescriberAgreement.objects.filter(prescriber=prescriber, programme=programme).first()
    before = dates(row) if row else {}
    first_day = first_day_kept(row, valid_from) if row else valid_from
    row = row or PrescriberAgreement(prescriber=prescriber, programme=programme)
    row.valid_from, row.valid_until, row.ended_because = first_day, valid_until, ""
    row.save()
    touch_programme(programme.pk)
    touch_organisation(prescriber.pk)
    audit.record(by, "network.agree_prescriber", row, programme_id=programme.pk, before=before, after=dates(row))
    return row


@transaction.atomic
def end_agreement(*, by: Actor, agreement: PrescriberAgreement, last_day: date, reason: str) -> PrescriberAgreement:
    """Let an organisation hand booklets over until that day included; what it handed over stays valid.

    The booklets it holds are still to be returned. Raises a refusal without reason, when the agreement ends before, or
    has not begun by then.
    """
    by.require(permissions.AGREE_PRESCRIBER, programme=agreement.programme)
    row = PrescriberAgreement.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.pk)
    why = checked_reason(reason)
    if row.valid_until is not None and row.valid_until <= last_day:
        raise AGREEMENT_ENDED.filled(day=written(row.valid_until))
    require_order(row.valid_from, last_day)
    before = dates(row)
    row.valid_until, row.ended_because = last_day, why
    row.save(update_fields=["valid_until", "ended_because"])
    touch_programme(row.programme_id)
    touch_organisation(row.prescriber_id)
    after = dates(row) | {"reason": why}
    audit.record(by, "network.end_agreement", row, programme_id=row.programme_id, before=before, after=after)
    return row
