"""What one booklet is, for the mediator who tests it and for the person who holds it. Nothing here uses a pass."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from poincon.kernel.refusals import Refusal
from poincon.mediation.queries import open_venues
from poincon.passes import codes, keys, positions, refusals
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet
from poincon.passes.queries.batch import batch_last_day
from poincon.passes.rules import french_day

PLACES_SHOWN = 20


@dataclass(frozen=True)
class Examined:
    """A booklet tested without being used. ``refusal``: why a scan of today would be refused, whatever the venue."""

    booklet: Booklet
    valid_until: date
    position: int
    refusal: Refusal | None


@dataclass(frozen=True)
class PublicVenue:
    name: str
    commune: str
    phone: str


@dataclass(frozen=True)
class PublicBooklet:
    """What anybody who holds the paper may read: no person, no place of use, never a way to redeem."""

    number: str
    size: int
    used_positions: list[int]
    left: int
    usable: bool
    state_sentence: str | Promise
    valid_until: date
    programme_name: str
    phone: str
    referent: str
    email: str
    venues: list[PublicVenue]


def examine(presented: str, *, now: datetime | None = None) -> Examined | Refusal:
    """Test what was scanned or typed. A refusal alone: no booklet of ours carries it. At most three statements."""
    code = _authentic(presented)
    if isinstance(code, Refusal):
        return code
    number, position = (
        (code.payload.number, code.payload.position)
        if isinstance(code, codes.SignedCode)
        else (code.number, code.position)
    )
    booklet = (
        Booklet.objects.select_related("batch__programme", "batch__signing_key", "holder").filter(number=number).first()
    )
    if booklet is None:
        return refusals.UNKNOWN_BOOKLET
    if isinstance(code, codes.SignedCode) and booklet.batch.signing_key.revoked_at is not None:
        return refusals.REVOKED_KEY
    if position > booklet.size:
        return refusals.POSITION_OUT_OF_RANGE.filled(size=booklet.size, position=position)
    last_day = batch_last_day(booklet.batch)
    today = timezone.localdate(now or timezone.now())
    return Examined(booklet, last_day, position, _fault(booklet, position, last_day, today))


def _authentic(presented: str) -> codes.SignedCode | codes.TypedNumber | Refusal:
    try:
        code = codes.read(presented)
        if isinstance(code, codes.SignedCode) and not keys.is_authentic(
            keys.verifier(code.payload.key), code.packed, code.signature
        ):
            return refusals.FORGED
    except codes.WrongCheckCharacterError:
        return refusals.WRONG_CHECK_CHARACTER
    except codes.UnreadableCodeError:
        return refusals.UNREADABLE
    except keys.UnknownKeyError:
        return refusals.UNKNOWN_KEY
    return code


def _fault(booklet: Booklet, position: int, last_day: date, today: date) -> Refusal | None:
    last_day_of_grace = last_day + timedelta(days=booklet.batch.grace_days)
    wanted = positions.mask_of([position]) if position else positions.all_passes(booklet.size)
    if booklet.validity == Validity.BLOCKED or booklet.custody in (Custody.LOST, Custody.DESTROYED):
        return refusals.BLOCKED
    if booklet.validity == Validity.INERT:
        return refusals.INERT
    if booklet.validity == Validity.EXPIRED or today > last_day_of_grace:
        return refusals.EXPIRED.filled(day=french_day(last_day_of_grace))
    if today < booklet.batch.valid_from:
        return refusals.NOT_YET_VALID.filled(day=french_day(booklet.batch.valid_from))
    return _passes_fault(booklet, wanted)


def _passes_fault(booklet: Booklet, wanted: int) -> Refusal | None:
    if not booklet.handed & wanted:
        return refusals.NOT_HANDED_OVER
    if not wanted & ~booklet.used:
        return refusals.NOT_ENOUGH_PASSES.filled(left=0, asked=1)
    return None


def public_booklet(presented: str, *, now: datetime | None = None) -> PublicBooklet | Refusal:
    """The page behind a printed code: valid or not, passes left, until when, whom to call, where to go."""
    examined = examine(presented, now=now)
    if isinstance(examined, Refusal):
        return examined
    booklet, programme = examined.booklet, examined.booklet.batch.programme
    return PublicBooklet(
        number=codes.written(booklet.number),
        size=booklet.size,
        used_positions=positions.positions_of(booklet.used),
        left=booklet.left,
        usable=examined.refusal is None,
        state_sentence=examined.refusal.sentence if examined.refusal else _("Ce chéquier est valable."),
        valid_until=examined.valid_until,
        programme_name=programme.name,
        phone=programme.phone,
        referent=programme.referent,
        email=programme.email,
        venues=_places(programme.pk, timezone.localdate(now or timezone.now())),
    )


def _places(programme_id: int, day: date) -> list[PublicVenue]:
    venues = open_venues(programme_id, day)[:PLACES_SHOWN]
    return [PublicVenue(venue.name, venue.commune.name, venue.phone) for venue in venues]
