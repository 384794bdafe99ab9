"""Papers that follow booklets: the transfer slip (bordereau de remise) and the destruction record (procès-verbal)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from poincon.kernel.documents import Column, DocumentError, Letterhead, Table, count, day, euros, render_tables
from poincon.kernel.money import NO_BREAK_SPACE


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation and the person who signs for it."""

    organisation: str
    person: str = ""
    address: str = ""
    phone: str = ""

    @property
    def lines(self) -> str:
        """Name, person, address and phone, those that are known."""
        return ", ".join(line for line in (self.organisation, self.person, self.address, self.phone) if line)

    @property
    def signature(self) -> str:
        """Who signs, as written above the box."""
        return f"{self.organisation}, {self.person}" if self.person else self.organisation


@dataclass(frozen=True, slots=True)
class ListedBooklets:
    """Consecutive booklets of one batch, as a paper lists them.

    Numbers are random: ``ranks`` (« 1 à 40 ») are what the covers count by. ``unit_value``: cents for one pass.
    """

    batch: int
    ranks: str
    first: str
    last: str
    booklets: int
    passes_each: int
    unit_value: int

    def __post_init__(self) -> None:
        if self.booklets < 1 or self.passes_each < 1 or self.unit_value < 0:
            raise DocumentError(f"Chéquiers {self.first} à {self.last} : nombres de chéquiers ou de pass incorrects.")

    @property
    def passes(self) -> int:
        """Passes in the whole range."""
        return self.booklets * self.passes_each

    @property
    def value(self) -> int:
        """Face value of the whole range, in cents."""
        return self.passes * self.unit_value


@dataclass(frozen=True, slots=True)
class TransferSlip:
    """What goes with booklets that change holder; `received_on` and `discrepancy` once the receiver has counted.

    ``found``: those that were missing and are in stock since; ``resolved``: how the discrepancy ended.

    ``usable``: how many of them can already pay. ``title`` tells a return from a delivery.
    """

    reference: str
    programme: str
    sender: Party
    receiver: Party
    sent_on: date
    ranges: Sequence[ListedBooklets]
    usable: int
    received_on: date | None = None
    discrepancy: str = ""
    missing: Sequence[ListedBooklets] = ()
    found: Sequence[ListedBooklets] = ()
    resolved: str = ""
    recalled: str = ""
    written_by: str = ""
    title: str = "Bordereau de remise"

    @property
    def booklets(self) -> int:
        """How many booklets left."""
        return sum(listed.booklets for listed in self.ranges)


@dataclass(frozen=True, slots=True)
class DestructionRecord:
    """What was destroyed, when, where, how, why, before whom. `witnesses` sign with the person in charge."""

    reference: str
    programme: str
    holder: Party
    destroyed_on: date
    place: str
    method: str
    reason: str
    ranges: Sequence[ListedBooklets]
    witnesses: Sequence[Party] = ()
    written_by: str = ""


RANGE_COLUMNS = (
    Column("Lot et rangs"),
    Column("Du numéro"),
    Column("Au numéro"),
    Column("Chéquiers", numeric=True),
    Column("Pass", numeric=True),
    Column("Valeur", numeric=True),
)

INERT = "Ces chéquiers sont des valeurs inactives : ils ne paient rien avant leur activation par le financeur."
USABLE = "Ces chéquiers sont utilisables : gardez-les sous clé jusqu’à leur remise."
PARTLY_USABLE = "Une partie de ces chéquiers est déjà utilisable : gardez-les tous sous clé jusqu’à leur remise."
TO_FILL = "………………………………"
COUNT_THEM = "Comptez les chéquiers à la réception. Notez tout écart sur ce bordereau avant de signer."
RECALLED = "Ce bordereau est sans effet : l’expéditeur l’a rappelé avant sa réception, et a repris les chéquiers."
TWO_COPIES = "Fait en deux exemplaires, un pour chaque signataire."
DESTROYED = (
    "Les signataires constatent la destruction des chéquiers désignés ci-dessous. "
    "Leurs numéros ne peuvent plus servir. Ils sortent du registre des valeurs inactives à la date de ce procès-verbal."
)


