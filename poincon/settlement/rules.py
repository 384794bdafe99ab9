"""Pure rules of settlement: what becomes of an operator's month, days, numbers, shares."""

import hashlib
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from poincon.kernel import vault
from poincon.kernel.documents.french import MONTHS
from poincon.kernel.money import split
from poincon.kernel.texts import text_within
from poincon.organisations.enums import PUBLIC_FORMS
from poincon.settlement.enums import PaymentMethod, StatementState
from poincon.settlement.refusals import REASON_MISSING

#: Written on bank statements, so that an operator finds which statement was paid. SEPA allows 35 characters.
END_TO_END = "POINCON-{statement}-{attempt}"

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Owed:
    """What is found for one operator when a month is closed. Amounts in cents; ``valued`` counts lines above 0 €."""

    operator_id: int
    passes: int
    minutes: int
    total: int
    valued: int


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a total that one funder pays: name, basis points, cents."""

    funder: str
    share_bp: int
    amount: int


def last_day(month: date) -> date:
    """The last day of the month of ``month``."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def month_name(month: date) -> str:
    """« mars 2026 »."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def of_month(month: date) -> str:
    """« de mars 2026 », « d’avril 2026 »."""
    name = month_name(month)
    return f"d’{name}" if name.startswith(("a", "o")) else f"de {name}"


def local_day(moment: datetime, zone: str) -> date:
    """The day of ``moment`` where the programme lives (section "Time" of the quality rules)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def state_when_closed(owed: Owed) -> StatementState | None:
    """What becomes of an operator's month: to pay, nothing due, or None when it must wait for the next month.

    Corrections may outweigh what is owed: nobody is asked to pay back, the lines wait to be set against later passes.
    """
    if owed.valued:
        return StatementState.PAYABLE if owed.total > 0 else None
    return StatementState.NOTHING_DUE if owed.passes > 0 else None


def statement_number(programme_code: str, month: date, rank: int) -> str:
    """« CREUSE-2020-03-0007 »: the seventh statement of this programme for March 2020."""
    return f"{programme_code.upper()}-{month:%Y-%m}-{rank:04d}"


def end_to_end(statement_id: int, attempt: int) -> str:
    """The reference that follows a transfer to the payee. ``attempt`` grows when a statement is paid again."""
    return END_TO_END.format(statement=statement_id, attempt=attempt)


def is_transfer(method: str) -> bool:
    """Whether this way of paying makes a file for the bank."""
    return method in {PaymentMethod.SEPA, PaymentMethod.SEPA_REGIE}


def is_public(legal_form: str) -> bool:
    """Whether a body of this form pays through its public accountant (field facts, "Public accounting")."""
    return legal_form in PUBLIC_FORMS


def funder_shares(total: int, fundings: Sequence[tuple[str, int]]) -> list[Share]:
    """``total`` cents between (funder, basis points) with the largest remainder: the parts add up to the cent.

    Empty while the programme's fundings do not make 100 %: half a split would be a wrong one.
    """
    shares_bp = [share_bp for _, share_bp in fundings]
    if sum(shares_bp) != 10_000:
        return []
    amounts = split(total, shares_bp)
    return [Share(name, share_bp, amount) for (name, share_bp), amount in zip(fundings, amounts, strict=True)]


def added_shares(splits: Iterable[Sequence[Share]]) -> list[Share]:
    """What each funder pays of several totals together, each split with its own shares; the cents are kept.

    The basis points are those of the shares while they agree, else what the cents make of the whole.
    """
    parts = list(splits)
    if all(
        [(one.funder, one.share_bp) for one in part] == [(one.funder, one.share_bp) for one in parts[0]]
        for part in parts
    ):
        return [
            Share(same[0].funder, same[0].share_bp, sum(one.amount for one in same))
            for same in zip(*parts, strict=True)
        ]
    amounts = Counter[str]()
    for one in chain.from_iterable(parts):
        amounts[one.funder] += one.amount
    whole = max(amounts.total(), 1)
    return [Share(funder, (amount * 10_000 + whole // 2) // whole, amount) for funder, amount in amounts.items()]


def percentage(share_bp: int) -> str:
    """Basis points as read in French: « 60 % », « 33,33 % »."""
    whole, rest = divmod(share_bp, 100)
    decimals = f",{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{decimals}\u00a0%"


def hours(minutes: int) -> str:
    """Minutes as hours: « 2 h », « 1 h 30 », « − 2 h »."""
    whole, rest = divmod(abs(minutes), 60)
    sign = "−\u00a0" if minutes < 0 else ""
    return f"{sign}{whole}\u00a0h" + (f"\u00a0{rest:02d}" if rest else "")


def reason_given(reason: str) -> str:
    """The reason without the spaces around it. Raises the refusals ``reason_missing`` and ``text_too_long``."""
    given = reason_kept(reason)
    if not given:
        raise REASON_MISSING.filled()
    return given


def reason_kept(reason: str) -> str:
    """A reason that may be left out. Raises the refusal ``text_too_long``."""
    return text_within(LONGEST_REASON, _("motif"), reason)


def pass_digest(number: int, position: int) -> str:
    """The print of one pass in the supporting list: HMAC-SHA256 of « number-position », the number with its 11 digits.

    The same pass gives the same print on every list, so an accountant sees a pass paid twice. Under a key of this
    instance: numbers are few enough for a plain hash to be undone by trying them all.
    """
    return vault.fingerprint(f"{number:011d}-{position}", purpose="settlement.pass")


def list_digest(digests: Iterable[str]) -> str:
    """One print for a whole list of prints, whatever its order: it ties the printed statement to its list."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
