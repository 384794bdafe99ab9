"""Print a batch: its proof, then its sheets and letters, part by part, so that a stopped printing goes on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import overload

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from poincon.kernel import audit
from poincon.kernel.alphabet import Alphabetical
from poincon.kernel.documents import DocumentError
from poincon.kernel.money import NO_BREAK_SPACE, euros
from poincon.kernel.refusals import Refusal
from poincon.mediation.models import Venue
from poincon.mediation.queries import open_venues
from poincon.organisations.actors import Actor
from poincon.passes import codes, keys, permissions
from poincon.passes.documents.booklets import write_booklets
from poincon.passes.documents.content import (
    LONGEST,
    MAXIMUM_PLACES,
    BookletContent,
    Letter,
    Place,
    Scheme,
)
from poincon.passes.documents.layout import Layout
from poincon.passes.documents.proof import proof_pdf, proof_pictures, specimen_codes
from poincon.passes.models import Batch, Booklet, SigningKey
from poincon.passes.queries.batch import batch_last_day, day_of
from poincon.passes.services.order import PROOF_FIRST, check_to_print, enter_stock, months_later, refuse_cancelled
from poincon.programmes.models import Programme

UNPRINTABLE = Refusal(
    "batch_unprintable",
    _("Ce lot ne peut pas être imprimé : %(fault)s"),
    _("Corrigez le dispositif, puis recommencez : ce qui est déjà imprimé sera gardé."),
)
KEY_GONE = Refusal(
    "signing_key_gone",
    _("La clé de ce lot a été révoquée : ses codes seraient refusés partout."),
    _("Commandez un nouveau lot."),
)


def print_proof(*, by: Actor, batch: Batch, out: Path, layout: Layout, now: datetime | None = None) -> Path:
    """Write the proof (bon à tirer) of a batch: the same sheets, watermarked, with codes that nothing accepts.

    Raises Refusal ``right_missing``, ``batch_cancelled`` or ``batch_unprintable``.
    """
    by.require(permissions.ORDER_BATCH, programme=batch.programme)
    refuse_cancelled(batch)
    model = Contents(batch, key=None)
    try:
        pdf = proof_pdf(model[0], scheme=scheme_of(batch.programme), layout=layout, moment=now or timezone.now())
    except DocumentError as fault:
        raise UNPRINTABLE.filled(fault=fault) from fault
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"bon-a-tirer-lot-{batch.number}.pdf"
    path.write_bytes(pdf)
    return path


@transaction.atomic
def approve_proof(*, by: Actor, batch: Batch, now: datetime | None = None) -> Batch:
    """Validate the proof (bon à tirer): the batch may be printed.

    Raises Refusal ``batch_not_to_print``, ``batch_cancelled``, or ``batch_unprintable`` (no telephone, a text too
    long): better known now than when the printer waits.
    """
    by.require(permissions.ORDER_BATCH, programme=batch.programme)
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    check_to_print(batch)
    try:
        scheme_of(batch.programme)
    except DocumentError as fault:
        raise UNPRINTABLE.filled(fault=fault) from fault
    batch.proof_approved_at = now or timezone.now()
    batch.save(update_fields=["proof_approved_at"])
    audit.record(by, "batch.approve_proof", batch, programme_id=batch.programme_id)
    return batch


def preview(*, by: Actor, programme: Programme, size: int, letter_text: str = "", now: datetime | None = None) -> bytes:
    """The proof of a batch that is not ordered yet: what a booklet of ``size`` passes would look like. Writes nothing.

    Raises Refusal ``right_missing`` or ``batch_unprintable``.
    """
    by.require(permissions.ORDER_BATCH, programme=programme)
    now = now or timezone.now()
    try:
        content = _specimen(programme, size, letter_text, now)
        return proof_pdf(content, scheme=scheme_of(programme), layout=Layout(), moment=now)
    except DocumentError as fault:
        raise UNPRINTABLE.filled(fault=fault) from fault


def preview_pictures(
    *, by: Actor, programme: Programme, size: int, letter_text: str = "", now: datetime | None = None
) -> list[bytes]:
    """The letter, then the sheets of ``preview``, as pictures to look at while one orders. Writes nothing.

    Raises Refusal ``right_missing`` or ``batch_unprintable``.
    """
    by.require(permissions.ORDER_BATCH, programme=programme)
    now = now or timezone.now()
    try:
        content = _specimen(programme, size, letter_text, now)
        return proof_pictures(content, scheme=scheme_of(programme), moment=now)
    except DocumentError as fault:
        raise UNPRINTABLE.filled(fault=fault) from fault


def _specimen(programme: Programme, size: int, letter_text: str, now: datetime) -> BookletContent:
    first_day = day_of(programme, now)
    draft = Batch(
        programme=programme,
        number=0,
        quantity=1,
        size=size,
        unit_value=programme.unit_value,
        unit_minutes=programme.unit_minutes,
        valid_from=first_day,
        valid_until=months_later(first_day, programme.validity_months),
        grace_days=programme.grace_days,
        signing_key=SigningKey(identifier="0" * 8),
        letter_text=letter_text,
        ordered_at=now,
    )
    return Contents(draft, key=None).specimen()


def print_batch(
    *,
    by: Actor,
    batch: Batch,
    out: Path,
    layout: Layout,
    progress: Callable[[int, int], None],
    now: datetime | None = None,
) -> list[Path]:
    """Write the sheets and letters of a batch into ``out``, then enter its booklets in stock.

    Stopped and called again on the same directory, it makes only the missing parts. Memory does not grow with the
    batch. Raises Refusal: ``right_missing``, ``batch_not_to_print``, ``batch_cancelled``, ``proof_not_approved``,
    ``signing_key_gone``, ``batch_unprintable``.
    """
    by.require(permissions.PRINT_BATCH, programme=batch.programme)
    check_to_print(batch)
    if batch.proof_approved_at is None:
        raise PROOF_FIRST.filled()
    if batch.signing_key.revoked_at is not None:
        raise KEY_GONE.filled()
    try:
        paths = write_booklets(
            Contents(batch, key=keys.signer(batch.signing_key)),
            scheme=scheme_of(batch.programme),
            layout=layout,
            out=out,
            progress=progress,
        )
    except DocumentError as fault:
        raise UNPRINTABLE.filled(fault=fault) from fault
    enter_stock(by=by, batch=batch, now=now)
    return paths


def scheme_of(programme: Programme) -> Scheme:
    """How a programme presents itself on paper. Raises DocumentError when a text or a colour cannot be printed."""
    return Scheme(
        name=programme.name,
        funder_name=programme.owner.name,
        phone=programme.phone,
        referent=programme.referent or _who_answers(programme),
        email=programme.email,
        public_url=settings.PUBLIC_URL,
        logo_svg=programme.logo_svg or None,
        ink=programme.ink_colour,
        accent=programme.accent_colour,
    )


def _who_answers(programme: Programme) -> str:
    """Whom to call when the programme names nobody: those who run its network, or own it."""
    return (programme.lead_network or programme.owner).name[: LONGEST["referent"]]


class Contents(Sequence[BookletContent]):
    """The booklets of a batch as they are printed, read and signed slice by slice. Without a key: specimen codes."""

    def __init__(self, batch: Batch, *, key: Ed25519PrivateKey | None) -> None:
        programme = batch.programme
        self._batch, self._key = batch, key
        self._key_identifier = batch.signing_key.identifier
        self._valid_until = batch_last_day(batch)
        self._territory = ", ".join(programme.territories.order_by(Alphabetical("name")).values_list("name", flat=True))
        self._publics = list(programme.publics.order_by("id").values_list("label", flat=True))
        self._letter = _letter(batch)

    def __len__(self) -> int:
        return self._batch.quantity

    @overload
    def __getitem__(self, chosen: int) -> BookletContent: ...
    @overload
    def __getitem__(self, chosen: slice) -> list[BookletContent]: ...
    def __getitem__(self, chosen: int | slice) -> BookletContent | list[BookletContent]:
        if isinstance(chosen, int):
            return self[chosen : chosen + 1][0]
        start, stop, _step = chosen.indices(len(self))
        rows = Booklet.objects.filter(batch=self._batch, rank__range=(start + 1, stop)).order_by("rank")
        return [self._content(rank, number) for rank, number in rows.values_list("rank", "number")]

    def specimen(self) -> BookletContent:
        """A booklet that does not exist, as it would be printed."""
        return self._content(1, 0)

    def _content(self, rank: int, number: int) -> BookletContent:
        batch = self._batch
        return BookletContent(
            number=codes.written(number),
            batch_label=f"Lot {batch.number} – {rank}/{batch.quantity}",
            size=batch.size,
            codes=self._codes(rank, number),
            value_text=value_text(batch),
            valid_from=batch.valid_from,
            valid_until=self._valid_until,
            territory=self._territory[:80],
            publics=self._publics,
            letter=self._letter,
        )

    def _codes(self, rank: int, number: int) -> list[str]:
        if self._key is None:
            return specimen_codes(self._batch.size)
        signed = []
        for position in range(self._batch.size + 1):
            packed = codes.Payload(self._key_identifier, self._batch.pk, rank, number, position).packed()
            signed.append(codes.code_url(settings.PUBLIC_URL, packed + self._key.sign(packed)))
        return signed


def value_text(batch: Batch) -> str:
    """What a pass is worth, as printed: ``10 €``, ``1 h``, ``1 h 30``."""
    if batch.unit_value:
        return euros(batch.unit_value)
    hours, minutes = divmod(batch.unit_minutes, 60)
    if not hours:
        return f"{minutes}{NO_BREAK_SPACE}min"
    return f"{hours}{NO_BREAK_SPACE}h" + (f"{NO_BREAK_SPACE}{minutes:02d}" if minutes else "")


def _letter(batch: Batch) -> Letter:
    text = batch.letter_text or batch.programme.welcome_text
    venues = open_venues(batch.programme_id, batch.valid_from).order_by(
        "-commune__population", Alphabetical("name"), "pk"
    )
    return Letter(
        paragraphs=[paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()],
        places=[_place(venue) for venue in venues[:MAXIMUM_PLACES]],
    )


def _place(venue: Venue) -> Place:
    return Place(name=venue.name[:80], address=f"{venue.address}, {venue.commune.name}".strip(", "), phone=venue.phone)
