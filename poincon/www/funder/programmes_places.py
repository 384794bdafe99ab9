"""Finding départements, intercommunalités and communes, and making territories of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from poincon.kernel.documents.french import count
from poincon.programmes.spec import TerritorySpec
from poincon.territories.models import Commune, Departement, Epci
from poincon.territories.queries import communes_of_departement, find_epci, search_communes
from poincon.territories.rules import normalise_name
from poincon.www.base.communes import commune_label

MOST_RESULTS = 8
#: The kinds of places, as a territory lists them.
DEPARTEMENT, EPCI, COMMUNE = KINDS = ("departements", "epcis", "communes")
#: A territory as a draft keeps it: ``name``, and a list of codes by kind.
Territory = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Something a territory may be made of. ``value`` stands on buttons: ``epcis:200044048``."""

    kind: str
    code: str
    label: str
    detail: str = ""

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.code}"


def found_places(text: str) -> list[Place]:
    """What a person may mean: départements, then intercommunalités, then communes."""
    if not text.strip():
        return []
    return [*_departements(text), *_epcis(text), *_communes(text)]


def read_place(value: str) -> Place | None:
    """The place of a button, if it exists in the lists of today. One query."""
    kind, _colon, code = value.partition(":")
    known = labels({kind: [code]} if kind in KINDS else {})
    return Place(kind, code, known[kind, code]) if (kind, code) in known else None


def labels(codes: dict[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    """(kind, code) → the name of each of these places. One query a kind."""
    named = {
        DEPARTEMENT: Departement.objects.filter(until=None),
        EPCI: Epci.objects.filter(until=None),
        COMMUNE: Commune.objects.filter(until=None),
    }
    found: dict[tuple[str, str], str] = {}
    for kind, wanted in codes.items():
        rows: Any = named[kind].filter(pk__in=[code for code in wanted if "\0" not in code])
        found |= {(kind, row.pk): row.name for row in rows}
    return found


def places_of(territories: Sequence[Territory]) -> list[tuple[Territory, list[Place]]]:
    """Territories of a draft, each with its places named. Three queries at most."""
    codes = {kind: {code for one in territories for code in one.get(kind, ())} for kind in KINDS}
    known = labels({kind: wanted for kind, wanted in codes.items() if wanted})
    return [
        (one, [Place(kind, code, known.get((kind, code), code)) for kind in KINDS for code in one.get(kind, ())])
        for one in territories
    ]


def with_place(territory: Territory, place: Place) -> Territory:
    """The territory with this place more; the same when it has it already."""
    codes = list(territory.get(place.kind, ()))
    return {**territory, place.kind: codes if place.code in codes else [*codes, place.code]}


def without_place(territory: Territory, value: str) -> Territory:
    kind, _colon, code = value.partition(":")
    return {**territory, kind: [one for one in territory.get(kind, ()) if one != code]} if kind in KINDS else territory


def spec_of(territory: Territory) -> TerritorySpec:
    """The territory as the verbs take it."""
    return TerritorySpec(
        name=str(territory.get("name", "")).strip(),
        departements=tuple(territory.get(DEPARTEMENT, ())),
        epcis=tuple(territory.get(EPCI, ())),
        communes=tuple(territory.get(COMMUNE, ())),
    )


def territory_of(spec: TerritorySpec) -> Territory:
    """A territory as a draft keeps it."""
    codes = {DEPARTEMENT: spec.departements, EPCI: spec.epcis, COMMUNE: spec.communes}
    return {"name": spec.name, **{kind: list(those) for kind, those in codes.items()}}


def _departements(text: str) -> list[Place]:
    wanted = normalise_name(text)
    rows = [
        one
        for one in Departement.objects.filter(until=None).order_by("code")
        if text.strip().upper() == one.code or (wanted and wanted in normalise_name(one.name))
    ]
    return [Place(DEPARTEMENT, one.code, one.name, _departement_said(one)) for one in rows[:MOST_RESULTS]]


def _departement_said(departement: Departement) -> str:
    total = communes_of_departement(departement.code).count()
    words = ngettext("département (%(code)s), %(n)s commune", "département (%(code)s), %(n)s communes", total)
    return words % {"code": departement.code, "n": count(total)}


def _epcis(text: str) -> list[Place]:
    return [
        Place(EPCI, one.siren, one.name, _("intercommunalité, %(n)s communes") % {"n": count(one.communes)})
        for one in find_epci(text, limit=MOST_RESULTS)
    ]


def _communes(text: str) -> list[Place]:
    return [
        Place(COMMUNE, one.code, one.name, _("commune, %(label)s") % {"label": commune_label(one)})
        for one in search_communes(text, limit=MOST_RESULTS)
    ]
