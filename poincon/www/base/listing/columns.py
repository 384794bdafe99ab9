"""A column: where its value comes from, how a page writes it, how a file keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import reduce
from typing import Any, Generic, TypeVar

from django.utils import timezone
from django.utils.translation import gettext

from poincon.kernel.documents.french import count
from poincon.kernel.money import euros
from poincon.kernel.refusals import Text
from poincon.kernel.tables import decimal_comma
from poincon.www.templatetags.humane import month, short_day, time_of_day

Row = TypeVar("Row")


class Kind(Enum):
    """What a column holds. An amount is in cents."""

    TEXT = "text"
    NUMBER = "number"
    #: The number of a slip or of a record: « n° 12 » on the page.
    SERIAL = "serial"
    #: A place on the globe, in degrees: written in full.
    DEGREES = "degrees"
    EUROS = "euros"
    DAY = "day"
    #: A month, kept by its first day.
    MONTH = "month"
    MOMENT = "moment"
    YES_NO = "yes_no"
    #: A ``poincon.www.base.parts.Tag``.
    TAG = "tag"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column of a list. The first one of a list names its row.

    ``name`` stands in addresses (``?tri=nom``). ``value`` is a function of the row, or the path of an attribute
    (``holder.name``). ``sort``: the fields it sorts by, nothing if it does not. ``link``: the address behind the cell.
    ``template``: draws the cell otherwise, from ``row`` and ``value``. ``exported``: False for buttons;
    ``shown``: False for what only files say.
    """

    name: str
    label: Text
    value: Callable[[Row], Any] | str
    kind: Kind = Kind.TEXT
    sort: tuple[str, ...] = ()
    link: Callable[[Row], str] | None = None
    template: str = ""
    exported: bool = True
    shown: bool = True

    def value_of(self, row: Row) -> Any:
        if callable(self.value):
            return self.value(row)
        return reduce(_attribute, self.value.split("."), row)

    @property
    def aligned_end(self) -> bool:
        return self.kind in {Kind.NUMBER, Kind.EUROS}


def written(kind: Kind, value: Any) -> str:
    """A value as a page writes it; an empty string when there is none."""
    if value is None or value == "":
        return ""
    return _WRITTEN.get(kind, str)(value)


def kept_in_csv(kind: Kind, value: Any) -> Any:
    """A value as a CSV file keeps it: amounts with a comma, days that a spreadsheet understands."""
    if value is None:
        return ""
    return _IN_CSV.get(kind, _in_file(kind))(value)


def kept_in_worksheet(kind: Kind, value: Any) -> Any:
    """A value as an XLSX file keeps it: amounts, numbers and days keep their nature."""
    if value is None:
        return ""
    return _IN_WORKSHEET.get(kind, _in_file(kind))(value)


def _attribute(thing: Any, name: str) -> Any:
    return None if thing is None else getattr(thing, name)


def _moment(value: datetime) -> str:
    return f"{short_day(value)}, {time_of_day(value)}"


def _yes_no(value: Any) -> str:
    return gettext("oui") if value else gettext("non")


def _local(value: datetime) -> datetime:
    return timezone.localtime(value).replace(tzinfo=None)


def _day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _serial(value: Any) -> str:
    return gettext("n° %(number)s") % {"number": value}


def _in_file(kind: Kind) -> Callable[[Any], Any]:
    return _yes_no if kind is Kind.YES_NO else str


_WRITTEN: dict[Kind, Callable[[Any], str]] = {
    Kind.NUMBER: count,
    Kind.SERIAL: _serial,
    Kind.EUROS: euros,
    Kind.DAY: short_day,
    Kind.MONTH: month,
    Kind.MOMENT: _moment,
    Kind.YES_NO: _yes_no,
}
_IN_CSV: dict[Kind, Callable[[Any], Any]] = {
    Kind.NUMBER: int,
    Kind.SERIAL: int,
    Kind.DEGREES: lambda value: str(value).replace(".", ","),
    Kind.EUROS: decimal_comma,
    Kind.DAY: lambda value: _day(value).isoformat(),
    Kind.MONTH: date.isoformat,
    Kind.MOMENT: lambda value: _local(value).isoformat(sep=" ", timespec="minutes"),
}
_IN_WORKSHEET: dict[Kind, Callable[[Any], Any]] = {
    Kind.NUMBER: int,
    Kind.SERIAL: int,
    Kind.DEGREES: float,
    Kind.EUROS: lambda cents: Decimal(cents) / 100,
    Kind.DAY: _day,
    Kind.MONTH: _day,
    Kind.MOMENT: _local,
}
