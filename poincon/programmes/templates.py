"""Programmes that were run before, to start from: a file each in data/templates, which says how long it lasts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Text
from poincon.programmes.catalogue import DATA
from poincon.programmes.described import copied
from poincon.programmes.enums import FunderKind
from poincon.programmes.rules import months_from
from poincon.programmes.spec import ProgrammeSpec, TerritorySpec
from poincon.programmes.specification import read_values

FOLDER = DATA / "templates"
#: How the site names each model, and what is said of it: its own words, in the language of the page.
SAID: dict[str, tuple[Text, Text]] = {
    "creuse": (
        _("Creuse : chéquiers de 5 ou 10 pass de 10 €"),
        _(
            "Un atelier de deux heures au plus coûte un pass. "
            "Payé par le Fonds social européen (60 %), l’État et le commanditaire : les personnes sont identifiées."
        ),
    ),
    "dix-heures": (
        _("10 heures : un droit à du temps, pas à de l’argent"),
        _(
            "Dix heures en petit groupe, sur quatre thèmes, un pass par heure. "
            "Les médiateurs sont formés avant de poinçonner."
        ),
    ),
    "sans-pass": (
        _("Sans pass : des animations gratuites"),
        _(
            "Ni chéquier ni paiement : un programme d’un mois, "
            "une séance d’1 h 30 par semaine, et le compte des séances et des personnes."
        ),
    ),
}


@dataclass(frozen=True)
class ProgrammeTemplate:
    """A model of programme. ``spec`` holds its rules; its code, owner, dates and funders only stand in for real ones.

    ``months`` is how long such a programme lasts.
    """

    key: str
    title: Text
    summary: Text
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
        last = ends_on or months_from(starts_on, self.months)
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
    return ProgrammeTemplate(spec.code, *SAID[spec.code], about["months"], spec)
