"""Who pays which share."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.money import WHOLE_BP
from poincon.organisations.models import Organisation
from poincon.programmes.described import reference
from poincon.programmes.enums import FunderKind
from poincon.programmes.models import Funding
from poincon.programmes.spec import FundingSpec
from poincon.www.base.forms import DayInput, HouseForm
from poincon.www.funder.fields import PercentField, written_hundredths
from poincon.www.funder.rows import Row, Rows


def funders() -> Any:
    """Those who may be named: the administrator registers them."""
    return Organisation.objects.filter(is_funder=True).order_by(Alphabetical("name"), "pk")


class FundingForm(HouseForm):
    """One funder. Left empty, it does not count."""

    financeur = forms.ModelChoiceField(
        label=gettext_lazy("Financeur"), queryset=Organisation.objects.none(), empty_label=gettext_lazy("Choisissez")
    )
    nature = forms.ChoiceField(label=gettext_lazy("C’est"), choices=())
    part = PercentField(
        label=gettext_lazy("Part"), help_text=gettext_lazy("En pour cent, par exemple 33,34."), lowest=1
    )
    reference = forms.CharField(
        label=gettext_lazy("Convention"),
        help_text=gettext_lazy("Son numéro, s’il existe."),
        max_length=100,
        required=False,
    )
    preuves = forms.DateField(
        label=gettext_lazy("Preuves à garder jusqu’au"),
        help_text=gettext_lazy("La date qu’il demande dans sa convention."),
        widget=DayInput(),
        required=False,
    )
    regles = forms.CharField(
        label=gettext_lazy("Ce qu’il demande en retour"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["financeur"].queryset = choices  # type: ignore[attr-defined]  # a choice of models
        self.fields["nature"].choices = [("", _("Choisissez")), *FunderKind.choices]  # type: ignore[attr-defined]


def checked_shares(rows: Rows) -> bool:
    """Whether the rows can be read and make 100 %; otherwise each fault is on its row, or on the last share."""
    if not rows.is_valid():
        return False
    total = sum(row["part"] for row in rows.cleaned_rows)
    if not rows.kept or total == WHOLE_BP:
        return True
    gap = written_hundredths(abs(WHOLE_BP - total))
    said = _("il manque %(gap)s %%") if total < WHOLE_BP else _("il y a %(gap)s %% de trop")
    words = {"total": written_hundredths(total), "gap": said % {"gap": gap}}
    rows.kept[-1].add_error("part", _("Les parts font %(total)s %% : %(gap)s.") % words)
    return False


def funding_specs(rows: Sequence[Row]) -> list[FundingSpec]:
    """The rows as the verbs take them."""
    return [
        FundingSpec(
            funder=reference(row["financeur"]),
            kind=FunderKind(row["nature"]),
            share_bp=row["part"],
            reference=row["reference"],
            reporting_rules=row["regles"],
            evidence_until=row["preuves"],
        )
        for row in rows
    ]


def row_of_funding(funding: Funding) -> Row:
    """A share in force, as this form shows it."""
    return {
        "financeur": funding.funder_id,
        "nature": funding.kind,
        "part": written_hundredths(funding.share_bp),
        "reference": funding.reference,
        "preuves": funding.evidence_until.isoformat() if funding.evidence_until else "",
        "regles": funding.reporting_rules,
    }
