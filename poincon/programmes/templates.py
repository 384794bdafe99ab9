"""Programmes that were run before, to start from: one file each in data/templates, a programme file with its title."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from poincon.programmes.catalogue import DATA
from poincon.programmes.described import copied
from poincon.programmes.enums import FunderKind
from poincon.programmes.spec import ProgrammeSpec, TerritorySpec
from poincon.programmes.specification import read_values

FOLDER = DATA / "templates"


@dataclass(frozen=True)
class ProgrammeTemplate:
    """A model of programme. ``spec`` holds its rules; its code, owner, dates and funders only stand in for real ones.

    ``months`` is how long such a programme lasts.
    """

    key: str
    title: str
    summary: str
    months: int
    spec: ProgrammeSpec

    def filled(
        self,
        *,
        code: str,
        name: str,
        owner: str,
        starts_on: date,
        ends_on: date | None = None,
        lead_network: str = "",
        territories: tuple[TerritorySpec, ...] = (),
        funders: Mapping[FunderKind, str] | None = None,
    ) -> ProgrammeSpec:
        """The programme that this model makes, ready for ``create_programme``; it lasts ``months`` without an end.

        ``funders`` names the co-funder of each kind (SIRET, RNA, SIREN or exact name); one that is not named keeps the
        word of the model (« État »), which must then be the name of a registered organisation.
        """
        last = ends_on or _after(starts_on, self.months) - timedelta(days=1)
        named = {**(funders or {}), FunderKind.OWNER: owner}
        spec = copied(self.spec, code=code, name=name, starts_on=starts_on, ends_on=last)
        return replace(
            spec,
            owner=owner,
            lead_network=lead_network,
            territories=territories,
            fundings=tuple(replace(one, funder=named.get(one.kind, one.funder)) for one in spec.fundings),
        )


@cache
def programme_templates() -> tuple[ProgrammeTemplate, ...]:
    """The models shipped with Poinçon, in the order of their files."""
    return tuple(_template(path) for path in sorted(FOLDER.glob("*.toml")))


def programme_template(key: str) -> ProgrammeTemplate | None:
    """The model of this key, or None."""
    return next((template for template in programme_templates() if template.key == key), None)


def _template(path: Path) -> ProgrammeTemplate:
    values = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    about = values.pop("template")
    spec = read_values(values)
    return ProgrammeTemplate(spec.code, about["title"], about["summary"], about["months"], spec)


def _after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    # The 31st of a shorter month is the first of the next: a programme never loses a day.
    first = date(day.year + years, month + 1, 1)
    same = first + timedelta(days=day.day - 1)
    return same if same.month == first.month else (first + timedelta(days=32)).replace(day=1)
