"""What the rules of redemption need to know of a programme and of an operator, kept in the process.

Reading it takes a dozen statements; a scan affords four. Each part is kept under the ``rules_version`` of its row,
which every verb that changes a rule increases, and which the scan reads in its own transaction: a stale part is never
used (docs/decisions/0005-redemption-in-few-statements.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Q

from poincon.mediation.models import ServiceOffer, Venue
from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification, TrainingRecord
from poincon.network.queries import qualified_service_codes
from poincon.organisations.enums import Role
from poincon.organisations.models import Membership
from poincon.passes.models import Batch
from poincon.programmes.models import Programme, ProgrammeChange, Service
from poincon.programmes.queries import allowed_service_codes, changes_of, commune_codes
from poincon.programmes.rules import is_suspended, validity_end

#: A département runs a handful of programmes and some hundred operators; a national instance fits as well.
PROGRAMMES_KEPT = 256
BATCHES_KEPT = 4096
OPERATORS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What a batch froze when it was ordered."""

    batch_id: int
    programme_id: int
    key: str
    unit_value: int
    unit_minutes: int
    valid_from: date
    valid_until: date
    grace_days: int
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class ProgrammeContext:
    programme_id: int
    zone: ZoneInfo
    changes: tuple[ProgrammeChange, ...]
    catalogue: Mapping[str, int]
    services: frozenset[str]
    communes: frozenset[str]
    direct_use: bool
    mediator_training_required: bool
    offline_max_days: int
    offline_max_passes: int
    max_passes_per_session: int | None
    max_passes_per_day: int | None
    max_passes_per_person: int | None

    def is_suspended(self, day: date) -> bool:
        """Whether the programme accepts no pass on ``day``."""
        return is_suspended(day, self.changes)

    def last_day(self, batch: "Batch | BatchContext") -> date:
        """The last day of validity of a batch, moved by the extensions and suspensions of the programme."""
        return _last_day(batch.valid_until, self.changes, batch.valid_from, batch.ordered_at)


@lru_cache(maxsize=BATCHES_KEPT)
def _last_day(valid_until: date, changes: tuple[ProgrammeChange, ...], valid_from: date, ordered_at: datetime) -> date:
    """Asked for each scan, and the same for all the booklets of a batch."""
    return validity_end(valid_until, changes, valid_from=valid_from, ordered_at=ordered_at)


@dataclass(frozen=True, slots=True)
class OfferContext:
    service_id: int
    price: int
    minutes: int
    starts_on: date
    ended_on: date | None

    def stands(self, day: date) -> bool:
        """Whether the offer is given on ``day`` (``mediation.queries.live_offers``)."""
        return self.starts_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class VenueContext:
    venue_id: int
    commune: str
    closed_on: date | None
    offers: Mapping[str, tuple[OfferContext, ...]]

    def offer(self, service: str, day: date) -> OfferContext | None:
        """The offer of this service that stands on ``day``."""
        return next((offer for offer in self.offers.get(service, ()) if offer.stands(day)), None)


@dataclass(frozen=True, slots=True)
class OperatorContext:
    """One operator inside one programme."""

    operator_id: int
    qualified_from: date | None
    qualified_until: date | None
    suspended: tuple[tuple[date, date | None], ...]
    services: frozenset[str] | None
    venues: Mapping[int, VenueContext]
    mediators: frozenset[int]
    trained: frozenset[int]
    agreed_from: date | None
    agreed_until: date | None

    def is_qualified(self, day: date) -> bool:
        """Whether the operator may be paid for a session of ``day``."""
        if self.qualified_from is None or day < self.qualified_from:
            return False
        if any(first <= day and (last is None or day <= last) for first, last in self.suspended):
            return False
        return self.qualified_until is None or day <= self.qualified_until

    def may_prescribe(self, day: date) -> bool:
        """Whether the operator also hands booklets over, under an agreement in force on ``day``."""
        if self.agreed_from is None or day < self.agreed_from:
            return False
        return self.agreed_until is None or day <= self.agreed_until


@lru_cache(maxsize=BATCHES_KEPT)
def batch_context(batch_id: int) -> BatchContext:
    """A batch, which no verb changes in this once it is ordered."""
    batch = Batch.objects.select_related("signing_key").get(pk=batch_id)
    return BatchContext(
        batch_id=batch_id,
        programme_id=batch.programme_id,
        key=batch.signing_key.identifier,
        unit_value=batch.unit_value,
        unit_minutes=batch.unit_minutes,
        valid_from=batch.valid_from,
        valid_until=batch.valid_until,
        grace_days=batch.grace_days,
        ordered_at=batch.ordered_at,
    )


