"""The rules of redemption, as pure functions: a scan, what it names, and the answer. No database.

Section "Rules of redemption" of the domain: a scan is accepted if all hold; the first that does not is the reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from poincon.kernel.documents.french import short_day
from poincon.kernel.refusals import Refusal
from poincon.passes import positions, refusals
from poincon.passes.codes import SignedCode, TypedNumber
from poincon.passes.context import BatchContext, OfferContext, OperatorContext, ProgrammeContext, VenueContext
from poincon.passes.enums import Custody, Validity
from poincon.programmes.models.programme import LARGEST_BOOKLET

#: Clocks of phones drift; beyond this, the date of the session cannot be trusted.
CLOCK_TOLERANCE = timedelta(minutes=10)
#: Outside these no calendar computes (a day before year 1, another zone); no pass is as old, nor lasts as long.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """One attempt, as the client sent it. ``passes`` None: the price of the service, or the one pass scanned.

    ``fault`` says in French what is wrong with a request that has an identifier but cannot be read further.
    """

    uuid: UUID
    presented: str
    venue_id: int
    service: str
    occurred_at: datetime
    passes: int | None = None
    mediator_id: int | None = None
    fault: str = ""

    def sound(self) -> "ScanRequest":
        """The request itself or, when its figures are impossible, one that can be kept and will be refused."""
        if self.passes is not None and not 1 <= self.passes <= LARGEST_BOOKLET:
            return replace(
                self, passes=None, fault=_("le nombre de pass va de 1 à %(most)s") % {"most": LARGEST_BOOKLET}
            )
        if not EARLIEST <= self.occurred_at <= LATEST:
            return replace(self, occurred_at=min(max(self.occurred_at, EARLIEST), LATEST))
        return self


@dataclass(slots=True)
class BookletState:
    """A locked booklet row: what a scan reads, and what it changes."""

    booklet_id: int
    number: int
    batch: BatchContext
    rank: int
    size: int
    custody: int
    holder_id: int | None
    validity: int
    handed: int
    used: int
    key_revoked: bool
    programme_version: int

    @property
    def left(self) -> int:
        """How many passes somebody was given and may still use."""
        return (self.handed & ~self.used).bit_count()

    def last_day(self, programme: ProgrammeContext) -> date:
        """The last day of validity, before the days of grace."""
        return programme.last_day(self.batch)


@dataclass(slots=True)
class Usage:
    """What one person used before: in all, by day, and by session (same day, venue and service)."""

    total: int = 0
    by_day: dict[date, int] = field(default_factory=dict)
    by_session: dict[tuple[date, int, int], int] = field(default_factory=dict)

    def add(self, day: date, venue_id: int, service_id: int, passes: int) -> None:
        """Count ``passes`` more."""
        self.total += passes
        self.by_day[day] = self.by_day.get(day, 0) + passes
        session = (day, venue_id, service_id)
        self.by_session[session] = self.by_session.get(session, 0) + passes


@dataclass(slots=True)
class Attempt:
    """Everything the rules look at for one scan."""

    request: ScanRequest
    code: SignedCode | TypedNumber
    booklet: BookletState
    programme: ProgrammeContext
    operator: OperatorContext
    now: datetime
    day: date
    mediator_id: int | None
    usage: Callable[[int, int], Usage]
    #: The passes of each person who holds some of this booklet.
    shares: Callable[[int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An accepted scan: which passes, at which venue, for which offer; ``hands_over`` them first when direct use."""

    passes: int
    venue: VenueContext
    offer: OfferContext
    hands_over: int


def decide(attempt: Attempt) -> Acceptance | Refusal:
    """The answer to one scan. The booklet row is locked by the caller, so the answer stays true until commit."""
    refusal = (
        code_fault(attempt.booklet, attempt.code)
        or booklet_fault(attempt.booklet, attempt.programme)
        or _clock_fault(attempt)
        or day_fault(attempt.booklet, attempt.programme, attempt.day)
        or _operator_fault(attempt)
    )
    if refusal is not None:
        return refusal
    venue = attempt.operator.venues.get(attempt.request.venue_id)
    if venue is None:
        return refusals.VENUE_UNKNOWN
    refusal = _venue_fault(attempt, venue) or _service_fault(attempt)
    offer = venue.offer(attempt.request.service, attempt.day)
    if refusal is not None or offer is None:
        return refusal or refusals.SERVICE_NOT_OFFERED
    passes = _passes_asked(attempt, offer)
    if isinstance(passes, Refusal):
        return passes
    return _ceiling_fault(attempt, venue, offer, passes) or Acceptance(
        passes=passes, venue=venue, offer=offer, hands_over=passes & ~attempt.booklet.handed
    )


