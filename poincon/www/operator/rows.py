"""A punch as lists write it: when, for whom, what it is worth, what was answered, whether it may be undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from poincon.passes import codes
from poincon.passes.models import Scan
from poincon.passes.queries.punches import may_undo, person_of, value_of
from poincon.passes.verdicts import read_verdict
from poincon.www.base.parts import Tag, Tone
from poincon.www.operator.retold import retold

ACCEPTED = Tag(_("poinçonné"), Tone.GOOD)
ANNULLED = Tag(_("annulé"), Tone.CAREFUL)
REFUSED = Tag(_("refusé"), Tone.BAD)


@dataclass(frozen=True)
class PunchRow:
    """One scan of ``punches_of``, ready to be drawn."""

    scan: Scan
    undoable: bool

    def __str__(self) -> str:
        return self.number

    @property
    def person(self) -> str:
        return person_of(self.scan)

    @property
    def number(self) -> str:
        return number_of(self.scan)

    @property
    def value(self) -> int:
        return value_of(self.scan)

    @property
    def state(self) -> Tag:
        return state_of(self.scan)

    @property
    def why(self) -> str:
        return why_of(self.scan)


def rows_of(scans: Iterable[Scan], now: datetime) -> list[PunchRow]:
    return [PunchRow(scan, may_undo(scan, now)) for scan in scans]


def number_of(scan: Scan) -> str:
    """The number of the booklet; nothing when what was typed names none."""
    return codes.written(scan.booklet.number) if scan.booklet is not None else ""


def state_of(scan: Scan) -> Tag:
    if not scan.accepted:
        return REFUSED
    return ANNULLED if hasattr(scan, "annulment") else ACCEPTED


def why_of(scan: Scan) -> str:
    """Why a scan was refused."""
    return "" if scan.accepted else retold(read_verdict(scan.verdict)).message


def who_punched(scan: Scan) -> Any:
    """The person; the device, for what was scanned before people were named."""
    return scan.mediator or scan.device
