"""The letter that a prescriber prints with a booklet: who gives it, what to bring, the places nearest to the person."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from poincon.kernel.documents import DocumentError, count
from poincon.kernel.refusals import Refusal
from poincon.mediation.queries import NearVenue, nearest_venues
from poincon.organisations.actors import Actor
from poincon.passes import codes, permissions
from poincon.passes.documents.booklets import letter_pdf
from poincon.passes.documents.content import LONGEST, BookletContent, Letter, Place, Scheme
from poincon.passes.documents.layout import Layout, Paper
from poincon.passes.models import HandOver
from poincon.passes.queries.batch import batch_last_day, day_of
from poincon.passes.services.printing import scheme_of, value_text
from poincon.programmes.models import Programme
from poincon.territories.models import Commune

#: As many as the paper holds in large print.
PLACES_ON = {Paper.A4: 6, Paper.A5: 4}
LEAST_SAID_KM = 2

UNPRINTABLE = Refusal(
    "letter_unprintable",
    _("La lettre ne peut pas être imprimée : %(fault)s"),
    _("Prévenez la personne qui gère le dispositif ; en attendant, notez les lieux à la main."),
)
CANCELLED = Refusal(
    "hand_over_cancelled",
    _("Cette remise est annulée : il n’y a plus de lettre à imprimer."),
    _("Remettez un chéquier à la personne, puis imprimez la lettre de cette remise."),
)


def orientation_letter(
    *, by: Actor, hand_over: HandOver, paper: Paper = Paper.A4, now: datetime | None = None
) -> bytes:
    """The letter of one hand-over, a page of large print (PDF), with the open places nearest to the person.

    For the prescriber that handed the booklet over. Raises Refusal: ``right_missing``, ``hand_over_cancelled``,
    ``letter_unprintable``.
    """
    batch, now = hand_over.booklet.batch, now or timezone.now()
    by.require(permissions.HAND_OVER, programme=batch.programme, organisation_id=hand_over.prescriber_id)
    if hand_over.cancellation_id is not None:
        raise CANCELLED.filled()
    try:
        content = _content(hand_over, paper, now)
        return letter_pdf([content], scheme=_scheme(batch.programme), layout=Layout(paper=paper), moment=now)
    except DocumentError as fault:
        raise UNPRINTABLE.filled(fault=fault) from fault


def nearest_to(hand_over: HandOver, *, limit: int, now: datetime | None = None) -> list[NearVenue]:
    """The open places nearest to the person of a hand-over; to the prescriber, when her commune is not known."""
    commune = _commune(hand_over)
    if commune is None:
        return []
    programme = hand_over.booklet.batch.programme
    day = day_of(programme, now or timezone.now())
    return nearest_venues(commune, programme_id=programme.pk, day=day, limit=limit)


def distance_said(km: float) -> str:
    """How far a place is, as one says it: ``tout près``, ``à environ 12 km``."""
    whole = round(km)
    if whole < LEAST_SAID_KM:
        return str(_("tout près"))
    return str(_("à environ %(km)s km")) % {"km": count(whole)}


def _commune(hand_over: HandOver) -> Commune | None:
    case = hand_over.case_file
    return (case.beneficiary.commune if case else None) or hand_over.prescriber.commune


def _content(hand_over: HandOver, paper: Paper, now: datetime) -> BookletContent:
    batch, passes = hand_over.booklet.batch, hand_over.passes.bit_count()
    return BookletContent(
        number=codes.written(hand_over.booklet.number),
        batch_label="",
        size=passes,
        # A letter shows no code.
        codes=[str(rank) for rank in range(passes + 1)],
        value_text=value_text(batch),
        valid_from=batch.valid_from,
        valid_until=batch_last_day(batch),
        letter=_letter(hand_over, paper, now),
    )


def _letter(hand_over: HandOver, paper: Paper, now: datetime) -> Letter:
    prescriber = hand_over.prescriber
    near = nearest_to(hand_over, limit=PLACES_ON[paper], now=now)
    return Letter(
        organisation=prescriber.name[:80],
        contact=[line[:80] for line in (hand_over.by_label, prescriber.phone) if line],
        paragraphs=_paragraphs(hand_over),
        places=[_place(one) for one in near],
    )


def _paragraphs(hand_over: HandOver) -> list[str]:
    batch, passes = hand_over.booklet.batch, hand_over.passes.bit_count()
    given = ngettext("Vous recevez %(n)s pass.", "Vous recevez %(n)s pass.", passes) % {"n": passes}
    text = batch.letter_text or batch.programme.welcome_text
    written = [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
    if written:
        return [*written, given] if sum(map(len, [*written, given])) <= LONGEST["welcome_text"] else written
    return [given, str(_("Un pass paie un atelier pour apprendre le numérique.")), str(_("Un médiateur vous aide."))]


def _place(near: NearVenue) -> Place:
    venue = near.venue
    told = distance_said(near.km)
    if venue.itinerant:
        told = str(_("%(distance)s ; ce lieu se déplace : demandez ses dates")) % {"distance": told}
    address = ", ".join(part for part in (venue.address, venue.commune.name) if part)
    return Place(name=venue.name[:80], address=address[:120], phone=venue.phone, details=told)


def _scheme(programme: Programme) -> Scheme:
    if not programme.referent:
        # The letter must name somebody to call.
        programme.referent = programme.owner.name[:60]
    return scheme_of(programme)
