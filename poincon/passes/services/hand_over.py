"""A prescriber gives a booklet, or some of its passes, to a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.models import CaseFile
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for, written_day
from poincon.network.enums import TrainingKind
from poincon.network.queries import agreed_prescriber, is_trained
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes import codes, permissions, positions
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Batch, Booklet, HandOver, HandOverCancellation
from poincon.passes.queries.batch import batch_last_day, day_of
from poincon.passes.ranges import UNKNOWN_NUMBER, find_booklet, read_number
from poincon.programmes.enums import IdentityLevel

NOT_IN_YOUR_STOCK = Refusal(
    "booklet_not_in_your_stock",
    _("Le chéquier %(number)s n’est pas dans le stock de %(holder)s."),
    _("Vérifiez le numéro, ou recevez d’abord le bordereau de remise."),
)
NOT_USABLE = Refusal(
    "booklet_not_usable",
    _("Le chéquier %(number)s ne peut pas être remis : il est %(state)s."),
    _("Prenez un autre chéquier et signalez celui-ci à la tête de réseau."),
)
OUT_OF_DATE = Refusal(
    "booklet_out_of_date",
    _("Le chéquier %(number)s était valable jusqu’au %(day)s."),
    _("Prenez un chéquier plus récent."),
)
TOO_FEW_PASSES = Refusal(
    "too_few_passes",
    _("Ce chéquier n’a plus que %(left)s pass à remettre : vous en demandez %(asked)s."),
    _("Remettez-en moins, ou prenez un autre chéquier."),
)
NO_AGREEMENT = Refusal(
    "prescriber_without_agreement",
    _("%(prescriber)s n’a pas de convention de prescription en cours pour ce dispositif."),
    _("Appelez la tête de réseau du dispositif."),
)
NOT_TRAINED = Refusal(
    "prescriber_not_trained",
    _("Ce dispositif demande une formation avant de remettre des chéquiers."),
    _("Demandez à la tête de réseau la date de la prochaine formation."),
)
CASE_FILE_NEEDED = Refusal(
    "case_file_needed",
    _("Ce dispositif demande de savoir à qui le chéquier est remis."),
    _("Ouvrez d’abord le dossier de la personne."),
)
OTHER_CASE_FILE = Refusal(
    "case_file_of_another",
    _("Ce dossier n’est pas de ce dispositif, ou pas de votre organisation."),
    _("Choisissez une personne que vous accompagnez dans ce dispositif."),
)
ALREADY_CANCELLED = Refusal("hand_over_already_cancelled", _("Cette remise est déjà annulée."))
PASSES_USED = Refusal(
    "hand_over_used",
    _("Cette remise ne peut plus être annulée : la personne a déjà utilisé un pass."),
    _("Si le chéquier est perdu ou donné par erreur, mettez-le en opposition."),
)


@transaction.atomic
def hand_over(
    *,
    by: Actor,
    prescriber: Organisation,
    number: str,
    case_file: CaseFile | None = None,
    passes: int | None = None,
    replaces: HandOver | None = None,
    request_id: UUID | None = None,
    now: datetime | None = None,
) -> HandOver:
    """Give a booklet of the prescriber's stock to a person: whole, or its next ``passes`` passes.

    The case file may be left out only where the programme keeps people anonymous. ``replaces`` is the hand-over of a
    blocked booklet that this one makes up for (see ``block.replace``). ``request_id`` is made by the client: asked
    again (a button pressed twice), it returns the hand-over already made. Raises Refusal: ``right_missing``,
    ``booklet_unknown``, ``booklet_not_in_your_stock``, ``booklet_not_usable``, ``booklet_out_of_date``,
    ``too_few_passes``, ``prescriber_without_agreement``, ``prescriber_not_trained``, ``case_file_needed``,
    ``case_file_of_another``.
    """
    now = now or timezone.now()
    # The lock that a scan and a blocking also take: none of them sees the booklet half handed over.
    booklet = lock_booklet(number)
    batch = booklet.batch
    by.require(permissions.HAND_OVER, programme=batch.programme, organisation_id=prescriber.pk)
    if (done := already_made(request_id, prescriber)) is not None:
        return done
    today = day_of(batch.programme, now)
    _check_prescriber(by, prescriber, batch, today)
    _check_case_file(case_file, prescriber, batch)
    _check_booklet(booklet, prescriber, today)
    given = _given(booklet, passes)
    booklet.handed |= given
    if booklet.handed == positions.all_passes(booklet.size):
        booklet.custody = Custody.PERSON
    booklet.save(update_fields=["handed", "custody"])
    return HandOver.objects.create(
        booklet=booklet,
        passes=given,
        case_file=case_file,
        prescriber=prescriber,
        at=now,
        by_label=by.label,
        replaces=replaces,
        request_id=request_id,
    )


def already_made(request_id: UUID | None, prescriber: Organisation) -> HandOver | None:
    """The hand-over that this very request made before."""
    if request_id is None:
        return None
    return HandOver.objects.filter(request_id=request_id, prescriber=prescriber).first()


@dataclass(frozen=True)
class Ready:
    """What a hand-over would give: some passes of a booklet (a mask), until when they are valid."""

    booklet: Booklet
    passes: int
    valid_until: date

    @property
    def count(self) -> int:
        return self.passes.bit_count()


def examine_hand_over(
    *, by: Actor, prescriber: Organisation, number: str, passes: int | None = None, now: datetime | None = None
) -> Ready:
    """Whether this booklet can be handed over, before one asks the person anything. Nothing is written.

    Raises as ``hand_over`` does of the booklet and of the prescriber.
    """
    booklet = find_booklet(number)
    batch = booklet.batch
    by.require(permissions.HAND_OVER, programme=batch.programme, organisation_id=prescriber.pk)
    today = day_of(batch.programme, now or timezone.now())
    _check_prescriber(by, prescriber, batch, today)
    _check_booklet(booklet, prescriber, today)
    return Ready(booklet, _given(booklet, passes), batch_last_day(batch))


@transaction.atomic
def cancel_hand_over(*, by: Actor, hand_over: HandOver, reason: str, now: datetime | None = None) -> HandOver:
    """Undo a hand-over made by mistake, while none of its passes is used: the booklet goes back to the stock.

    Raises Refusal: ``right_missing``, ``hand_over_already_cancelled``, ``hand_over_used``, ``text_too_long``.
    """
    booklet = lock_booklet(codes.written(hand_over.booklet.number))
    hand_over = HandOver.objects.select_for_update(of=("self",), no_key=True).get(pk=hand_over.pk)
    by.require(permissions.HAND_OVER, programme=booklet.batch.programme, organisation_id=hand_over.prescriber_id)
    reason = text_for(HandOverCancellation, "reason", reason)
    if hand_over.cancellation_id is not None:
        raise ALREADY_CANCELLED.filled()
    if booklet.used & hand_over.passes:
        raise PASSES_USED.filled()
    hand_over.cancellation = HandOverCancellation.objects.create(
        at=now or timezone.now(), by_label=by.label, reason=reason
    )
    hand_over.save(update_fields=["cancellation"])
    booklet.handed &= ~hand_over.passes
    if booklet.custody == Custody.PERSON:
        booklet.custody = Custody.STOCK
    booklet.save(update_fields=["handed", "custody"])
    return hand_over


def lock_booklet(number: str) -> Booklet:
    """The booklet that carries ``number``, locked until the end of the transaction. Raises Refusal."""
    (booklet,) = lock_booklets(number)
    return booklet


def lock_booklets(*numbers: str) -> list[Booklet]:
    """The booklets that carry these numbers, locked in the order a scan locks them. Raises Refusal."""
    wanted = {number: read_number(number) for number in numbers}
    locked = Booklet.objects.select_for_update(of=("self",), no_key=True).select_related("batch__programme")
    found = {booklet.number: booklet for booklet in locked.filter(number__in=wanted.values()).order_by("id")}
    for number, value in wanted.items():
        if value not in found:
            raise UNKNOWN_NUMBER.filled(number=number)
    return [found[wanted[number]] for number in numbers]


def _check_prescriber(by: Actor, prescriber: Organisation, batch: Batch, day: date) -> None:
    if not agreed_prescriber(prescriber=prescriber, programme=batch.programme, day=day):
        raise NO_AGREEMENT.filled(prescriber=prescriber)
    if not batch.programme.prescriber_training_required or by.user_id is None:
        return
    if not is_trained(user=by.user, programme=batch.programme, kind=TrainingKind.PRESCRIBER):
        raise NOT_TRAINED.filled()


def _check_case_file(case_file: CaseFile | None, prescriber: Organisation, batch: Batch) -> None:
    if case_file is None:
        if batch.programme.identity_level != IdentityLevel.ANONYMOUS:
            raise CASE_FILE_NEEDED.filled()
    elif (case_file.programme_id, case_file.prescriber_id) != (batch.programme_id, prescriber.pk):
        raise OTHER_CASE_FILE.filled()


def _check_booklet(booklet: Booklet, prescriber: Organisation, day: date) -> None:
    number = codes.written(booklet.number)
    if booklet.custody != Custody.STOCK or booklet.holder_id != prescriber.pk:
        raise NOT_IN_YOUR_STOCK.filled(number=number, holder=prescriber)
    if booklet.validity != Validity.ACTIVE:
        raise NOT_USABLE.filled(number=number, state=Validity(booklet.validity).label)
    last_day = batch_last_day(booklet.batch)
    if day > last_day:
        raise OUT_OF_DATE.filled(number=number, day=written_day(last_day))


def _given(booklet: Booklet, passes: int | None) -> int:
    free = positions.all_passes(booklet.size) & ~booklet.handed
    asked = free.bit_count() if passes is None else passes
    if not 1 <= asked <= free.bit_count():
        raise TOO_FEW_PASSES.filled(left=free.bit_count(), asked=asked)
    return positions.first_passes(free, asked)
