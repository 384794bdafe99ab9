"""What the papers of settlement are made of: parties, sections, amounts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from poincon.kernel.documents import Column
from poincon.kernel.money import NARROW_SPACE, NO_BREAK_SPACE
from poincon.organisations.models import Organisation
from poincon.programmes.models import Programme
from poincon.settlement import rules
from poincon.settlement.queries import fundings_of


@dataclass(frozen=True, slots=True)
class Section:
    """A table, its caption and a sentence. ``widths``: 0 fits a column to its texts, N takes N parts of the rest."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    total: Sequence[str] = ()
    words: str = ""

    def data(self) -> dict[str, Any]:
        return asdict(self)


def accounting_euros(cents: int) -> str:
    """Cents for a column of amounts: always two decimals, so that they line up: « 1 234,50 € », « −10,00 € »."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", NARROW_SPACE) + f",{rest:02d}{NO_BREAK_SPACE}€"


def siret_text(siret: str) -> str:
    """« 225 800 019 00017 », as it is read aloud."""
    if len(siret) != 14:
        return siret
    return NO_BREAK_SPACE.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def party(organisation: Organisation) -> dict[str, Any]:
    """An organisation at the head of a paper: name, address, identifier."""
    identifier = f"SIRET {siret_text(organisation.siret)}" if organisation.siret else ""
    if not identifier and organisation.rna:
        identifier = f"RNA {organisation.rna}"
    commune = organisation.commune.name if organisation.commune else ""
    return {"name": organisation.name, "lines": [line for line in (organisation.address, commune, identifier) if line]}


def shares_section(months: Iterable[tuple[date, int]], programme: Programme) -> list[Section]:
    """Who pays which part of these totals (month, cents), each split with the shares of its month.

    Nothing for a single funder, or while the shares of one of them do not make 100 %.
    """
    totals = Counter[date]()
    for month, part in months:
        totals[month] += part
    splits = [rules.funder_shares(part, fundings_of(programme, month)) for month, part in totals.items()]
    total = totals.total()
    shares = rules.added_shares(splits)
    if len(shares) < 2 or not all(splits):
        return []
    rows = [(share.funder, rules.percentage(share.share_bp), accounting_euros(share.amount)) for share in shares]
    return [
        Section(
            caption=_("Part de chaque financeur"),
            columns=[Column(_("Financeur")), Column(_("Part"), numeric=True), Column(_("Montant"), numeric=True)],
            rows=rows,
            widths=(1, 0, 0),
            total=(_("Total"), rules.percentage(10_000), accounting_euros(total)),
        )
    ]


def contact(programme: Programme) -> str:
    """Whom to ask, in one line."""
    known = [text for text in (programme.referent, programme.phone, programme.email) if text]
    return _("Une question ? %(contact)s") % {"contact": ", ".join(known)} if known else ""
