from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from poincon.kernel.money import euros
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.enums import PaymentMethod
from poincon.settlement.models import Payment, Statement
from poincon.settlement.queries import WITH_PAYMENTS, payable_statements, payment_returned
from poincon.www.base.forms import DayInput, HouseForm, SeveralField
from poincon.www.templatetags.humane import month as month_said
from poincon.www.templatetags.humane import short_day

MOST_MONTHS = 36


class CloseMonthForm(HouseForm):
    def __init__(self, *args: Any, programme: Programme, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mois"] = forms.TypedChoiceField(
            label=_("Mois à arrêter"),
            coerce=date.fromisoformat,
            choices=[(f"{month:%Y-%m-%d}", month_said(month)) for month in _months_over(programme, today)],
            error_messages={"required": _("Choisissez le mois à arrêter.")},
        )


def _months_over(programme: Programme, today: date) -> list[date]:
    """The months of a programme that are over, the last one first."""
    month, found = today.replace(day=1), list[date]()
    while len(found) < MOST_MONTHS and month > programme.starts_on.replace(day=1):
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        found.append(month)
    return found


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("Motif"), max_length=300, help_text=_("Il sera gardé dans le journal."))


class AbandonForm(HouseForm):
    reason = forms.CharField(label=_("Motif"), max_length=300, required=False, help_text=_("Facultatif."))


class _Statements(SeveralField[Statement]):
    def label_from_instance(self, obj: Statement) -> str:
        said = f"{obj.number} – {obj.operator.name} – {euros(obj.total)}"
        returned = payment_returned(obj)
        if returned is None or returned.decided_on is None:
            return said
        words = _("revenu le %(day)s : %(reason)s")
        return f"{said} – {words % {'day': short_day(returned.decided_on), 'reason': returned.rejection}}"


class PrepareForm(HouseForm):
    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        methods = _methods(programme)
        self.fields["method"] = forms.ChoiceField(
            label=_("Mode de paiement"), widget=forms.RadioSelect, choices=methods, initial=methods[0][0]
        )
        payable = payable_statements(programme).prefetch_related(WITH_PAYMENTS)
        # Everything that is due is paid, unless somebody takes a statement out.
        self.fields["statements"] = _Statements(
            label=_("Relevés à payer"), queryset=payable, initial=payable, widget=forms.CheckboxSelectMultiple
        )


def _methods(programme: Programme) -> list[tuple[str, Any]]:
    """What the owner of the programme may use: a public body never orders a plain transfer."""
    if rules.is_public(programme.owner.legal_form):
        allowed = [PaymentMethod.PUBLIC_ACCOUNTANT, PaymentMethod.SEPA_REGIE]
    else:
        allowed = [PaymentMethod.SEPA]
    return [(method.value, method.label) for method in allowed]


class _Payments(SeveralField[Payment]):
    def label_from_instance(self, obj: Payment) -> str:
        return f"{obj.statement.operator.name} – {obj.statement.number} – {euros(obj.amount)}"


class ConfirmForm(HouseForm):
    on = forms.DateField(label=_("Payés le"), widget=DayInput(), help_text=_("Le jour lu sur le relevé de banque."))

    def __init__(self, *args: Any, waiting: "QuerySet[Payment]", today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["payments"] = _Payments(
            label=_("Paiements faits"), queryset=waiting, initial=waiting, widget=forms.CheckboxSelectMultiple
        )


class RejectForm(HouseForm):
    reason = forms.CharField(
        label=_("Motif du rejet"), max_length=300, help_text=_("Tel que la banque le donne : « compte clos »…")
    )
    on = forms.DateField(label=_("Rejeté le"), widget=DayInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
