"""What asks for action in a programme, the most pressing first: a sentence, and the page where one acts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from poincon.kernel.documents.french import count
from poincon.kernel.money import euros
from poincon.kernel.refusals import Text
from poincon.organisations.actors import Actor, Right
from poincon.passes.cover import Cover
from poincon.passes.models import Batch
from poincon.passes.permissions import ACTIVATE_BATCH, MOVE_BOOKLETS, ORDER_BATCH, PRINT_BATCH, REMIND_HOLDERS
from poincon.passes.queries.batch import day_of
from poincon.passes.queries.holders import sleepers_of
from poincon.passes.queries.waiting import waiting_batches, waiting_parcels
from poincon.programmes.models import Programme
from poincon.programmes.permissions import CHANGE_DATES, RECORD_RECEIPT, SEE_MONEY
from poincon.settlement.enums import PaymentBatchState
from poincon.settlement.models import PaymentBatch
from poincon.settlement.permissions import APPROVE_PAYMENTS, CLOSE_MONTH
from poincon.settlement.queries import unclosed_since
from poincon.www.base.parts import Tone
from poincon.www.templatetags.humane import of_month, short_day

ENDS_SOON_DAYS = 90


@dataclass(frozen=True)
class Attention:
    """Something to do. ``action`` is the verb on its link; empty when this person may only look."""

    sentence: Text
    action: Text
    url: str
    tone: Tone = Tone.CAREFUL


@dataclass(frozen=True)
class Watch:
    """A programme looked at by somebody, now."""

    programme: Programme
    actor: Actor
    now: datetime
    cover: Cover

    def calls_for(self, sentence: Text, action: Text, url: str, right: Right, tone: Tone = Tone.CAREFUL) -> Attention:
        allowed = self.actor.may(right, programme=self.programme)
        return Attention(sentence, action if allowed else "", url if allowed else "", tone)


def attentions(programme: Programme, actor: Actor, figures: Cover, now: datetime | None = None) -> list[Attention]:
    """Everything that asks for action. About seven statements, whatever the programme's size."""
    watch = Watch(programme, actor, now or timezone.now(), figures)
    return [found for look in LOOKS for found in look(watch)]


def _cover_short(watch: Watch) -> Iterator[Attention]:
    missing = watch.cover.missing()
    if missing:
        sentence = _("Il manque %(missing)s pour couvrir les pass en circulation.") % {"missing": euros(missing)}
        yield watch.calls_for(sentence, _("Voir la couverture"), reverse("funder:cover"), SEE_MONEY, Tone.BAD)


def _batches(watch: Watch) -> Iterator[Attention]:
    waiting = waiting_batches(watch.programme.pk)
    told = partial(_told_batches, watch)
    yield from told(
        waiting.to_approve, _("%(batches)s : bon à tirer à valider."), _("Relire le bon à tirer"), ORDER_BATCH
    )
    yield from told(waiting.to_print, _("%(batches)s : prêt à imprimer."), _("Imprimer"), PRINT_BATCH)
    yield from told(
        waiting.to_activate,
        _("%(batches)s : imprimé, ses chéquiers ne servent pas tant qu’il n’est pas activé."),
        _("Activer"),
        ACTIVATE_BATCH,
    )
    if not any((waiting.to_approve, waiting.to_print, waiting.to_activate)):
        yield from _first_steps(watch)


def _first_steps(watch: Watch) -> Iterator[Attention]:
    """What a new programme begins with: its money, then its first booklets."""
    programme = watch.programme
    ordered = Batch.objects.filter(programme=programme.pk, cancelled_at=None)
    if not programme.uses_passes or ordered.exists():
        return
    if programme.unit_value and not watch.cover.received:
        sentence = _("Aucun argent n’est encore enregistré : aucun lot ne pourra s’activer.")
        url = reverse("funder:record_receipt")
        yield watch.calls_for(sentence, _("Enregistrer un versement"), url, RECORD_RECEIPT)
    sentence = _("Aucun lot n’est encore commandé : il n’y a pas de chéquier à remettre.")
    yield watch.calls_for(sentence, _("Commander un lot"), reverse("funder:order"), ORDER_BATCH)


