"""Who needs booklets: prescribers that asked for some and wait, prescribers that have none left."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.models import AuditEntry
from poincon.network.models import PrescriberAgreement
from poincon.organisations.models import Organisation
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Booklet, HandOver, Transfer
from poincon.programmes.models import Programme

#: A request that nobody answered for so long is asked again.
ASKED_LATELY = timedelta(days=60)


@dataclass(frozen=True)
class Asked:
    """Booklets that a prescriber asked for, to which no parcel answered yet."""

    prescriber: Organisation
    asker: str
    at: datetime
    booklets: int
    note: str


def requests_waiting(programme_id: int, now: datetime) -> list[Asked]:
    """The last request of each prescriber that no parcel followed, oldest first. Three statements."""
    entries = AuditEntry.objects.filter(
        programme_id=programme_id, action="passes.ask_booklets", at__gt=now - ASKED_LATELY
    )
    last = {int(entry.subject_id): entry for entry in entries.order_by("pk")}
    sent = Transfer.objects.filter(programme=programme_id, receiver__in=last, recalled_at=None).order_by()
    answered = dict(sent.values_list("receiver_id").annotate(last=Max("sent_at")))
    prescribers = Organisation.objects.in_bulk(list(last))
    waiting = [
        Asked(prescribers[pk], entry.author_label, entry.at, entry.after["booklets"], entry.after["note"])
        for pk, entry in last.items()
        if pk not in answered or answered[pk] < entry.at
    ]
    return sorted(waiting, key=lambda one: one.at)


def without_booklets(programme: Programme, day: date) -> QuerySet[Organisation]:
    """The prescribers under agreement that handed booklets over, have none left, and none on their way."""
    here = {"programme": programme}
    agreed = PrescriberAgreement.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day), prescriber=OuterRef("pk"), valid_from__lte=day, **here
    )
    left = Booklet.objects.filter(
        holder=OuterRef("pk"),
        batch__programme=programme,
        custody=Custody.STOCK,
        validity__in=[Validity.ACTIVE, Validity.INERT],
    )
    coming = Transfer.objects.filter(receiver=OuterRef("pk"), received_at=None, recalled_at=None, **here)
    given = HandOver.objects.filter(prescriber=OuterRef("pk"), booklet__batch__programme=programme, cancellation=None)
    return Organisation.objects.filter(
        Q(Exists(agreed)) & Q(Exists(given)) & ~Q(Exists(left)) & ~Q(Exists(coming))
    ).order_by(Alphabetical("name"), "pk")
