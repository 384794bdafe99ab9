"""A group of organisations enters the network of a programme at once, each for what it does."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from poincon.network.models import PrescriberAgreement, Qualification
from poincon.network.services.prescribers import agree_prescriber
from poincon.network.services.qualifications import qualify
from poincon.organisations.actors import Actor
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme


@transaction.atomic
def welcome_organisations(
    *,
    by: Actor,
    programme: Programme,
    organisations: Iterable[Organisation],
    valid_from: date,
    valid_until: date | None = None,
    now: datetime | None = None,
) -> list[Qualification | PrescriberAgreement]:
    """Agree those that prescribe, qualify those that operate for all services, between two days included.

    What an organisation has already in this programme is left as it is. Returns what is new. Raises the refusals of
    ``agree_prescriber`` and ``qualify``, and then nothing is written.
    """
    made: list[Qualification | PrescriberAgreement] = []
    for one in sorted(organisations, key=lambda organisation: organisation.pk):
        if one.is_prescriber and not one.agreements.filter(programme=programme).exists():
            agreement = agree_prescriber(
                by=by, prescriber=one, programme=programme, valid_from=valid_from, valid_until=valid_until
            )
            made.append(agreement)
        if one.is_operator and not one.qualifications.filter(programme=programme).exists():
            qualification = qualify(
                by=by, operator=one, programme=programme, valid_from=valid_from, valid_until=valid_until, now=now
            )
            made.append(qualification)
    return made
