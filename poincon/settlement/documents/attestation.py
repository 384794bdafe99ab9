"""What a public operator shows its accountant before it takes passes: how, when and at what cost it is paid."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from poincon.kernel.documents import day, period, render
from poincon.kernel.money import euros
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme
from poincon.programmes.theme import letterhead_of
from poincon.settlement import rules
from poincon.settlement.documents.parts import contact, party

TEMPLATE = Path(__file__).parent / "attestation.typ"
#: The longest delay a local authority may take to pay (code de la commande publique, art. R2192-10).
LEGAL_DELAY_DAYS = 30


def attestation_pdf(
    *,
    programme: Programme,
    operator: Organisation,
    on: date,
    delay_days: int = LEGAL_DELAY_DAYS,
    commission_bp: int = 0,
    moment: datetime | None = None,
) -> bytes:
    """The attestation that a public operator's régie needs to accept passes (CGCT, art. R.1617-7): tagged PDF.

    ``delay_days`` from the closing of the month to the payment; ``commission_bp`` kept by the payer, in basis points.
    """
    data = attestation_data(
        programme=programme, operator=operator, on=on, delay_days=delay_days, commission_bp=commission_bp
    )
    title = _("Attestation d’encaissement")
    letterhead = letterhead_of(programme)
    return render(TEMPLATE, data, title=title, letterhead=letterhead, moment=moment or timezone.now())


def attestation_data(
    *, programme: Programme, operator: Organisation, on: date, delay_days: int, commission_bp: int
) -> dict[str, Any]:
    """Everything the attestation says, in French."""
    owner = programme.owner
    commission = rules.percentage(commission_bp) if commission_bp else _("aucune")
    return {
        "reference": f"{programme.name} – {operator.name}",
        "issuer-label": _("Le commanditaire"),
        "issuer": party(owner),
        "recipient-label": _("L’opérateur"),
        "recipient": party(operator),
        "paragraphs": [
            _(
                "Le commanditaire atteste que l’opérateur peut recevoir, en paiement de ses ateliers, les pass du "
                "dispositif « %(programme)s », et qu’ils lui sont remboursés aux conditions suivantes."
            )
            % {"programme": programme.name}
        ],
        "figures": [
            {"label": _("Valeur d’un pass"), "value": _worth(programme)},
            {"label": _("Commission"), "value": commission},
            {"label": _("Délai de paiement"), "value": _("%(days)s jours") % {"days": delay_days}},
        ],
        "facts": [
            (_("Dispositif"), period(programme.starts_on, programme.ends_on)),
            (_("Relevé"), _("un par mois, des pass utilisés le mois précédent")),
            (_("Paiement"), _("%(days)s jours au plus après le relevé") % {"days": delay_days}),
            (_("Commission"), _commission(commission_bp)),
            (_("Rendu de monnaie"), _("aucun : un pass s’utilise pour sa valeur entière")),
        ],
        "promises": [
            _(
                "Chaque pass porte un numéro et un code signé ; il ne peut être utilisé qu’une fois. "
                "L’opérateur reçoit avec chaque relevé la liste des pass qu’il a encaissés."
            ),
            _(
                "Attestation établie pour l’acte constitutif de la régie de recettes de l’opérateur, en application de "
                "l’article R. 1617-7 du code général des collectivités territoriales."
            ),
            _("Fait le %(day)s.") % {"day": day(on)},
        ],
        "signatures": [owner.name, operator.name],
        "small-print": [line for line in [contact(programme)] if line],
    }


def _worth(programme: Programme) -> str:
    parts = [euros(programme.unit_value)] if programme.unit_value else []
    if programme.unit_minutes:
        parts.append(rules.hours(programme.unit_minutes))
    return " · ".join(parts)


def _commission(commission_bp: int) -> str:
    if not commission_bp:
        return _("aucune : l’opérateur reçoit la valeur entière de chaque pass")
    return _("%(share)s de la valeur de chaque pass") % {"share": rules.percentage(commission_bp)}
