"""The statement of one operator (relevé), on paper."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from poincon.kernel.documents import Column, count, day, render
from poincon.kernel.documents.french import MONTHS
from poincon.kernel.models import Seal
from poincon.kernel.money import euros
from poincon.passes.codes import written
from poincon.programmes.theme import letterhead_of
from poincon.settlement import queries, rules
from poincon.settlement.documents.parts import Section, accounting_euros, contact, party, shares_section
from poincon.settlement.enums import PaymentState, StatementState
from poincon.settlement.models import Payment, Statement, StatementLine

TEMPLATE = Path(__file__).parent / "statement.typ"
#: Beyond, the file of passes is easier to read than pages of paper.
MOST_CORRECTIONS = 40


def statement_pdf(statement: Statement, *, moment: datetime | None = None) -> bytes:
    """What one operator is owed for one month: where it comes from, who pays, when. Tagged, archivable PDF."""
    title = _("Relevé %(month)s") % {"month": rules.of_month(statement.month)}
    letterhead = letterhead_of(statement.programme)
    moment = moment or timezone.now()
    return render(TEMPLATE, statement_data(statement), title=title, letterhead=letterhead, moment=moment)


def statement_data(statement: Statement) -> dict[str, Any]:
    """Everything the statement says, in French."""
    sections = [*_sections(statement), *shares_section([(statement.month, statement.total)], statement.programme)]
    return {
        "reference": _("Relevé %(number)s") % {"number": statement.number},
        "watermark": _("ANNULÉ") if statement.state == StatementState.CANCELLED else "",
        "issuer-label": _("Le commanditaire"),
        "issuer": party(statement.programme.owner),
        "recipient-label": _("L’opérateur"),
        "recipient": party(statement.operator),
        "programme": statement.programme.name,
        "number": statement.number,
        "figures": _figures(statement),
        "paragraphs": [_closed(statement), _payment(statement), *_owed_back(statement)],
        "sections": [section.data() for section in sections],
        "small-print": [line for line in (contact(statement.programme), _proof(statement)) if line],
    }


def _figures(statement: Statement) -> list[dict[str, str]]:
    due = _("Somme due") if statement.state != StatementState.NOTHING_DUE else _("Rien à payer")
    return [
        {"label": _("Pass comptés"), "value": count(statement.passes)},
        {"label": _("Durée"), "value": rules.hours(statement.minutes)},
        {"label": due, "value": euros(statement.total)},
    ]


def _closed(statement: Statement) -> str:
    return _(
        "Relevé arrêté le %(day)s. Il reprend tous les pass utilisés jusqu’au %(last)s et pas encore relevés, "
        "y compris ceux que vos appareils ont transmis en retard."
    ) % {
        "day": day(rules.local_day(statement.closed_at, statement.programme.time_zone)),
        "last": day(rules.last_day(statement.month)),
    }


def _payment(statement: Statement) -> str:
    payment = Payment.objects.filter(statement=statement).exclude(state=PaymentState.REJECTED).first()
    if payment and payment.decided_on:
        words = _("Payé le %(day)s, sous la référence %(reference)s.")
        return words % {"day": day(payment.decided_on), "reference": payment.end_to_end}
    if payment:
        words = _("En cours de paiement : ordre n° %(batch)s, référence %(reference)s.")
        return words % {"batch": payment.batch_id, "reference": payment.end_to_end}
    return _unpaid(statement)


def _owed_back(statement: Statement) -> list[str]:
    """What the operator received for passes annulled since (« trop-perçu »), of any of its statements."""
    return [
        ngettext(
            "Trop-perçu : %(passes)s pass vous a été payé puis annulé. Sa valeur, %(total)s, sera reprise sur votre "
            "prochain relevé.",
            "Trop-perçu : %(passes)s pass vous ont été payés puis annulés. Leur valeur, %(total)s, sera reprise sur "
            "votre prochain relevé.",
            debt.passes,
        )
        % {"passes": debt.passes, "total": euros(debt.total)}
        for debt in queries.owed_back(statement.programme, operator_id=statement.operator_id)
    ]


def _unpaid(statement: Statement) -> str:
    if statement.state == StatementState.NOTHING_DUE:
        return _("Dans ce dispositif, un pass ouvre droit à des heures : il est compté, il n’est pas payé.")
    if statement.state == StatementState.CANCELLED:
        return _("Ce relevé est annulé : ses pass sont, ou seront, repris sur un autre relevé.")
    account = queries.live_account(statement.operator_id)
    if account is None:
        return _("À payer. Il manque vos coordonnées bancaires : transmettez-les pour être payé.")
    words = _("À payer sur le compte de %(holder)s dont l’IBAN finit par %(end)s.")
    return words % {"holder": account.holder, "end": account.iban_end}


def _columns(*labels: str) -> list[Column]:
    amounts = [Column(_("Pass"), numeric=True), Column(_("Durée"), numeric=True), Column(_("Montant"), numeric=True)]
    return [*(Column(label) for label in labels), *amounts]


def _amounts(passes: int, minutes: int, total: int) -> tuple[str, str, str]:
    return count(passes).replace("-", "−"), rules.hours(minutes), accounting_euros(total)


def _sections(statement: Statement) -> list[Section]:
    return [_by_place(statement), *_by_month(statement), *_corrections(statement)]


def _by_place(statement: Statement) -> Section:
    slices = queries.by_venue_and_service(statement)
    rows = [
        (f"{venue} ({commune})", service, *_amounts(one.passes, one.minutes, one.total))
        for one in slices
        for venue, commune, service in [one.labels]
    ]
    return Section(
        caption=_("Par lieu et par service"),
        columns=_columns(_("Lieu"), _("Service")),
        rows=rows,
        widths=(4, 5, 0, 0, 0),
        total=(_("Total"), "", *_amounts(statement.passes, statement.minutes, statement.total)),
    )


def _by_month(statement: Statement) -> list[Section]:
    """Nothing when all passes are of the month itself."""
    slices = queries.by_month(statement)
    own = (str(statement.month.year), str(statement.month.month))
    if all(one.labels == own for one in slices):
        return []
    rows = [
        (f"{MONTHS[int(month) - 1]} {year}", *_amounts(one.passes, one.minutes, one.total))
        for one in slices
        for year, month in [one.labels]
    ]
    return [
        Section(
            caption=_("Par mois d’utilisation"),
            columns=_columns(_("Mois")),
            rows=rows,
            widths=(1, 0, 0, 0),
            words=_("Des pass de mois déjà arrêtés ont été transmis, ou annulés, depuis."),
        )
    ]


def _corrections(statement: Statement) -> list[Section]:
    lines = queries.corrections(statement)
    number = lines.count()
    if not number:
        return []
    words = _("Ces pass avaient été relevés ; ils ont été annulés depuis, et leur valeur est reprise ici.")
    if number > MOST_CORRECTIONS:
        words += " " + _("Voici les %(most)s premiers sur %(number)s ; le fichier des pass les donne tous.") % {
            "most": MOST_CORRECTIONS,
            "number": number,
        }
    return [
        Section(
            caption=_("Pass repris"),
            columns=[
                Column(_("Pass")),
                Column(_("Utilisé le")),
                Column(_("Annulé le")),
                Column(_("Motif")),
                Column(_("Montant"), numeric=True),
            ],
            rows=[_correction(line, statement) for line in lines[:MOST_CORRECTIONS]],
            widths=(0, 0, 0, 1, 0),
            words=words,
        )
    ]


def _correction(line: StatementLine, statement: Statement) -> tuple[str, ...]:
    redemption = line.redemption
    annulment = redemption.annulment
    if annulment is None:
        raise ValueError(f"statement line {line.pk} takes back a pass that was never annulled")
    annulled_on = rules.local_day(annulment.at, statement.programme.time_zone)
    return (
        written(redemption.booklet.number, redemption.position).replace(" ", "\u00a0"),
        f"{redemption.day:%d/%m/%Y}",
        f"{annulled_on:%d/%m/%Y}",
        annulment.reason,
        accounting_euros(line.value),
    )


def _proof(statement: Statement) -> str:
    """The seal that holds its lines: whoever keeps this paper can prove that nothing changed."""
    seal = _seal_of(statement)
    if seal is None:
        return ""
    return _("Les lignes de ce relevé sont scellées depuis le %(day)s. Sceau n° %(number)s : %(digest)s") % {
        "day": day(rules.local_day(seal.at, statement.programme.time_zone)),
        "number": seal.pk,
        "digest": seal.digest,
    }


def _seal_of(statement: Statement) -> Seal | None:
    """The first seal that reaches the last line of a statement; one made meanwhile may stop before it."""
    last_line = StatementLine.objects.filter(statement=statement).aggregate(last=Max("pk"))["last"]
    if last_line is None:
        return None
    reaching = Seal.objects.filter(extent__settlement_statementline__last_id__gte=last_line)
    return reaching.defer("extent").order_by("id").first()