def local_day(moment: datetime, programme: ProgrammeContext) -> date:
    """The day of ``moment`` where the programme is (overseas territories have their own zone)."""
    return moment.astimezone(programme.zone).date()


#: ``ALREADY_USED``, when one can say when and where: a place is never more precise than a territory.
USED_BEFORE = replace(
    refusals.ALREADY_USED, sentence=gettext_lazy("Ce pass a déjà été utilisé le %(day)s (%(place)s).")
)


def used_before(day: date, place: str) -> Refusal:
    """The pass was used on ``day`` in ``place``, a territory."""
    return USED_BEFORE.filled(day=french_day(day), place=place)


def french_day(day: date) -> str:
    """A day as people read it: ``4 mars 2025``, ``1er mars 2025``."""
    return short_day(day)


def code_fault(booklet: BookletState, code: SignedCode | TypedNumber) -> Refusal | None:
    """Why an authentic code is not one of this booklet."""
    if isinstance(code, SignedCode):
        if booklet.key_revoked:
            return refusals.REVOKED_KEY
        # A genuine signature over other facts than the database's: a code of a copy of this instance.
        if (code.payload.batch_id, code.payload.rank, code.payload.key) != (
            booklet.batch.batch_id,
            booklet.rank,
            booklet.batch.key,
        ):
            return refusals.FORGED
    position = code_position(code)
    if position > booklet.size:
        return refusals.POSITION_OUT_OF_RANGE.filled(size=booklet.size, position=position)
    return None


def code_position(code: SignedCode | TypedNumber) -> int:
    """The position of the pass presented; 0 for the whole booklet."""
    return code.payload.position if isinstance(code, SignedCode) else code.position


def booklet_fault(booklet: BookletState, programme: ProgrammeContext) -> Refusal | None:
    """Why no pass of this booklet is usable, whatever the day."""
    if booklet.validity == Validity.BLOCKED or booklet.custody in (Custody.LOST, Custody.DESTROYED):
        return refusals.BLOCKED
    if booklet.validity == Validity.INERT:
        return refusals.INERT
    if booklet.validity == Validity.EXPIRED:
        return refusals.EXPIRED.filled(day=french_day(_last_day_of_grace(booklet, programme)))
    return None


def _last_day_of_grace(booklet: BookletState, programme: ProgrammeContext) -> date:
    return booklet.last_day(programme) + timedelta(days=booklet.batch.grace_days)


def _clock_fault(attempt: Attempt) -> Refusal | None:
    occurred_at, programme = attempt.request.occurred_at, attempt.programme
    if occurred_at > attempt.now + CLOCK_TOLERANCE:
        return refusals.CLOCK_AHEAD.filled(day=french_day(attempt.day))
    # A scan on line also takes a few seconds to arrive, from a clock that may run behind.
    if occurred_at < attempt.now - timedelta(days=programme.offline_max_days) - CLOCK_TOLERANCE:
        return _too_late(programme.offline_max_days)
    return None


def _too_late(days: int) -> Refusal:
    if not days:
        return refusals.TOO_LATE.filled(delay=_("quelques minutes"))
    return refusals.TOO_LATE.filled(delay=ngettext("%(days)s jour", "%(days)s jours", days) % {"days": days})


def day_fault(booklet: BookletState, programme: ProgrammeContext, day: date) -> Refusal | None:
    """Why no pass of this booklet is usable on ``day``."""
    if day < booklet.batch.valid_from:
        return refusals.NOT_YET_VALID.filled(day=french_day(booklet.batch.valid_from))
    if day > (last_day := _last_day_of_grace(booklet, programme)):
        return refusals.EXPIRED.filled(day=french_day(last_day))
    return refusals.PROGRAMME_SUSPENDED if programme.is_suspended(day) else None


def _operator_fault(attempt: Attempt) -> Refusal | None:
    if not attempt.operator.is_qualified(attempt.day):
        return refusals.OPERATOR_NOT_QUALIFIED
    if attempt.mediator_id not in attempt.operator.mediators:
        return refusals.MEDIATOR_UNKNOWN
    if attempt.programme.mediator_training_required and attempt.mediator_id not in attempt.operator.trained:
        return refusals.MEDIATOR_NOT_TRAINED
    return None


