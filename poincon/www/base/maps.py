"""Maps on a page: places, shaded areas, our own outlines below, and the table that says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from poincon.kernel.refusals import Text
from poincon.territories.queries import epci_outlines
from poincon.www.base.parts import Tone

A_WEEK = 7 * 24 * 3600
#: Twice the places of the largest scheme there was; more would be too much for a telephone.
MOST_PLACES = 400
#: Areas are shaded in so many steps, from the lowest value to the highest.
SHADES = 5


@dataclass(frozen=True)
class Place:
    """A point on the map: a venue, a prescriber. ``detail`` is said when one opens it."""

    label: Text
    latitude: float
    longitude: float
    detail: Text = ""
    url: str = ""
    tone: Tone = Tone.INFO


@dataclass(frozen=True)
class Area:
    """An EPCI and its value: the more, the darker. ``written``: the value as a person says it."""

    siren: str
    label: Text
    value: int
    written: Text
    url: str = ""


@dataclass(frozen=True)
class Map:
    """What is drawn: the outlines of the EPCI of ``departements``, the areas shaded, the places above.

    ``heading`` and ``unit`` name the columns of its table. ``places_url``: where the script fetches the places when
    there may be hundreds (``places_answer``); a page weighs the same however many there are.
    """

    name: str
    title: Text
    heading: Text
    unit: Text
    departements: Sequence[str]
    places: Sequence[Place] = ()
    areas: Sequence[Area] = ()
    places_url: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """What the script of the page reads."""
        return {
            "outlines": [reverse("outlines", args=[code]) for code in self.departements],
            "places": _points(self.places),
            "places_url": self.places_url,
            "areas": {area.siren: _shade(area, self.areas) for area in self.areas},
            "tiles": settings.MAP_TILES,
            "credit": settings.MAP_TILES_CREDIT,
        }

    @property
    def rows(self) -> list[tuple[Text, str, Text]]:
        """The table: the name, the address behind it, what is said of it."""
        return [(area.label, area.url, area.written) for area in self.areas] + [
            (place.label, place.url, place.detail) for place in self.places
        ]


@require_safe
@cache_control(public=True, max_age=A_WEEK)
def outlines(_: HttpRequest, departement: str) -> JsonResponse:
    """The outlines of the EPCI of a département, as GeoJSON; none where it has none."""
    return JsonResponse(epci_outlines(departement), content_type="application/geo+json")


def places_title(title: str, number: int) -> str:
    """``title``, which owns up when the map draws the first places only."""
    return (
        title
        if number <= MOST_PLACES
        else gettext("%(title)s (les %(n)s premiers)") % {"title": title, "n": MOST_PLACES}
    )


def places_answer(places: Iterable[Place]) -> JsonResponse:
    """The places of a map, for its script."""
    return JsonResponse(_points(places), safe=False)


def _points(places: Iterable[Place]) -> list[dict[str, Any]]:
    return [_point(place) for place in places]


def _point(place: Place) -> dict[str, Any]:
    return {
        "label": str(place.label),
        "detail": str(place.detail),
        "url": place.url,
        "at": [place.latitude, place.longitude],
        "tone": place.tone.value,
    }


def _shade(area: Area, among: Sequence[Area]) -> dict[str, Any]:
    lower = sum(other.value < area.value for other in among)
    return {"label": str(area.label), "said": str(area.written), "shade": 1 + lower * SHADES // len(among)}
