"""What one booklet is, for the mediator who tests it and for the person who holds it. Nothing here uses a pass."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from poincon.kernel.refusals import Refusal
from poincon.mediation.models import Venue
from poincon.mediation.queries import nearest_venues, open_venues
from poincon.passes import codes, keys, positions, refusals
from poincon.passes.context import ProgrammeContext, batch_context, programme_context
from poincon.passes.models import Booklet
from poincon.passes.plain_words import VALID, plainly
from poincon.passes.queries.batch import batch_last_day
from poincon.passes.rules import BookletState, booklet_fault, code_fault, day_fault, local_day, passes_fault
from poincon.programmes.models import Programme
from poincon.territories.models import Commune

PLACES_SHOWN = 20
#: Once we know where the person is, those she may go to; the others are a click away.
NEAREST_SHOWN = 8


@dataclass(frozen=True)
class Examined:
    """A booklet tested without being used. ``refusal``: why a scan of today would be refused, whatever the venue."""

    booklet: Booklet
    valid_until: date
    position: int
    refusal: Refusal | None


@dataclass(frozen=True)
class PublicVenue:
    """A place where the booklet can be used; ``km`` as the crow flies from where the person said she is."""

    venue_id: int
    name: str
    commune: str
    phone: str
    km: float | None = None


@dataclass(frozen=True)
class PublicBooklet:
    """What anybody who holds the paper may read: no person, no place of use, never a way to redeem."""

    number: str
    #: The passes that were handed over, each with whether it is used; all of them while nobody has any.
    passes: list[tuple[int, bool]]
    left: int
    usable: bool
    #: In what state it is, in two short sentences: what, and what to do.
    state: Refusal
    valid_until: date
    programme_name: str
    #: With its owner: pages about the booklet wear its colours.
    programme: Programme
    phone: str
    referent: str
    email: str
    venues: list[PublicVenue]


def examine(presented: str, *, now: datetime | None = None) -> Examined | Refusal:
    """Test what was scanned or typed, by the rules of a scan. A refusal alone: no booklet of ours carries it.

    Two statements, once the rules of the programme are read.
    """
    code = _authentic(presented)
    if isinstance(code, Refusal):
        return code
    number, position = (
        (code.payload.number, code.payload.position)
        if isinstance(code, codes.SignedCode)
        else (code.number, code.position)
    )
    booklet = (
        Booklet.objects.select_related("batch__programme__owner", "batch__signing_key", "holder")
        .filter(number=number)
        .first()
    )
    if booklet is None:
        return refusals.UNKNOWN_BOOKLET
    state, programme = _state(booklet), _rules(booklet)
    if fault := code_fault(state, code):
        return fault
    today = local_day(now or timezone.now(), programme)
    refusal = (
        booklet_fault(state, programme)
        or day_fault(state, programme, today)
        or passes_fault(state, position, booklet.handed)
    )
    return Examined(booklet, batch_last_day(booklet.batch), position, refusal)


def _rules(booklet: Booklet) -> ProgrammeContext:
    return programme_context(booklet.batch.programme_id, booklet.batch.programme.rules_version)


def _state(booklet: Booklet) -> BookletState:
    """The booklet as the rules of a scan see it."""
    batch = booklet.batch
    return BookletState(
        booklet_id=booklet.pk,
        number=booklet.number,
        batch=batch_context(batch.pk),
        rank=booklet.rank,
        size=booklet.size,
        custody=booklet.custody,
        holder_id=booklet.holder_id,
        validity=booklet.validity,
        handed=booklet.handed,
        used=booklet.used,
        key_revoked=batch.signing_key.revoked_at is not None,
        programme_version=batch.programme.rules_version,
    )


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


def public_booklet(
    presented: str, *, near: Commune | None = None, now: datetime | None = None
) -> PublicBooklet | Refusal:
    """The page behind a printed code: valid or not, passes left, until when, whom to call, where to go.

    In simple words (``passes.plain_words``). ``near``: the places nearest to this commune, nearest first.
    """
    examined = examine(presented, now=now)
    if isinstance(examined, Refusal):
        return plainly(examined)
    booklet, programme = examined.booklet, examined.booklet.batch.programme
    return PublicBooklet(
        number=codes.written(booklet.number),
        passes=_passes(booklet),
        left=booklet.left,
        usable=examined.refusal is None,
        state=VALID.filled() if examined.refusal is None else plainly(examined.refusal),
        valid_until=examined.valid_until,
        programme_name=programme.name,
        programme=programme,
        phone=programme.phone,
        referent=programme.referent,
        email=programme.email,
        venues=_places(programme.pk, local_day(now or timezone.now(), _rules(booklet)), near),
    )


def _passes(booklet: Booklet) -> list[tuple[int, bool]]:
    """Those that a prescriber kept and detached are nothing to the person who has the others."""
    used = set(positions.positions_of(booklet.used))
    given = booklet.handed or positions.all_passes(booklet.size)
    return [(position, position in used) for position in positions.positions_of(given)]


def _places(programme_id: int, day: date, near: Commune | None) -> list[PublicVenue]:
    if near is not None:
        found = nearest_venues(near, programme_id=programme_id, day=day, limit=NEAREST_SHOWN)
        return [_public(one.venue, one.km) for one in found]
    return [_public(venue, None) for venue in open_venues(programme_id, day)[:PLACES_SHOWN]]


def _public(venue: Venue, km: float | None) -> PublicVenue:
    return PublicVenue(venue.pk, venue.name, venue.commune.name, venue.phone, km)
