"""Passes already used, written straight to the database: how one gets used is tested elsewhere."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from poincon.kernel import vault
from poincon.organisations.enums import Role
from poincon.organisations.models import BankAccount, Organisation
from poincon.organisations.services.bank import PURPOSE
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Annulment, Batch, Booklet, Redemption, Scan, SigningKey
from poincon.passes.positions import all_passes, mask_of
from poincon.programmes.models import Programme, Service
from poincon.settlement.enums import PaymentMethod
from poincon.settlement.models import PaymentBatch, Statement
from poincon.settlement.services import approve_payments, close_month, prepare_payments
from tests.factories import NOW, SYSTEM, Scheme, make_actor, make_organisation, make_venue, number

MARCH = date(2026, 3, 1)
APRIL = date(2026, 4, 1)
IN_MARCH = date(2026, 3, 10)
IN_APRIL = date(2026, 4, 2)
#: Two mornings after the end of the month, when months are usually closed.
MARCH_OVER = datetime(2026, 4, 2, 8, 0, tzinfo=timezone.get_default_timezone())
APRIL_OVER = datetime(2026, 5, 4, 8, 0, tzinfo=timezone.get_default_timezone())

#: Published examples of valid accounts.
IBANS = ("FR7630006000011234567890189", "FR1420041010050500013M02606", "FR7610107001011234567890129")


def make_signing_key() -> SigningKey:
    rank = number()
    return SigningKey.objects.create(identifier=f"{rank:08x}", public_hex=f"{rank:064x}", retired_at=NOW)


def make_batch(programme: Programme, *, size: int = 10, **fields: object) -> Batch:
    """A printed and active batch of this programme, worth what its passes are worth."""
    values = {
        "number": number(),
        "quantity": 1,
        "unit_value": programme.unit_value,
        "unit_minutes": programme.unit_minutes,
        "valid_from": programme.starts_on,
        "valid_until": programme.ends_on,
        "grace_days": 30,
        "stock_holder": programme.owner,
    } | fields
    return Batch.objects.create(programme=programme, size=size, signing_key=make_signing_key(), **values)


def make_booklet(batch: Batch, *, used: int = 0) -> Booklet:
    """A booklet handed over to a person, its first ``used`` passes used."""
    rank = number()
    return Booklet.objects.create(
        batch=batch,
        rank=rank,
        number=10_000_000_000 + rank,
        size=batch.size,
        custody=Custody.PERSON,
        holder=batch.stock_holder,
        validity=Validity.ACTIVE,
        handed=all_passes(batch.size),
        used=mask_of(range(1, used + 1)),
    )


@dataclass(frozen=True)
class Where:
    """Where passes are used: an operator, one of its venues, a service."""

    operator: Organisation
    service: Service
    code: str = "23096"


def at(scheme: Scheme) -> Where:
    return Where(scheme.operator, scheme.service)


def use_passes(scheme: Scheme, count: int = 1, *, day: date = IN_MARCH, where: Where | None = None) -> list[Redemption]:
    """``count`` passes of one new booklet used that day, at the scheme's venue unless ``where`` says otherwise."""
    programme = scheme.programme
    where = where or at(scheme)
    venue = scheme.venue if where.operator == scheme.operator else make_venue(where.operator, where.code)
    booklet = make_booklet(make_batch(programme, size=max(10, count)), used=count)
    moment = datetime.combine(day, time(10), tzinfo=timezone.get_default_timezone())
    scan = Scan.objects.create(
        uuid=uuid.uuid4(),
        operator=where.operator,
        booklet=booklet,
        venue=venue,
        service=where.service,
        presented=str(booklet.number),
        passes=count,
        occurred_at=moment,
        received_at=moment,
        accepted=True,
        verdict="{}",
    )
    return Redemption.objects.bulk_create(
        Redemption(
            scan=scan,
            programme=programme,
            booklet=booklet,
            position=position,
            operator=where.operator,
            venue=venue,
            service=where.service,
            commune=venue.commune,
            day=day,
            value=programme.unit_value,
            minutes=programme.unit_minutes,
        )
        for position in range(1, count + 1)
    )


def annul(redemptions: list[Redemption], *, when: datetime = MARCH_OVER + timedelta(days=1)) -> None:
    """Annul the scan these redemptions come from."""
    for scan in {redemption.scan for redemption in redemptions}:
        annulment = Annulment.objects.create(scan=scan, at=when, by_label="essai", reason="mauvais chéquier")
        Redemption.objects.filter(scan=scan).update(annulment=annulment)


def make_operator(scheme: Scheme, name: str = "", **fields: object) -> Where:
    """Another operator of the programme."""
    return Where(make_organisation(name=name or f"Opérateur {number()}", **fields), scheme.service)


def make_account(organisation: Organisation, iban: str = IBANS[0]) -> BankAccount:
    return BankAccount.objects.create(
        organisation=organisation,
        holder=organisation.name[:70],
        iban_locked=vault.lock_away(iban.encode(), purpose=PURPOSE),
        iban_end=iban[-4:],
        bic="AGRIFRPP",
    )


def close(scheme: Scheme, month: date = MARCH, now: datetime = MARCH_OVER) -> list[Statement]:
    return close_month(by=SYSTEM, programme=scheme.programme, month=month, now=now)


def prepared(scheme: Scheme, method: str = PaymentMethod.PUBLIC_ACCOUNTANT) -> PaymentBatch:
    """A batch of everything payable, prepared by a new accountant."""
    by = make_actor(Role.ACCOUNTANT, scheme.funder)
    return prepare_payments(by=by, programme=scheme.programme, method=method, now=MARCH_OVER)


def approved(scheme: Scheme, method: str = PaymentMethod.PUBLIC_ACCOUNTANT) -> PaymentBatch:
    """The same, approved by a new funder."""
    by = make_actor(Role.FUNDER, scheme.funder)
    return approve_payments(by=by, batch=prepared(scheme, method), now=MARCH_OVER)
