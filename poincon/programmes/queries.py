"""Reads about one programme. One query each."""

from datetime import date

from django.db.models import Q, QuerySet, Sum

from poincon.programmes.enums import Catalogue, ReceiptKind
from poincon.programmes.models import Funding, FundingReceipt, Programme, ProgrammeChange, Service, Territory


def receipts_total(programme_id: int) -> int:
    """The money recorded as available for a programme, in cents, corrections deducted."""
    return sum(receipts_by_kind(programme_id).values())


def receipts_by_kind(programme_id: int) -> dict[ReceiptKind, int]:
    """The money recorded as available, in cents: cash, and what is left to come of budget commitments."""
    sums = FundingReceipt.objects.filter(programme_id=programme_id).aggregate(
        cash=Sum("amount", filter=Q(kind=ReceiptKind.CASH), default=0),
        committed=Sum("amount", filter=Q(kind=ReceiptKind.COMMITMENT), default=0),
        realised=Sum("amount", filter=Q(realises__isnull=False), default=0),
    )
    # Cash that honours a commitment is not money more.
    return {ReceiptKind.CASH: int(sums["cash"]), ReceiptKind.COMMITMENT: int(sums["committed"] - sums["realised"])}


def left_of_commitment(commitment: FundingReceipt) -> int:
    """What is still to come of a budget commitment, in cents: neither honoured by cash, nor corrected."""
    named = FundingReceipt.objects.filter(Q(pk=commitment.pk) | Q(corrects=commitment) | Q(realises=commitment))
    sums = named.aggregate(
        own=Sum("amount", filter=Q(realises=None), default=0),
        honoured=Sum("amount", filter=Q(realises__isnull=False), default=0),
    )
    return int(sums["own"] - sums["honoured"])


def fundings_on(programme_id: int, day: date) -> QuerySet[Funding]:
    """Who pays which share of a programme on that day, in the order they were recorded, with the funder."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    not_over = Q(valid_until=None) | Q(valid_until__gte=day)
    return Funding.objects.filter(begun, not_over, programme=programme_id).select_related("funder").order_by("pk")


def commune_codes(programme_id: int) -> frozenset[str]:
    """INSEE codes of all the communes of a programme's territories. Empty: the programme has no territory, no limit."""
    codes = Territory.objects.filter(programme_id=programme_id, communes__isnull=False).order_by()
    return frozenset(codes.values_list("communes", flat=True))


def allowed_service_codes(programme: Programme) -> frozenset[str]:
    """Codes of the services a programme pays for.

    All of them, or those it lists and the finer ones that are a part of a listed national one. Its own local services
    are among them, those of other programmes never.
    """
    reachable = Service.objects.filter(Q(programme=None) | Q(programme=programme)).order_by()
    if not programme.all_services:
        listed = Q(programmes=programme) | Q(national__programmes=programme)
        reachable = reachable.filter(listed | Q(catalogue=Catalogue.LOCAL))
    return frozenset(reachable.values_list("code", flat=True))


def changes_of(programme_id: int) -> list[ProgrammeChange]:
    """Extensions and suspensions, in the order they were decided (the order ``rules.validity_end`` needs)."""
    return list(ProgrammeChange.objects.filter(programme_id=programme_id).order_by("pk"))
