"""Finding places: communes by name, postal code, INSEE code or distance; EPCI; outlines for maps.

The INSEE code identifies a commune. A postal code does not: thousands are shared. Every function makes a bounded number
of database queries and returns a bounded list or an unevaluated, ordered queryset.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, Sum, When

from poincon.kernel.alphabet import Alphabetical
from poincon.territories import dataset
from poincon.territories.enums import EpciKind, KeyLevel
from poincon.territories.models import Commune, CommuneAlias, Departement, Epci, PostalCode, Region, SearchKey
from poincon.territories.rules import PREFIX_LENGTH, bounding_box, distance_km, normalise_name, prefix_range

MOST_RESULTS = 100
FARTHEST_KM = 200.0

CURRENT = Q(until__isnull=True)
LARGEST_FIRST = F("population").desc(nulls_last=True)

_DIGITS = re.compile(r"\d{1,5}")
_CORSICAN = re.compile(r"2[AB]\d{0,3}")
_CODE_INSIDE = re.compile(r"(?<!\w)(\d{5}|2[AB]\d{3}|97\d ?\d\d|\d\d ?\d{3})(?!\w)", re.IGNORECASE)
_DEPARTEMENT_INSIDE = re.compile(r"\((\d{2,3}|2[AB])\)", re.IGNORECASE)


@dataclass(frozen=True)
class CommuneResult:
    """A commune, with what tells it from its homonyms. Coordinates are those of the town hall, in degrees (WGS 84)."""

    code: str
    name: str
    departement_code: str
    departement_name: str
    epci_siren: str | None
    epci_name: str
    population: int | None
    postal_codes: tuple[str, ...]
    longitude: float | None
    latitude: float | None
    via: str = ""
    """The other name or code that answered (a commune déléguée, an arrondissement, a former code), or ""."""


@dataclass(frozen=True)
class NearCommune:
    commune: CommuneResult
    distance_km: float


@dataclass(frozen=True)
class EpciResult:
    siren: str
    name: str
    kind: EpciKind
    departements: tuple[str, ...]
    communes: int
    population: int


# --- one commune ------------------------------------------------------------------------------------------------------


def resolve_commune(code: str) -> Commune | None:
    """The commune that an INSEE code designates today: itself, or the one that took it in; else the retired one."""
    code = code.strip().upper()
    own = Commune.objects.filter(pk=code).select_related("departement", "epci").first()
    if own is not None and own.is_current:
        return own
    alias = (
        CommuneAlias.objects.filter(code=code, commune__until__isnull=True)
        .select_related("commune__departement", "commune__epci")
        .order_by("commune_id", "pk")
        .first()
    )
    return alias.commune if alias else own


def match_commune(name: str, *, postal_code: str) -> Commune | None:
    """The only commune with this name (its own or that of a part) and this postal code, else None. For imports."""
    text = normalise_name(name)
    postal_code = postal_code.replace(" ", "")
    if not text or not _DIGITS.fullmatch(postal_code):
        return None
    served = _keys(text).filter(commune__postal_codes__code=postal_code, commune__until__isnull=True)
    whole = served.filter(level__lte=KeyLevel.ALIAS)
    for keys in (whole.filter(text=text), whole):
        codes = list(keys.order_by("commune_id").values_list("commune_id", flat=True).distinct()[:2])
        if len(codes) == 1:
            return Commune.objects.select_related("departement", "epci").get(pk=codes[0])
    return None


def commune_results(codes: Sequence[str]) -> list[CommuneResult]:
    """These communes, retired ones included, in the order of ``codes``. Unknown codes are left out."""
    return _results(codes, {})


# --- search -----------------------------------------------------------------------------------------------------------


def search_communes(text: str, *, departement: str | None = None, limit: int = 20) -> list[CommuneResult]:
    """What a person may mean by ``text``: a name or its beginning, a postal code or its beginning, an INSEE code.

    A name answers before the names it begins, these before the names where it begins another word; at equal rank the
    most populated first. Communes déléguées, associées and arrondissements answer with their commune (``via``).
    "23000 Guéret" and "Saint-Denis (93)" are understood. ``departement`` is an INSEE code; at most 100 results.
    """
    limit = max(0, min(limit, MOST_RESULTS))
    compact = re.sub(r"\s", "", text).upper()
    within = Q(departement_id=departement) if departement else Q()
    if _DIGITS.fullmatch(compact):
        return _by_digits(compact, within, limit)
    if _CORSICAN.fullmatch(compact):
        return _by_insee_prefix(compact, within, limit)
    if named := _DEPARTEMENT_INSIDE.search(text):
        within &= Q(departement_id=named[1].upper())
        text = _DEPARTEMENT_INSIDE.sub(" ", text)
    if coded := _CODE_INSIDE.search(text):
        code = coded[1].replace(" ", "").upper()
        here = [code, *PostalCode.objects.filter(code=code).values_list("commune_id", flat=True).order_by("commune_id")]
        found = _by_name(normalise_name(text.replace(coded[0], " ")), within & Q(pk__in=here), limit)
        return found or search_communes(code, departement=departement, limit=limit)
    return _by_name(normalise_name(text), within, limit)


def _by_digits(digits: str, within: Q, limit: int) -> list[CommuneResult]:
    """Communes of a postal code or of its beginning, then the commune or former commune with that INSEE code."""
    codes = _pad(digits)
    posted = (
        Commune.objects.filter(CURRENT, within, postal_codes__code__range=codes)
        .order_by(LARGEST_FIRST, "code")
        .values_list("code", flat=True)
        .distinct()
    )
    named = _by_insee_code(digits, within) if len(digits) == 5 else {}
    # The one commune of that INSEE code must not be crowded out by the many of that postal code.
    found = list(posted[: limit - len(named)]) if limit > len(named) else []
    return _results([*found, *(code for code in named if code not in found)][:limit], named)


def _by_insee_prefix(prefix: str, within: Q, limit: int) -> list[CommuneResult]:
    communes = Commune.objects.filter(CURRENT, within, code__range=_pad(prefix)).order_by("code")[:limit]
    found = [commune.code for commune in communes]
    via = {} if found or len(prefix) < 5 else _by_insee_code(prefix, within)
    return _results(found or list(via)[:limit], via)


def _by_insee_code(code: str, within: Q) -> dict[str, str]:
    """The commune that this INSEE code designates → the former code or name it is found by ("" for its own)."""
    own = Commune.objects.filter(CURRENT, within, pk=code).values_list("code", flat=True)
    if own:
        return dict.fromkeys(own, "")
    parts = Commune.objects.filter(CURRENT, within, aliases__code=code).order_by("code", "aliases__pk")
    return {commune: name or code for commune, name in parts.values_list("code", "aliases__name")[:1]}


def _by_name(text: str, within: Q, limit: int) -> list[CommuneResult]:
    if not text:
        return []
    rank = Case(
        When(text=text, level__lte=KeyLevel.ALIAS, then=F("level")),
        default=F("level") + len((KeyLevel.NAME, KeyLevel.ALIAS)),
    )
    keys = _keys(text).filter(commune__until__isnull=True)
    if within:
        keys = keys.filter(commune__in=Commune.objects.filter(within))
    best = (
        keys.values("commune_id")
        .annotate(rank=Min(rank))
        .order_by("rank", F("commune__population").desc(nulls_last=True), "commune_id")
        .values_list("commune_id", "rank")[:limit]
    )
    ranks = dict(best)
    return _results(list(ranks), _alias_names(text, [code for code, rank in ranks.items() if rank % 2]))


def _keys(text: str) -> QuerySet[SearchKey]:
    """The search keys that begin with this normalised text, by a range of integers: an index scan on both engines."""
    keys = SearchKey.objects.filter(number__range=prefix_range(text))
    return keys.filter(text__startswith=text) if len(text) > PREFIX_LENGTH else keys


def _alias_names(text: str, communes: Iterable[str]) -> dict[str, str]:
    """Commune → the name of its part that answered to ``text``, the best one if several do."""
    aliases = CommuneAlias.objects.filter(commune__in=list(communes), search_name__contains=text)
    names: dict[str, tuple[bool, bool, str]] = {}
    for alias in aliases.order_by("search_name", "pk"):
        spaced = f" {alias.search_name}"
        if f" {text}" in spaced:
            rank = (not spaced.endswith(f" {text}"), not alias.search_name.startswith(text), alias.name)
            names[alias.commune_id] = min(rank, names.get(alias.commune_id, rank))
    return {code: name for code, (_tail, _head, name) in names.items()}


def _pad(prefix: str) -> tuple[str, str]:
    return prefix.ljust(5, "0"), prefix.ljust(5, "9")


def _results(codes: Sequence[str], via: dict[str, str]) -> list[CommuneResult]:
    found = {
        commune.code: commune
        for commune in Commune.objects.filter(pk__in=codes)
        .select_related("departement", "epci")
        .prefetch_related("postal_codes")
        .order_by("code")
    }
    return [_result(found[code], via.get(code, "")) for code in codes if code in found]


def _result(commune: Commune, via: str) -> CommuneResult:
    return CommuneResult(
        code=commune.code,
        name=commune.name,
        departement_code=commune.departement.code,
        departement_name=commune.departement.name,
        epci_siren=commune.epci.siren if commune.epci else None,
        epci_name=commune.epci.name if commune.epci else "",
        population=commune.population,
        postal_codes=tuple(sorted(postal.code for postal in commune.postal_codes.all())),
        longitude=commune.longitude,
        latitude=commune.latitude,
        via=via,
    )


# --- sets of communes -------------------------------------------------------------------------------------------------


def current_communes() -> QuerySet[Commune]:
    """The communes of the loaded edition, by name."""
    return Commune.objects.filter(CURRENT).order_by("search_name", "code")


def communes_of_epci(siren: str) -> QuerySet[Commune]:
    """The communes of an EPCI, of all its départements, by name."""
    return current_communes().filter(epci_id=siren)


def communes_of_departement(code: str) -> QuerySet[Commune]:
    """The communes of a département, by name."""
    return current_communes().filter(departement_id=code)


def communes_of_region(code: str) -> QuerySet[Commune]:
    """The communes of a région, by name."""
    return current_communes().filter(departement__region_id=code)


def regions() -> QuerySet[Region]:
    """The régions of the loaded edition, collectivities overseas included, by name."""
    return Region.objects.filter(CURRENT).order_by(Alphabetical("name"), "code")


def departements(region: str | None = None) -> QuerySet[Departement]:
    """The départements of the loaded edition, or of a région, collectivities overseas included, by code."""
    found = Departement.objects.filter(CURRENT).order_by("code")
    return found.filter(region_id=region) if region else found


def epcis_of_departement(code: str) -> QuerySet[Epci]:
    """The EPCI with at least one commune in a département (89 EPCI have some in several), by name."""
    members = communes_of_departement(code).order_by().values("epci_id")
    return Epci.objects.filter(CURRENT, pk__in=members).order_by("search_name", "siren")


def find_epci(text: str, *, departement: str | None = None, limit: int = 20) -> list[EpciResult]:
    """The EPCI whose name holds every word of ``text``, or of this SIREN; the most populated first, at most 100."""
    compact = re.sub(r"\s", "", text)
    found = Epci.objects.filter(CURRENT)
    if re.fullmatch(r"\d{9}", compact):
        found = found.filter(pk=compact)
    else:
        words = normalise_name(text).split()
        if not words:
            return []
        for word in words:
            found = found.filter(search_name__contains=word)
    if departement:
        found = found.filter(pk__in=epcis_of_departement(departement).order_by().values("pk"))
    counted = found.annotate(
        member_count=Count("communes", filter=Q(communes__until__isnull=True)),
        people=Sum("communes__population", filter=Q(communes__until__isnull=True), default=0),
    ).order_by("-people", "siren")
    return _epci_results(counted[: max(0, min(limit, MOST_RESULTS))])


def _epci_results(found: QuerySet[Any]) -> list[EpciResult]:
    rows = list(found)
    spread: dict[str, list[str]] = {row.siren: [] for row in rows}
    pairs = Commune.objects.filter(CURRENT, epci__in=list(spread)).values_list("epci_id", "departement_id")
    for siren, departement in pairs.distinct().order_by("epci_id", "departement_id"):
        if siren is not None:
            spread[siren].append(departement)
    return [
        EpciResult(
            siren=row.siren,
            name=row.name,
            kind=EpciKind(row.kind),
            departements=tuple(spread[row.siren]),
            communes=row.member_count,
            population=row.people,
        )
        for row in rows
    ]


# --- near -------------------------------------------------------------------------------------------------------------


def nearest_communes(code: str, *, limit: int = 20, within_km: float = 30.0) -> list[NearCommune]:
    """The communes nearest to a commune, itself left out, as the crow flies between town halls; see ``communes_near``.

    Empty for the few communes whose town hall has no known position.
    """
    centre = resolve_commune(code)
    if centre is None or centre.longitude is None or centre.latitude is None:
        return []
    near = communes_near(centre.longitude, centre.latitude, limit=limit + 1, within_km=within_km)
    return [place for place in near if place.commune.code != centre.code][:limit]


def communes_near(longitude: float, latitude: float, *, limit: int = 20, within_km: float = 30.0) -> list[NearCommune]:
    """The communes whose town hall is nearest to a point in degrees, within so many kilometres (at most 200)."""
    within_km = min(within_km, FARTHEST_KM)
    west, south, east, north = bounding_box(longitude, latitude, within_km)
    box = Commune.objects.filter(CURRENT, latitude__range=(south, north), longitude__range=(west, east))
    measured = sorted(
        (distance_km(longitude, latitude, x, y), code)
        for code, x, y in box.values_list("code", "longitude", "latitude").order_by()
        if x is not None and y is not None
    )
    nearest = {code: km for km, code in measured[: max(0, min(limit, MOST_RESULTS))] if km <= within_km}
    return [NearCommune(commune, nearest[commune.code]) for commune in _results(list(nearest), {})]


# --- outlines ---------------------------------------------------------------------------------------------------------


def departement_outlines() -> dataset.GeoJson:
    """GeoJSON FeatureCollection of the 101 départements; the ``id`` of a feature is the INSEE code.

    Collectivities overseas other than the five départements have no outline.
    """
    return dataset.read_departement_outlines()


def epci_outlines(departement_code: str) -> dataset.GeoJson:
    """GeoJSON FeatureCollection of the EPCI with a commune in a département; the ``id`` of a feature is the SIREN.

    An EPCI that spans several départements is whole in each. No feature where there is no such département.
    """
    return dataset.read_epci_outlines(departement_code)
