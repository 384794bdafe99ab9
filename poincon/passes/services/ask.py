"""A prescriber runs short of booklets: one mail to whoever sends them, kept in the journal."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.messages import Recipient, announce
from poincon.kernel.models import AuditEntry, Message
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_within, written_day
from poincon.network.queries import agreed_prescriber
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.mailing import recipients
from poincon.organisations.models import Organisation
from poincon.passes import permissions
from poincon.passes.notices import STOCK_ASKED, asked_subject
from poincon.passes.queries.batch import day_of
from poincon.passes.queries.stock import stock_of
from poincon.passes.services.hand_over import NO_AGREEMENT
from poincon.programmes.models import Programme

#: Asking again the same day brings nothing sooner.
QUIET = timedelta(days=1)
MOST_ASKED = 500
LONGEST_NOTE = 300

HOW_MANY = Refusal(
    "booklets_asked_out_of_bounds",
    _("Nombre de chéquiers : de 1 à %(most)s par demande."),
    _("Demandez ce que vous pensez remettre en trois mois."),
)
ASKED_LATELY = Refusal(
    "booklets_asked_lately",
    _("Votre organisation a déjà demandé des chéquiers le %(day)s."),
    _("La demande est partie. Si c’est urgent, appelez le %(phone)s."),
)
NOBODY_TO_ASK = Refusal(
    "nobody_to_ask",
    _("Personne ne peut recevoir cette demande par courriel."),
    _("Appelez le %(phone)s."),
)


@transaction.atomic
def ask_for_booklets(
    *,
    by: Actor,
    programme: Programme,
    prescriber: Organisation,
    booklets: int,
    note: str = "",
    now: datetime | None = None,
) -> AuditEntry:
    """Ask the lead network, or the funder where nobody leads, for booklets; written in the journal and mailed.

    Raises Refusal: ``right_missing``, ``prescriber_without_agreement``, ``booklets_asked_out_of_bounds``,
    ``text_too_long``, ``booklets_asked_lately``, ``nobody_to_ask``.
    """
    by.require(permissions.ASK_BOOKLETS, programme=programme, organisation_id=prescriber.pk)
    now = now or timezone.now()
    if not agreed_prescriber(prescriber=prescriber, programme=programme, day=day_of(programme, now)):
        raise NO_AGREEMENT.filled(prescriber=prescriber)
    if not 1 <= booklets <= MOST_ASKED:
        raise HOW_MANY.filled(most=MOST_ASKED)
    note = text_within(LONGEST_NOTE, _("Précision"), note)
    # Two colleagues who ask at the same second ask once.
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=prescriber.pk)
    _check_lately(programme, prescriber, now)
    told = _whom(programme)
    asked = {"booklets": booklets, "note": note, "in_stock": stock_of(programme.pk, prescriber.pk)}
    entry = audit.record(by, "passes.ask_booklets", prescriber, programme_id=programme.pk, after=asked)
    subject = asked_subject(programme.pk, prescriber.pk, entry.pk)
    announce(STOCK_ASKED, [(subject, one) for one in told], happened_at=now, now=now)
    return entry


def _check_lately(programme: Programme, prescriber: Organisation, now: datetime) -> None:
    before = Message.objects.filter(
        template=STOCK_ASKED.code,
        subject_id__startswith=asked_subject(programme.pk, prescriber.pk),
        queued_at__gt=now - QUIET,
    ).first()
    if before is not None:
        day = written_day(day_of(programme, before.queued_at))
        raise ASKED_LATELY.filled(day=day, phone=programme.phone or _("numéro du dispositif"))


def _whom(programme: Programme) -> list[Recipient]:
    for organisation_id, role in ((programme.lead_network_id, Role.COORDINATOR), (programme.owner_id, Role.FUNDER)):
        if organisation_id is None:
            continue
        if found := recipients([organisation_id], [role], programme_id=programme.pk)[organisation_id]:
            return found
    raise NOBODY_TO_ASK.filled(phone=programme.phone or _("numéro du dispositif"))