def transfer_slip(slip: TransferSlip, *, letterhead: Letterhead | None = None, moment: datetime | None = None) -> bytes:
    """The transfer slip, tagged A4 PDF with a box to sign for each side. Raises DocumentError if no range is given."""
    missing = [_range_table("Chéquiers manquants", slip.missing)] if slip.missing else []
    found = [_range_table("Chéquiers retrouvés depuis, hors d’usage", slip.found)] if slip.found else []
    return render_tables(
        title=slip.title,
        issuer=slip.sender.organisation,
        facts=_slip_facts(slip),
        tables=[_range_table("Chéquiers remis", slip.ranges), *missing, *found],
        paragraphs=_slip_words(slip),
        signatures=_slip_signatures(slip),
        reference=f"Bordereau {slip.reference}",
        letterhead=letterhead,
        moment=moment,
    )


def _slip_facts(slip: TransferSlip) -> list[tuple[str, str]]:
    arrival = [
        ("Reçu le", day(slip.received_on) if slip.received_on else TO_FILL),
        ("Écart constaté", slip.discrepancy or ("aucun" if slip.received_on else TO_FILL)),
        *([("Écart clos", slip.resolved)] if slip.resolved else []),
    ]
    return [
        ("Numéro", slip.reference),
        ("Dispositif", slip.programme),
        ("Remis par", slip.sender.lines),
        ("Reçu par", slip.receiver.lines),
        ("Envoyé le", day(slip.sent_on)),
        *([("Rappelé", slip.recalled)] if slip.recalled else arrival),
        *([("Saisi par", slip.written_by)] if slip.written_by else []),
    ]


def _slip_signatures(slip: TransferSlip) -> list[str]:
    if slip.recalled:
        return [f"Rappelé par : {slip.sender.signature}"]
    return [f"Remis par : {slip.sender.signature}", f"Reçu par : {slip.receiver.signature}"]


def _slip_words(slip: TransferSlip) -> list[str]:
    if slip.recalled:
        return [RECALLED]
    if not slip.usable:
        return [INERT, COUNT_THEM, TWO_COPIES]
    return [USABLE if slip.usable == slip.booklets else PARTLY_USABLE, COUNT_THEM, TWO_COPIES]


def destruction_record(
    record: DestructionRecord, *, letterhead: Letterhead | None = None, moment: datetime | None = None
) -> bytes:
    """The destruction record, tagged A4 PDF with a box for the holder and each witness. Raises DocumentError."""
    facts = [
        ("Numéro", record.reference),
        ("Dispositif", record.programme),
        ("Détenteur", record.holder.lines),
        ("Détruits le", day(record.destroyed_on)),
        ("Lieu", record.place or TO_FILL),
        ("Procédé", record.method or TO_FILL),
        ("Motif", record.reason),
        *([("Saisi par", record.written_by)] if record.written_by else []),
    ]
    return render_tables(
        title="Procès-verbal de destruction",
        issuer=record.holder.organisation,
        facts=facts,
        tables=[_range_table("Chéquiers détruits", record.ranges)],
        paragraphs=[DESTROYED],
        signatures=[record.holder.signature, *(f"Témoin : {one.signature}" for one in record.witnesses)],
        reference=f"Procès-verbal {record.reference}",
        letterhead=letterhead,
        moment=moment,
    )


def _range_table(caption: str, listed: Sequence[ListedBooklets]) -> Table:
    if not listed:
        raise DocumentError(f"{caption} : aucun chéquier n’est désigné.")
    rows = [
        [
            f"Lot {one.batch}, n° {one.ranks}",
            _unbroken(one.first),
            _unbroken(one.last),
            count(one.booklets),
            count(one.passes),
            euros(one.value),
        ]
        for one in listed
    ]
    total = [
        "Total",
        "",
        "",
        count(sum(one.booklets for one in listed)),
        count(sum(one.passes for one in listed)),
        euros(sum(one.value for one in listed)),
    ]
    return Table(caption, RANGE_COLUMNS, rows, total)


def _unbroken(text: str) -> str:
    """A number is compared with the one on a cover: it stays on its line."""
    return text.replace(" ", NO_BREAK_SPACE)
