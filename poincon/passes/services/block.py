"""A booklet is lost, stolen or given by mistake: it stops being usable, and may be replaced."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_for, written_day
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.passes import codes, permissions, positions
from poincon.passes.enums import BlockReason, Custody, Validity
from poincon.passes.models import Block, Booklet, HandOver
from poincon.passes.queries.batch import day_of
from poincon.passes.services import hand_over as handing
from poincon.passes.services.hand_over import lock_booklet, lock_booklets

ALREADY_BLOCKED = Refusal("booklet_already_blocked", _("Le chéquier %(number)s est déjà en opposition."))
USED_UP = Refusal("booklet_used_up", _("Tous les pass du chéquier %(number)s sont utilisés : il n’y a rien à bloquer."))
GONE = Refusal("booklet_gone", _("Le chéquier %(number)s est détruit ou pas encore imprimé."))
EXPIRED = Refusal(
    "booklet_expired",
    _("Le chéquier %(number)s est expiré : il ne peut plus servir, il n’y a rien à bloquer."),
    _("Si la personne a encore besoin d’aide, remettez-lui un nouveau chéquier."),
)
NOT_BLOCKED = Refusal(
    "booklet_not_blocked",
    _("Le chéquier %(number)s n’est pas en opposition."),
    _("Mettez-le d’abord en opposition : il ne pourra plus servir, et vous pourrez le remplacer."),
)
ALREADY_REPLACED = Refusal("booklet_already_replaced", _("Le chéquier %(number)s est déjà remplacé."))
NOTHING_TO_REPLACE = Refusal(
    "nothing_to_replace", _("Le chéquier %(number)s n’a aucun pass remis et inutilisé à remplacer.")
)
WHICH_HAND_OVER = Refusal(
    "which_hand_over",
    _("Le chéquier %(number)s a été remis en plusieurs fois : %(choices)s."),
    _("Dites quelle remise vous remplacez ; les autres se remplacent à part."),
)
REPLACED_BY_ANOTHER = Refusal(
    "replaced_by_another",
    _("Le chéquier %(number)s n’a pas été remis par %(prescriber)s."),
    _("La personne peut le faire remplacer par l’organisation qui le lui a remis."),
)
OTHER_PROGRAMME = Refusal(
    "replaced_in_another_programme",
    _("Le chéquier %(number)s est d’un autre dispositif que celui qu’il remplacerait."),
    _("Prenez un chéquier du même dispositif."),
)


@transaction.atomic
def block(*, by: Actor, number: str, reason: BlockReason, note: str = "", now: datetime | None = None) -> Block:
    """Stop a booklet (opposition): from this commit on, every scan of it is refused.

    Raises Refusal: ``right_missing``, ``booklet_unknown``, ``booklet_already_blocked``, ``booklet_used_up``,
    ``booklet_gone``, ``booklet_expired``, ``text_too_long``.
    """
    booklet = lock_booklet(number)
    by.require(permissions.BLOCK, programme=booklet.batch.programme, organisation_id=booklet.holder_id)
    note = text_for(Block, "note", note)
    written = codes.written(booklet.number)
    if booklet.validity == Validity.BLOCKED:
        raise ALREADY_BLOCKED.filled(number=written)
    if booklet.used == positions.all_passes(booklet.size):
        raise USED_UP.filled(number=written)
    if booklet.custody in (Custody.ORDERED, Custody.DESTROYED):
        raise GONE.filled(number=written)
    # Counted in the joint statement of the closing: blocking it would change figures already signed.
    if booklet.validity == Validity.EXPIRED:
        raise EXPIRED.filled(number=written)
    booklet.validity = Validity.BLOCKED
    if reason in (BlockReason.LOST, BlockReason.STOLEN):
        booklet.custody = Custody.LOST
    booklet.save(update_fields=["validity", "custody"])
    return Block.objects.create(booklet=booklet, reason=reason, note=note, at=now or timezone.now(), by_label=by.label)


@transaction.atomic
def replace(
    *,
    by: Actor,
    prescriber: Organisation,
    number: str,
    new_number: str,
    hand_over: HandOver | None = None,
    now: datetime | None = None,
) -> HandOver:
    """Give the person of a blocked booklet as many passes as were left, from a booklet of the prescriber's stock.

    ``hand_over`` says which one is replaced, where the booklet was shared: each person is given back its own passes.
    Raises Refusal: ``right_missing``, ``replaced_by_another``, ``booklet_not_blocked``, ``nothing_to_replace``,
    ``booklet_already_replaced``, ``which_hand_over``, ``replaced_in_another_programme``, and what ``hand_over`` raises
    for the new booklet.
    """
    old, new = lock_booklets(number, new_number)
    by.require(permissions.HAND_OVER, programme=old.batch.programme, organisation_id=prescriber.pk)
    _check_replaceable(old, prescriber)
    replaced = _hand_over_to_replace(old, hand_over)
    if new.batch.programme_id != old.batch.programme_id:
        raise OTHER_PROGRAMME.filled(number=new_number)
    return handing.hand_over(
        by=by,
        prescriber=prescriber,
        number=new_number,
        case_file=replaced.case_file,
        passes=(replaced.passes & ~old.used).bit_count(),
        replaces=replaced,
        now=now,
    )


def _check_replaceable(old: Booklet, prescriber: Organisation) -> None:
    written = codes.written(old.number)
    if old.holder_id != prescriber.pk:
        raise REPLACED_BY_ANOTHER.filled(number=written, prescriber=prescriber)
    if old.validity != Validity.BLOCKED:
        raise NOT_BLOCKED.filled(number=written)


def _hand_over_to_replace(old: Booklet, named: HandOver | None) -> HandOver:
    """The one that was named, or the only one with passes left that is not replaced yet."""
    number = codes.written(old.number)
    live = old.hand_overs.filter(cancellation=None).select_related("case_file").order_by("id")
    left = [given for given in live if given.passes & ~old.used and (named is None or given == named)]
    if not left:
        raise NOTHING_TO_REPLACE.filled(number=number)
    replaced = HandOver.objects.filter(replaces__in=left, cancellation=None).values_list("replaces_id", flat=True)
    waiting = [given for given in left if given.pk not in set(replaced)]
    if not waiting:
        raise ALREADY_REPLACED.filled(number=number)
    if len(waiting) > 1:
        raise WHICH_HAND_OVER.filled(number=number, choices=", ".join(_told(given, old) for given in waiting))
    return waiting[0]


def _told(given: HandOver, booklet: Booklet) -> str:
    passes = (given.passes & ~booklet.used).bit_count()
    day = written_day(day_of(booklet.batch.programme, given.at))
    return _("n° %(number)s du %(day)s (%(passes)s pass)") % {"number": given.pk, "day": day, "passes": passes}
