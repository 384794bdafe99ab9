"""Whom or what an entry of the journal is about, by its name, read in the statement that lists the entries."""

from typing import Any

from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from poincon.kernel.models import AuditEntry
from poincon.mediation.models import ServiceOffer, Venue
from poincon.network.models import PrescriberAgreement, Qualification, TrainingRecord
from poincon.organisations.models import Invitation, Membership, Organisation
from poincon.passes.models import Batch, Transfer
from poincon.programmes.models import FundingReceipt, Public
from poincon.settlement.models import Payment, PaymentBatch, Statement

COMMA = ", "


def named(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """The entries, each with ``about``: what it concerns, empty when it is the programme itself or a person's file."""
    # A key is compared with a key only once the kind is known: other kinds have keys that are no numbers.
    return entries.annotate(
        about=Case(
            *(When(subject=model._meta.label_lower, then=_name(model, words)) for model, words in _names()),
            default=Value(""),
            output_field=CharField(),
        )
    )


def _names() -> list[tuple[Any, Any]]:
    return [
        (Batch, _said(_("Lot"), " ", F("number"))),
        (Transfer, _said(_("Bordereau n°"), " ", F("pk"), COMMA, F("receiver__name"))),
        (PrescriberAgreement, F("prescriber__name")),
        (Qualification, F("operator__name")),
        (TrainingRecord, F("user__full_name")),
        (Membership, _said(F("user__full_name"), COMMA, F("organisation__name"))),
        (Invitation, _said(F("full_name"), COMMA, F("organisation__name"))),
        (Organisation, F("name")),
        (Venue, F("name")),
        (ServiceOffer, _said(F("service__label"), COMMA, F("venue__name"))),
        (Public, F("label")),
        (FundingReceipt, F("reference")),
        (Statement, _said(F("number"), COMMA, F("operator__name"))),
        (PaymentBatch, _said(_("Ordre n°"), " ", F("pk"))),
        (Payment, _said(F("statement__number"), COMMA, F("statement__operator__name"))),
    ]


def _said(*parts: str | F) -> Concat:
    """Words and fields, one after the other."""
    return Concat(*(Value(part) if isinstance(part, str) else Cast(part, CharField()) for part in parts))


def _name(model: Any, words: Any) -> Subquery:
    key = Cast(OuterRef("subject_id"), BigIntegerField())
    return Subquery(model.objects.filter(pk=key).annotate(said=words).values("said")[:1], output_field=CharField())