def forget() -> None:
    """Empty what this process keeps: for tests, whose identifiers begin again."""
    for kept in (batch_context, programme_context, operator_context, _last_day):
        kept.cache_clear()


@lru_cache(maxsize=PROGRAMMES_KEPT)
def programme_context(programme_id: int, rules_version: int) -> ProgrammeContext:  # noqa: ARG001  part of the cache key
    """The rules of a programme at this version."""
    programme = Programme.objects.get(pk=programme_id)
    return ProgrammeContext(
        programme_id=programme_id,
        zone=ZoneInfo(programme.time_zone),
        changes=tuple(changes_of(programme_id)),
        catalogue=_catalogue(programme_id),
        services=allowed_service_codes(programme),
        communes=commune_codes(programme_id),
        direct_use=programme.direct_use,
        mediator_training_required=programme.mediator_training_required,
        offline_max_days=programme.offline_max_days,
        offline_max_passes=programme.offline_max_passes,
        max_passes_per_session=programme.max_passes_per_session,
        max_passes_per_day=programme.max_passes_per_day,
        max_passes_per_person=programme.max_passes_per_person,
    )


@lru_cache(maxsize=OPERATORS_KEPT)
def operator_context(
    programme_id: int,
    operator_id: int,
    programme_version: int,  # noqa: ARG001  part of the cache key
    operator_version: int,  # noqa: ARG001  part of the cache key
) -> OperatorContext:
    """What an operator may do in a programme, at these versions of both."""
    qualification = Qualification.objects.filter(programme_id=programme_id, operator_id=operator_id).first()
    agreement = PrescriberAgreement.objects.filter(programme_id=programme_id, prescriber_id=operator_id).first()
    mediators = Membership.objects.filter(
        organisation_id=operator_id, ended_at=None, role__in=[Role.MEDIATOR, Role.OPERATOR_MANAGER]
    )
    mediators = mediators.filter(Q(programme=None) | Q(programme_id=programme_id))
    return OperatorContext(
        operator_id=operator_id,
        qualified_from=qualification.valid_from if qualification else None,
        qualified_until=_last_qualified_day(qualification),
        suspended=tuple(qualification.suspensions.values_list("first_day", "last_day")) if qualification else (),
        services=qualified_service_codes(qualification) if qualification else frozenset(),
        venues=_venues(programme_id, operator_id),
        mediators=frozenset(mediators.values_list("user_id", flat=True)),
        trained=frozenset(
            TrainingRecord.objects.filter(
                programme_id=programme_id, kind=TrainingKind.MEDIATOR, user__memberships__organisation_id=operator_id
            ).values_list("user_id", flat=True)
        ),
        agreed_from=agreement.valid_from if agreement else None,
        agreed_until=agreement.valid_until if agreement else None,
    )


def _last_qualified_day(qualification: Qualification | None) -> date | None:
    if qualification is None:
        return None
    ends = [] if qualification.valid_until is None else [qualification.valid_until]
    if qualification.withdrawn_on is not None:
        ends.append(qualification.withdrawn_on - timedelta(days=1))
    return min(ends, default=None)


def _catalogue(programme_id: int) -> dict[str, int]:
    """The services a scan may name: the national ones and the programme's own."""
    named = Service.objects.filter(Q(programme=None) | Q(programme_id=programme_id))
    return dict(named.order_by("id").values_list("code", "id"))


def _venues(programme_id: int, operator_id: int) -> dict[int, VenueContext]:
    offers: dict[int, dict[str, tuple[OfferContext, ...]]] = {}
    listed = ServiceOffer.objects.filter(venue__operator_id=operator_id, programme_id=programme_id)
    for offer in listed.select_related("service").order_by("-id"):
        at_venue = offers.setdefault(offer.venue_id, {})
        context = OfferContext(offer.service_id, offer.price, offer.minutes, offer.starts_on, offer.ended_on)
        at_venue[offer.service.code] = (*at_venue.get(offer.service.code, ()), context)
    return {
        venue.pk: VenueContext(venue.pk, venue.commune_id, venue.closed_on, offers.get(venue.pk, {}))
        for venue in Venue.objects.filter(operator_id=operator_id)
    }
