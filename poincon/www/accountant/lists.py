"""The lists of whoever pays."""

from typing import Any

from django import forms
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from poincon.kernel.documents.french import count
from poincon.organisations.models import Organisation
from poincon.passes.enums import MovementKind
from poincon.passes.models import Movement
from poincon.settlement.enums import PaymentBatchState, PaymentMethod, StatementState
from poincon.settlement.models import PaymentBatch, Statement
from poincon.www.base.forms import DayInput
from poincon.www.base.listing import Column, Filters, Kind, Listing, words_in
from poincon.www.base.parts import Empty, Tag, Tone

STATEMENT_TONES = {
    StatementState.PAYABLE: Tone.CAREFUL,
    StatementState.IN_PAYMENT: Tone.INFO,
    StatementState.PAID: Tone.GOOD,
}
ORDER_TONES = {
    PaymentBatchState.PREPARED: Tone.CAREFUL,
    PaymentBatchState.APPROVED: Tone.INFO,
    PaymentBatchState.CLOSED: Tone.GOOD,
}


def statement_tag(statement: Statement) -> Tag:
    """The state of a statement."""
    state = StatementState(statement.state)
    return Tag(state.label, STATEMENT_TONES.get(state, Tone.QUIET))


def order_tag(order: PaymentBatch) -> Tag:
    """The state of a payment order."""
    state = PaymentBatchState(order.state)
    return Tag(state.label, ORDER_TONES.get(state, Tone.QUIET))


class StatementFilters(Filters):
    etat = forms.ChoiceField(label=_("État"), choices=[("", _("Tous")), *StatementState.choices])
    depuis = forms.DateField(label=_("Mois, depuis le"), widget=DayInput())

    lookups = {"etat": "state", "depuis": "month__gte"}


def _statements_said(total: int) -> str:
    return ngettext("%(total)s relevé", "%(total)s relevés", total) % {"total": count(total)}


STATEMENTS = Listing[Statement](
    name="releves",
    columns=(
        Column(
            "numero",
            _("Relevé"),
            "number",
            sort=("number",),
            link=lambda one: reverse("accountant:statement", args=[one.pk]),
        ),
        Column("operateur", _("Opérateur"), "operator.name", sort=("operator__name", "month")),
        Column("mois", _("Mois"), "month", kind=Kind.MONTH, sort=("month", "number")),
        Column("pass", _("Pass"), "passes", kind=Kind.NUMBER, sort=("passes",)),
        Column("total", _("Total"), "total", kind=Kind.EUROS, sort=("total",)),
        Column("etat", _("État"), statement_tag, kind=Kind.TAG, sort=("state", "-month")),
    ),
    order="-mois",
    said=_statements_said,
    search=words_in("number", "operator__name", "operator__siret__startswith"),
    search_label=_("Chercher un relevé ou un opérateur"),
    filters=StatementFilters,
    empty=Empty(
        _("Aucun relevé"),
        _("Un relevé dit ce qu’un opérateur doit recevoir pour un mois. Ils s’établissent en arrêtant un mois."),
        _("Arrêter un mois"),
        reverse_lazy("accountant:close_month"),
    ),
)


class OrderFilters(Filters):
    etat = forms.ChoiceField(label=_("État"), choices=[("", _("Tous")), *PaymentBatchState.choices])

    lookups = {"etat": "state"}


def _orders_said(total: int) -> str:
    return ngettext("%(total)s ordre de paiement", "%(total)s ordres de paiement", total) % {"total": count(total)}


#: How an order is paid, in the few words of a list; its own page says it whole.
METHODS = {
    PaymentMethod.SEPA: _("virement"),
    PaymentMethod.SEPA_REGIE: _("virement de la régie"),
    PaymentMethod.PUBLIC_ACCOUNTANT: _("comptable public"),
}


def _method(order: PaymentBatch) -> str:
    return str(METHODS[PaymentMethod(order.method)])


def _payments_told(order: Any) -> str:
    """Where the payments of an order are: ``order`` comes from ``batches_of_programme``."""
    told = [
        (order.waiting, ngettext("%(n)s en attente", "%(n)s en attente", order.waiting)),
        (order.paid, ngettext("%(n)s payé", "%(n)s payés", order.paid)),
        (order.rejected, ngettext("%(n)s rejeté", "%(n)s rejetés", order.rejected)),
    ]
    return ", ".join(words % {"n": count(number)} for number, words in told if number)