def _told_batches(
    watch: Watch, batches: tuple[Batch, ...], sentence: str, action: str, right: Right
) -> Iterator[Attention]:
    for batch in batches:
        words = _("Lot %(number)s, %(count)s chéquiers") % {"number": batch.number, "count": count(batch.quantity)}
        yield watch.calls_for(sentence % {"batches": words}, action, reverse("funder:batch", args=[batch.pk]), right)


def _parcels(watch: Watch) -> Iterator[Attention]:
    parcels = waiting_parcels(watch.programme.pk, watch.now)
    if parcels.in_discrepancy:
        words = ngettext(
            "%(n)s colis n’est pas arrivé comme son bordereau le dit.",
            "%(n)s colis ne sont pas arrivés comme leur bordereau le dit.",
            parcels.in_discrepancy,
        )
        yield _parcel_call(watch, words % {"n": count(parcels.in_discrepancy)}, "ecart")
    if parcels.late:
        words = ngettext(
            "%(n)s colis est en chemin depuis plus de deux semaines.",
            "%(n)s colis sont en chemin depuis plus de deux semaines.",
            parcels.late,
        )
        yield _parcel_call(watch, words % {"n": count(parcels.late)}, "retard")


def _parcel_call(watch: Watch, sentence: str, state: str) -> Attention:
    return watch.calls_for(
        sentence, _("Voir les colis"), f"{reverse('coordinator:parcels')}?etat={state}", MOVE_BOOKLETS
    )


def _month_to_close(watch: Watch) -> Iterator[Attention]:
    first = unclosed_since(watch.programme, before=day_of(watch.programme, watch.now).replace(day=1))
    if first is not None:
        sentence = _("Le mois %(month)s est fini : ses pass attendent un relevé.") % {"month": of_month(first)}
        yield watch.calls_for(sentence, _("Arrêter le mois"), reverse("accountant:close_month"), CLOSE_MONTH)


def _orders_to_approve(watch: Watch) -> Iterator[Attention]:
    """The payment orders that somebody else prepared: whoever prepared one does not approve it."""
    waiting = PaymentBatch.objects.filter(programme=watch.programme, state=PaymentBatchState.PREPARED)
    for order in waiting.exclude(prepared_by=watch.actor.user).select_related("prepared_by").order_by("pk"):
        words = _("%(person)s a préparé un paiement de %(total)s : il attend une autre personne.")
        sentence = words % {"person": order.prepared_by, "total": euros(order.total)}
        yield watch.calls_for(
            sentence, _("Relire et approuver"), reverse("accountant:order", args=[order.pk]), APPROVE_PAYMENTS
        )


def _sleeping(watch: Watch) -> Iterator[Attention]:
    asleep = list(sleepers_of(watch.programme.pk, watch.now))
    if asleep:
        booklets = sum(holder.ready for holder in asleep)
        words = ngettext(
            "%(n)s chéquier dort depuis deux mois ou plus, surtout chez %(holder)s.",
            "%(n)s chéquiers dorment depuis deux mois ou plus, surtout chez %(holder)s.",
            booklets,
        )
        sentence = words % {"n": count(booklets), "holder": asleep[0].name}
        yield watch.calls_for(sentence, _("Voir qui les garde"), reverse("coordinator:stock"), REMIND_HOLDERS)


def _ends_soon(watch: Watch) -> Iterator[Attention]:
    left = (watch.programme.ends_on - day_of(watch.programme, watch.now)).days
    if 0 <= left <= ENDS_SOON_DAYS:
        sentence = _("Le dispositif se termine le %(day)s.") % {"day": short_day(_last_day(watch))}
        yield watch.calls_for(sentence, _("Prolonger ou laisser finir"), reverse("funder:extend"), CHANGE_DATES)


def _last_day(watch: Watch) -> date:
    return watch.programme.ends_on


LOOKS: tuple[Callable[[Watch], Iterator[Attention]], ...] = (
    _cover_short,
    _batches,
    _parcels,
    _orders_to_approve,
    _month_to_close,
    _sleeping,
    _ends_soon,
)