def _venue_fault(attempt: Attempt, venue: VenueContext) -> Refusal | None:
    if venue.closed_on is not None and attempt.day >= venue.closed_on:
        return refusals.VENUE_CLOSED.filled(day=french_day(venue.closed_on))
    if attempt.programme.communes and venue.commune not in attempt.programme.communes:
        return refusals.VENUE_OUTSIDE_TERRITORY
    return None


def _service_fault(attempt: Attempt) -> Refusal | None:
    service = attempt.request.service
    if service not in attempt.programme.catalogue:
        return refusals.SERVICE_UNKNOWN
    if service not in attempt.programme.services:
        return refusals.SERVICE_OUTSIDE_PROGRAMME
    if attempt.operator.services is not None and service not in attempt.operator.services:
        return refusals.SERVICE_OUTSIDE_QUALIFICATION
    return None


def _passes_asked(attempt: Attempt, offer: OfferContext) -> int | Refusal:
    """The mask of the passes to use, or why not."""
    position = code_position(attempt.code)
    asked = attempt.request.passes or (1 if position else offer.price)
    if position and asked != 1:
        return refusals.ONE_PASS_CODE.filled(asked=asked)
    if asked > offer.price:
        return refusals.ABOVE_PRICE.filled(price=offer.price, asked=asked)
    usable = _usable(attempt)
    if refusal := passes_fault(attempt.booklet, position, usable, asked=asked):
        return refusal
    return positions.mask_of([position]) if position else _next_passes(attempt, usable, asked)


def _next_passes(attempt: Attempt, usable: int, asked: int) -> int | Refusal:
    unused = usable & ~attempt.booklet.used
    if _holders(attempt.shares(attempt.booklet.booklet_id), unused) > 1:
        return refusals.SHARED_BOOKLET
    return positions.first_passes(unused, asked)


def passes_fault(booklet: BookletState, position: int, usable: int, *, asked: int = 1) -> Refusal | None:
    """Why the pass at ``position`` (0: ``asked`` passes of the booklet) is not to use among the ``usable`` ones."""
    if position:
        wanted = positions.mask_of([position])
        if booklet.used & wanted:
            return refusals.ALREADY_USED
        return None if usable & wanted else refusals.NOT_HANDED_OVER
    if not usable:
        return refusals.NOT_HANDED_OVER
    left = (usable & ~booklet.used).bit_count()
    return refusals.NOT_ENOUGH_PASSES.filled(left=left, asked=asked) if left < asked else None


def _holders(shares: Sequence[int], passes: int) -> int:
    """How many hold these passes: the people who were given some, and the stock for what nobody carries."""
    return sum(bool(share & passes) for share in shares) + bool(passes & ~reduce(or_, shares, 0))


def _usable(attempt: Attempt) -> int:
    """The passes handed over and, where the venue also prescribes and the programme allows it, those in its stock."""
    booklet = attempt.booklet
    direct = (
        attempt.programme.direct_use
        and booklet.custody == Custody.STOCK
        and booklet.holder_id == attempt.operator.operator_id
        and attempt.operator.may_prescribe(attempt.day)
    )
    return positions.all_passes(booklet.size) if direct else booklet.handed


def _ceiling_fault(attempt: Attempt, venue: VenueContext, offer: OfferContext, passes: int) -> Refusal | None:
    programme = attempt.programme
    usage = attempt.usage(attempt.booklet.booklet_id, passes)
    session = (attempt.day, venue.venue_id, offer.service_id)
    # One session is paid once: its price, scan after scan, unless the programme says more.
    per_session = offer.price if programme.max_passes_per_session is None else programme.max_passes_per_session
    # The widest first: "another session" is no advice to whom may use no more today.
    before = (
        (refusals.PERSON_CEILING, programme.max_passes_per_person, usage.total),
        (refusals.DAY_CEILING, programme.max_passes_per_day, usage.by_day.get(attempt.day, 0)),
        (refusals.SESSION_CEILING, per_session, usage.by_session.get(session, 0)),
    )
    for refusal, ceiling, used in before:
        if ceiling is not None and used + passes.bit_count() > ceiling:
            return refusal.filled(ceiling=ceiling)
    return None
