"""A booklet in somebody's hands, written straight to the database."""

from datetime import date, timedelta

from django.utils import timezone

from poincon.passes import codes, keys
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Batch, Booklet
from poincon.passes.positions import all_passes, mask_of
from poincon.programmes.models import Programme
from tests.factories import SYSTEM, make_organisation


def make_booklet(
    programme: Programme,
    *,
    used: tuple[int, ...] = (),
    size: int = 10,
    validity: Validity = Validity.ACTIVE,
    valid_until: date | None = None,
) -> Booklet:
    """A booklet of ``programme`` handed over whole, valid today unless told otherwise."""
    now = timezone.now()
    batch = Batch.objects.create(
        programme=programme,
        number=programme.batches.count() + 1,
        quantity=1,
        size=size,
        unit_value=1000,
        unit_minutes=120,
        valid_from=now.date() - timedelta(days=400),
        valid_until=valid_until or now.date() + timedelta(days=200),
        grace_days=30,
        signing_key=keys.current_key() or keys.rotate(by=SYSTEM),
        stock_holder=programme.owner,
        printed_at=now,
        activated_at=now,
    )
    return Booklet.objects.create(
        batch=batch,
        rank=1,
        number=_issuable_after(48_291_570_300 + Booklet.objects.count() * 100),
        size=size,
        custody=Custody.PERSON,
        holder=make_organisation(name="CCAS", is_prescriber=True),
        validity=validity,
        handed=all_passes(size),
        used=mask_of(used),
    )


def printed_path(booklet: Booklet, position: int = 0) -> str:
    """The path of the address printed on the cover, or on one pass, of ``booklet``."""
    key = booklet.batch.signing_key
    payload = codes.Payload(key.identifier, booklet.batch_id, booklet.rank, booklet.number, position).packed()
    return f"/P/{codes.encode(payload + keys.signer(key).sign(payload))}"


def _issuable_after(number: int) -> int:
    return next(candidate for candidate in range(number, number + 100) if codes.is_issuable(candidate))
