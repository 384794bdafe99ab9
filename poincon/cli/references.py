"""How a command names things: a programme by its code, an organisation by its SIRET, a booklet by its number…"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from poincon.beneficiaries.models import CaseFile
from poincon.mediation.models import Venue
from poincon.organisations.models import Device, Invitation, User
from poincon.organisations.queries import find_organisation
from poincon.passes.models import Batch, Destruction, HandOver, Transfer
from poincon.passes.ranges import BookletRange, find_booklet, range_between, whole_batch
from poincon.programmes.models import Programme, Service
from poincon.settlement.models import Payment, PaymentBatch, Statement
from poincon.territories.models import Commune
from poincon.territories.queries import resolve_commune

_RANKED = re.compile(r"(?P<batch>[^:]+/\d+)(?::(?P<first>\d+)(?:-(?P<last>\d+))?)?")
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class Reference(click.ParamType[Any]):
    """Text that names one thing. ``find`` returns None when there is none; ``unknown`` then says so."""

    def __init__(self, name: str, find: Callable[[str], Any], unknown: str) -> None:
        self.name = name
        self.find = find
        self.unknown = unknown

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.name.upper()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        found = self.find(value.strip())
        if found is None:
            self.fail(self.unknown.format(value), param, ctx)
        return found


def batch_name(batch: Batch) -> str:
    """How a batch is named on the command line: ``creuse-2019/3``."""
    return f"{batch.programme.code}/{batch.number}"


def _batch(text: str) -> Batch | None:
    code, _, number = text.rpartition("/")
    if not number.isdecimal():
        return None
    return Batch.objects.select_related("programme", "stock_holder").filter(programme__code=code, number=number).first()


def _booklets(text: str) -> BookletRange | None:
    """``creuse/1``, ``creuse/1:40``, ``creuse/1:1-40``, a number, or two numbers joined by ``..``.

    Raises the refusals of ``passes.ranges`` for numbers that name no booklet.
    """
    if ranked := _RANKED.fullmatch(text):
        batch = _batch(ranked["batch"])
        return _ranks(batch, ranked["first"], ranked["last"]) if batch else None
    first, dots, last = text.partition("..")
    if dots:
        return range_between(first, last)
    booklet = find_booklet(text)
    return BookletRange(booklet.batch_id, booklet.rank, booklet.rank)


def _ranks(batch: Batch, first: str | None, last: str | None) -> BookletRange | None:
    if first is None:
        return whole_batch(batch.pk, batch.quantity)
    start, end = int(first), int(last or first)
    return BookletRange(batch.pk, start, end) if 1 <= start <= end <= batch.quantity else None


def _by_id(rows: Any) -> Callable[[str], Any]:
    return lambda text: rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None


def _day(text: str) -> date | None:
    if written := _FRENCH_DAY.fullmatch(text):
        text = f"{written[3]}-{int(written[2]):02d}-{int(written[1]):02d}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(text: str) -> date | None:
    return _day(f"{text}-01") if re.fullmatch(r"\d{4}-\d{2}", text) else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def _cents(text: str) -> int | None:
    """Euros as people write them: ``1200``, ``1 200,50``, ``1200.50 €``."""
    try:
        exact = Decimal(re.sub(r"[\s€]", "", text).replace(",", ".")) * 100
    except ArithmeticError:
        return None
    return int(exact) if exact.is_finite() and exact == int(exact) else None


PROGRAMME = Reference(
    "dispositif",
    lambda text: Programme.objects.select_related("owner", "lead_network").filter(code=text).first(),
    "aucun dispositif ne porte le code « {} » (voir « poincon programme list »).",
)
ORGANISATION = Reference(
    "organisation",
    find_organisation,
    "« {} » n’est ni le SIRET, ni le numéro RNA, ni le nom exact d’une seule organisation "
    "(voir « poincon organisation list »).",
)
PERSON = Reference(
    "courriel",
    lambda text: User.objects.filter(email=text.lower(), is_active=True).first(),
    "« {} » n’est le courriel d’aucun compte (voir « poincon user list »).",
)
ANYBODY = Reference(
    "courriel",
    lambda text: User.objects.filter(email=text.lower()).first(),
    "« {} » n’est le courriel d’aucun compte, même fermé.",
)
INVITATION = Reference(
    "invitation",
    _by_id(Invitation.objects.select_related("organisation", "programme", "welcomed_in")),
    "aucune invitation ne porte le numéro « {} » (voir « poincon invitation list »).",
)
COMMUNE = Reference(
    "commune",
    lambda text: resolve_commune(text) or Commune.objects.filter(pk=text).first(),
    "« {} » n’est pas un code INSEE de commune. Les communes se chargent par « poincon territories load », "
    "et se cherchent par « poincon territories find ».",
)
SERVICE = Reference(
    "service", lambda text: Service.objects.filter(code=text).first(), "aucun service ne porte le code « {} »."
)
VENUE = Reference(
    "lieu",
    _by_id(Venue.objects.select_related("operator", "commune")),
    "aucun lieu ne porte le numéro « {} » (voir « poincon venue list »).",
)
BATCH = Reference("lot", _batch, "« {} » ne désigne aucun lot : écrivez CODE-DU-DISPOSITIF/NUMÉRO, comme creuse/1.")
BOOKLETS = Reference(
    "chéquiers",
    _booklets,
    "« {} » ne désigne pas de chéquiers. Écrivez un numéro, deux numéros joints par .., "
    "un lot (creuse/1) ou des rangs d’un lot (creuse/1:1-40).",
)
TRANSFER = Reference(
    "bordereau", _by_id(Transfer.objects.select_related("programme")), "aucun bordereau ne porte le numéro « {} »."
)
DESTRUCTION = Reference(
    "procès-verbal",
    _by_id(Destruction.objects.select_related("programme")),
    "aucun procès-verbal de destruction ne porte le numéro « {} ».",
)
HAND_OVER = Reference("remise", _by_id(HandOver.objects.all()), "aucune remise ne porte le numéro « {} ».")
CASE_FILE = Reference(
    "dossier", _by_id(CaseFile.objects.select_related("programme")), "aucun dossier ne porte le numéro « {} »."
)
DEVICE = Reference("appareil", _by_id(Device.objects.all()), "aucun appareil ne porte le numéro « {} ».")
STATEMENT = Reference(
    "relevé",
    lambda text: Statement.objects.select_related("programme", "operator").filter(number=text.upper()).first(),
    "aucun relevé ne porte le numéro « {} » (voir « poincon statement list »).",
)
PAYMENT_BATCH = Reference(
    "ordre",
    _by_id(PaymentBatch.objects.select_related("programme__owner")),
    "aucun ordre de paiement ne porte le numéro « {} » (voir « poincon payments list »).",
)
PAYMENT = Reference(
    "paiement",
    lambda text: Payment.objects.select_related("batch__programme", "statement").filter(end_to_end=text).first(),
    "aucun paiement ne porte la référence « {} » (voir « poincon payments list »).",
)
DAY = Reference("date", _day, "« {} » n’est pas une date ; écrivez-la comme 2026-03-31 ou 31/03/2026.")
MONTH = Reference("mois", _month, "« {} » n’est pas un mois ; écrivez-le comme 2026-03.")
MOMENT = Reference("moment", _moment, "« {} » n’est pas un moment ; écrivez-le comme 2026-03-31T14:30.")
PERCENT = Reference(
    "pourcentage",
    # Hundredths of a percent, as the domain counts shares.
    lambda text: _cents(text.replace("%", "")),
    "« {} » n’est pas un pourcentage, comme 4 ou 1,5.",
)
CENTS = Reference("euros", _cents, "« {} » n’est pas un montant en euros, comme 1200 ou 1200,50.")
