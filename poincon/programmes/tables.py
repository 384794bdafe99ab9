"""Reading TOML tables with types, where every fault is noted with its place and reading goes on."""

import difflib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from poincon.programmes.checks import Problem

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=TextChoices)


class Kind(StrEnum):
    """How a value of each type is written."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes_no"
    TEXTS = "texts"
    WHOLES = "wholes"
    TABLE = "table"
    TABLES = "tables"


def _expected(kind: Kind) -> str:
    return {
        Kind.TEXT: _("écrivez un texte entre guillemets."),
        Kind.WHOLE: _("écrivez un nombre entier, sans guillemets."),
        Kind.NUMBER: _("écrivez un nombre, sans guillemets, avec deux décimales au plus."),
        Kind.DAY: _("écrivez une date comme 2026-03-31, sans guillemets."),
        Kind.YES_NO: _("écrivez true ou false, sans guillemets."),
        Kind.TEXTS: _('écrivez une liste de textes, comme ["23096", "23008"].'),
        Kind.WHOLES: _("écrivez une liste de nombres entiers, comme [5, 10]."),
        Kind.TABLE: _("écrivez une section entre crochets simples, comme [passes]."),
        Kind.TABLES: _("écrivez des sections entre crochets doubles, comme [[publics]]."),
    }[kind]


class Table:
    """One table of the file. ``problems`` is shared by all the tables of a file."""

    def __init__(self, values: dict[str, Any], problems: list[Problem], *, place: str = "") -> None:
        self.values = values
        self.problems = problems
        self.place = place
        self.known: set[str] = set()

    def blame(self, key: str, text: str) -> None:
        self.problems.append(Problem(self.place + key, text))

    def text(self, key: str, default: str | None = "") -> str:
        """A text; without default (None) it must be there."""
        return self._read(key, Kind.TEXT, default, "", lambda value: value if isinstance(value, str) else None)

    def whole(self, key: str, default: int) -> int:
        return self._read(key, Kind.WHOLE, default, default, _whole)

    def whole_or_none(self, key: str) -> int | None:
        return self.whole(key, 0) if self._has(key) else None

    def hundredths(self, key: str, default: int | None) -> int:
        """A number with at most two decimals, in hundredths: euros as cents, percents as basis points."""
        return self._read(key, Kind.NUMBER, default, 0, _hundredths)

    def day(self, key: str, default: date | None = None) -> date:
        """A date; without default it must be there."""
        return self._read(key, Kind.DAY, default, date.min, _day)

    def day_or_none(self, key: str) -> date | None:
        return self.day(key) if self._has(key) else None

    def yes_no(self, key: str, *, default: bool) -> bool:
        return self._read(key, Kind.YES_NO, default, default, lambda value: value if isinstance(value, bool) else None)

    def texts(self, key: str) -> tuple[str, ...]:
        return self._read(key, Kind.TEXTS, (), (), lambda value: _all(value, _text))

    def texts_or_none(self, key: str) -> tuple[str, ...] | None:
        return self.texts(key) if self._has(key) else None

    def wholes(self, key: str) -> tuple[int, ...]:
        return self._read(key, Kind.WHOLES, (), (), lambda value: _all(value, _whole))

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """One of the codes of ``choices``; without default it must be there."""
        first = next(iter(choices))
        written = self.text(key, default.value if default else None)
        if written in choices.values:
            return choices(written)
        if written:
            self.blame(key, _("choisissez parmi : %(choices)s.") % {"choices": ", ".join(choices.values)})
        return first

    def table(self, key: str) -> "Table":
        """A sub-table, empty when it is absent."""
        empty: dict[str, Any] = {}
        values = self._read(key, Kind.TABLE, empty, empty, lambda value: value if isinstance(value, dict) else None)
        return Table(values, self.problems, place=f"{key}.")

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of a list, in the order of the file."""
        none: list[dict[str, Any]] = []
        rows = self._read(key, Kind.TABLES, none, none, _tables)
        for rank, row in enumerate(rows, 1):
            yield Table(row, self.problems, place=f"[[{key}]] n° {rank}, ")

    def finish(self) -> None:
        """Note the keys that nobody read: a mistyped rule must not be ignored in silence."""
        for key in self.values.keys() - self.known:
            close = difflib.get_close_matches(key, self.known, n=1)
            hint = _(" Vouliez-vous dire %(close)s ?") % {"close": close[0]} if close else ""
            self.blame(key, _("cette clé n’existe pas.") + hint)

    def _read(
        self, key: str, kind: Kind, default: Value | None, stand_in: Value, convert: Callable[[Any], Value | None]
    ) -> Value:
        self.known.add(key)
        if key not in self.values:
            if default is None:
                self.blame(key, _("il manque."))
            return stand_in if default is None else default
        value = convert(self.values[key])
        if value is None:
            self.blame(key, _expected(kind))
            return stand_in
        return value

    def _has(self, key: str) -> bool:
        self.known.add(key)
        return key in self.values


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _hundredths(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    exact = Decimal(value)
    if not exact.is_finite() or abs(exact) > 1_000_000 or exact * 100 != int(exact * 100):
        return None
    return int(exact * 100)


def _all(value: Any, convert: Callable[[Any], Value | None]) -> tuple[Value, ...] | None:
    if not isinstance(value, list):
        return None
    converted = [convert(item) for item in value]
    return None if None in converted else tuple(item for item in converted if item is not None)


def _tables(value: Any) -> list[dict[str, Any]] | None:
    return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else None
