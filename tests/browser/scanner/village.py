"""A village hall: booklets in people's hands, a mediator who punches them. Today, because a browser lives today."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.passes import codes, keys
from poincon.passes.models import Batch, Booklet, Redemption, Scan
from poincon.passes.services.hand_over import hand_over
from poincon.programmes.models.programme import LARGEST_BOOKLET
from tests.factories import SYSTEM, Scheme, make_membership, make_scheme, make_user
from tests.lives import active_batch, delivered


@dataclass
class Village:
    scheme: Scheme
    batch: Batch
    mediator: User
    now: datetime
    signers: dict[int, Any] = field(default_factory=dict)

    def code(self, rank: int = 1, position: int = 0, *, batch: Batch | None = None, copied_as: int = 0) -> str:
        """What is printed on the cover of a booklet, or on one pass; ``copied_as``: the rank that a copy gives it."""
        batch = batch or self.batch
        booklet = Booklet.objects.get(batch=batch, rank=rank)
        facts: dict[str, Any] = {
            "key": batch.signing_key.identifier,
            "batch_id": batch.pk,
            "rank": copied_as or rank,
            "number": booklet.number,
            "position": position,
        }
        packed = codes.Payload(**facts).packed()
        key = batch.signing_key_id
        if key not in self.signers:
            self.signers[key] = keys.signer(batch.signing_key)
        return codes.code_url("https://pass.exemple.fr", packed + self.signers[key].sign(packed))

    def number(self, rank: int = 1, position: int = 0) -> str:
        return codes.written(Booklet.objects.get(batch=self.batch, rank=rank).number, position)

    def another_batch(self, *, quantity: int = 1) -> Batch:
        """A batch activated now, whose booklets are handed over."""
        now = timezone.now()
        batch = active_batch(self.scheme, quantity=quantity, now=now)
        _hand_over(self.scheme, batch, now)
        return batch

    @property
    def context(self) -> dict[str, Any]:
        return {"venue": self.scheme.venue.pk, "service": self.scheme.service.code, "passes": None}


def make_village(*, quantity: int = 2, size: int = 10, price: int = 1, **programme: Any) -> Village:
    """A scheme that runs today, ``quantity`` booklets handed over, a mediator of its operator."""
    now = timezone.now() - timedelta(hours=1)
    dates = {"starts_on": now.date() - timedelta(days=90), "ends_on": now.date() + timedelta(days=500)}
    scheme = make_scheme(**(dates | {"max_passes_per_session": LARGEST_BOOKLET} | programme))
    scheme.offer.price = price
    scheme.offer.save(update_fields=["price"])
    batch = active_batch(scheme, quantity=quantity, size=size, now=now)
    _hand_over(scheme, batch, now)
    mediator = make_user(full_name="Médiatrice")
    make_membership(Role.MEDIATOR, scheme.operator, user=mediator)
    return Village(scheme, batch, mediator, now)


def _hand_over(scheme: Scheme, batch: Batch, now: datetime) -> None:
    delivered(batch, scheme.prescriber, now=now)
    for booklet in Booklet.objects.filter(batch=batch):
        hand_over(by=SYSTEM, prescriber=scheme.prescriber, number=codes.written(booklet.number), now=now)


def live_redemptions() -> int:
    """How many passes are used in the database."""
    return Redemption.objects.filter(annulment=None).count()


def scans_kept() -> int:
    return Scan.objects.count()