ORDERS = Listing[PaymentBatch](
    name="ordres-de-paiement",
    columns=(
        Column(
            "ordre",
            _("Ordre"),
            lambda order: gettext("Ordre n° %(number)s") % {"number": order.pk},
            sort=("pk",),
            link=lambda order: reverse("accountant:order", args=[order.pk]),
            exported=False,
        ),
        Column("numero", _("Ordre"), "pk", kind=Kind.NUMBER, shown=False),
        Column("total", _("Total"), "total", kind=Kind.EUROS, sort=("total",)),
        Column("etat", _("État"), order_tag, kind=Kind.TAG, sort=("state", "-pk")),
        Column("mode", _("Mode"), _method),
        Column("prepare", _("Préparé le"), "prepared_at", kind=Kind.DAY, sort=("prepared_at",)),
        Column("par", _("Préparé par"), "prepared_by", sort=("prepared_by__full_name",)),
        Column("paiements", _("Paiements"), _payments_told, exported=False),
        Column("attente", _("En attente"), "waiting", kind=Kind.NUMBER, shown=False),
        Column("payes", _("Payés"), "paid", kind=Kind.NUMBER, shown=False),
        Column("rejetes", _("Rejetés"), "rejected", kind=Kind.NUMBER, shown=False),
    ),
    order="-ordre",
    said=_orders_said,
    filters=OrderFilters,
    empty=Empty(
        _("Aucun ordre de paiement"),
        _("Un ordre réunit des relevés payés ensemble. Une personne le prépare, une autre l’approuve."),
        _("Préparer un paiement"),
        reverse_lazy("accountant:prepare"),
    ),
)


class AccountFilters(Filters):
    manquants = forms.BooleanField(label=_("Seulement ceux dont le compte manque"))

    lookups = {"manquants": "account__isnull"}


def _operators_said(total: int) -> str:
    return ngettext("%(total)s opérateur", "%(total)s opérateurs", total) % {"total": count(total)}


def _account_tag(operator: Organisation) -> Tag:
    known = operator.account  # type: ignore[attr-defined]  # annotated by operators_with_accounts
    return Tag(_("enregistré"), Tone.GOOD) if known else Tag(_("manquant"), Tone.CAREFUL)


ACCOUNTS = Listing[Organisation](
    name="comptes-bancaires",
    columns=(
        Column("operateur", _("Opérateur"), "name", sort=("name",)),
        Column("siret", _("SIRET"), "siret", sort=("siret",)),
        Column("compte", _("Compte"), _account_tag, kind=Kind.TAG),
        Column("titulaire", _("Titulaire"), "account_holder"),
        Column("fin", _("Fin de l’IBAN"), "account_end"),
    ),
    order="operateur",
    said=_operators_said,
    search=words_in("name", "siret__startswith"),
    search_label=_("Chercher un opérateur"),
    filters=AccountFilters,
    empty=Empty(
        _("Aucun opérateur"),
        _("Les opérateurs qualifiés apparaissent ici, avec le compte où ils sont payés. Chacun enregistre le sien."),
    ),
)


class MovementFilters(Filters):
    nature = forms.ChoiceField(label=_("Mouvement"), choices=[("", _("Tous")), *MovementKind.choices])
    depuis = forms.DateField(label=_("Depuis le"), widget=DayInput())
    #: The day of the balances above: the movements that follow it are not in them.
    au = forms.DateField(label=_("Jusqu’au soir du"), widget=DayInput())

    lookups = {"nature": "kind", "depuis": "at__date__gte", "au": "at__date__lte"}


def _movements_said(total: int) -> str:
    return ngettext("%(total)s mouvement", "%(total)s mouvements", total) % {"total": count(total)}


def _ranks(move: Movement) -> str:
    """The booklets of a movement, as a slip writes them."""
    places = {"batch": move.batch.number, "first": move.first_rank, "last": move.last_rank}
    if move.first_rank == move.last_rank:
        return gettext("Lot %(batch)s, n° %(first)s") % places
    return gettext("Lot %(batch)s, n° %(first)s à %(last)s") % places


MOVEMENTS = Listing[Movement](
    name="registre-des-valeurs-inactives",
    columns=(
        Column("date", _("Date"), "at", kind=Kind.MOMENT, sort=("at",)),
        Column("nature", _("Mouvement"), lambda move: move.get_kind_display(), sort=("kind", "-at")),
        Column("rangs", _("Lot et rangs"), _ranks, sort=("batch__number", "first_rank"), exported=False),
        Column("lot", _("Lot"), "batch.number", kind=Kind.NUMBER, shown=False),
        Column("du", _("Du rang"), "first_rank", kind=Kind.NUMBER, shown=False),
        Column("au", _("Au rang"), "last_rank", kind=Kind.NUMBER, shown=False),
        Column("chequiers", _("Chéquiers"), "moved", kind=Kind.NUMBER, sort=("moved",)),
        Column("de", _("De"), "from_holder.name", sort=("from_holder__name",)),
        Column("a", _("À"), "to_holder.name", sort=("to_holder__name",)),
        Column("par", _("Par"), "by_label"),
    ),
    order="-date",
    said=_movements_said,
    search=words_in("from_holder__name", "to_holder__name", "by_label"),
    search_label=_("Chercher un détenteur"),
    filters=MovementFilters,
    empty=Empty(
        _("Aucun mouvement"),
        _("Le registre se remplit dès qu’un lot est imprimé : entrées, envois, retours, destructions."),
    ),
)
