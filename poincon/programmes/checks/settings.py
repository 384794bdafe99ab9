"""The values of a programme, one by one and together: when it is created and each time its rules change."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from poincon.kernel.refusals import Refusal
from poincon.organisations.rules import normalise_email, normalise_public_phone
from poincon.programmes.checks.problems import Problem
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.models.programme import LARGEST_BOOKLET

#: The sections of the programme file, and the fields of the programme in each; the others stand at its top.
SECTIONS = {
    "presentation": ("phone", "referent", "email", "ink_colour", "accent_colour", "logo_svg", "welcome_text"),
    "passes": ("uses_passes", "unit_minutes", "booklet_sizes", "validity_months", "grace_days"),
    "rules": (
        *("max_passes_per_session", "max_passes_per_day", "max_passes_per_person", "direct_use"),
        *("offline_max_days", "offline_max_passes", "prescriber_training_required", "mediator_training_required"),
        "services",
    ),
    "people": ("identity_level", "evidence_until"),
}
FILE_KEYS = {field: f"{section}.{field}" for section, fields in SECTIONS.items() for field in fields} | {
    "unit_value": "passes.unit_value_euros",
    "required_cover_bp": "passes.required_cover_percent",
}

#: Lowest and highest value of each number.
BOUNDS = {
    "unit_value": (0, 100_000),
    "unit_minutes": (0, 24 * 60),
    "validity_months": (1, 120),
    "grace_days": (0, 365),
    "required_cover_bp": (0, 20_000),
    "max_passes_per_session": (1, 1000),
    "max_passes_per_day": (1, 1000),
    "max_passes_per_person": (1, 10_000),
    "offline_max_days": (0, 90),
    "offline_max_passes": (0, 10_000),
}
#: How a number is written in the file, when it is not as it is kept.
IN_FILE_UNITS = {"unit_value": 100, "required_cover_bp": 100}
LENGTHS = {"name": 200, "referent": 150, "welcome_text": 4000, "logo_svg": 200_000}
CEILINGS = ("max_passes_per_session", "max_passes_per_day", "max_passes_per_person")

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# WCAG 2.1: 4.5 for text, 3 for large text and marks, on white paper.
CONTRASTS = {"ink_colour": 4.5, "accent_colour": 3.0}

_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE_ELEMENTS = {"script", "foreignObject", "iframe", "embed", "object", "audio", "video", "style"}


def setting_problems(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with these values of a programme (field → value, units of the model). Empty when all is well."""
    return [Problem(FILE_KEYS.get(field, field), text) for check in CHECKS for field, text in check(values)]


Faults = Iterator[tuple[str, str]]


def _lengths(values: Mapping[str, Any]) -> Faults:
    if not values["name"].strip():
        yield "name", _("il manque.")
    for field, most in LENGTHS.items():
        if len(values[field]) > most:
            yield field, _("%(most)d caractères au plus.") % {"most": most}


def _numbers(values: Mapping[str, Any]) -> Faults:
    for field, (lowest, highest) in BOUNDS.items():
        value, unit = values[field], IN_FILE_UNITS.get(field, 1)
        if value is not None and not lowest <= value <= highest:
            bounds = {"lowest": lowest // unit, "highest": highest // unit}
            yield field, _("de %(lowest)d à %(highest)d.") % bounds


def _pass_is_worth_something(values: Mapping[str, Any]) -> Faults:
    if not values["uses_passes"]:
        return
    if not values["unit_value"] and not values["unit_minutes"]:
        yield "unit_value", _("un pass vaut un montant, une durée (passes.unit_minutes), ou les deux.")
    sizes = values["booklet_sizes"]
    if not sizes:
        yield "booklet_sizes", _("donnez au moins une taille de chéquier, par exemple [10].")
    if len(set(sizes)) != len(sizes):
        yield "booklet_sizes", _("une taille y figure deux fois.")
    if any(not 1 <= size <= LARGEST_BOOKLET for size in sizes):
        yield "booklet_sizes", _("un chéquier compte de 1 à %(largest)d pass.") % {"largest": LARGEST_BOOKLET}


def _ceilings_in_order(values: Mapping[str, Any]) -> Faults:
    given = [(field, values[field]) for field in CEILINGS if values[field] is not None]
    for (smaller, low), (larger, high) in pairwise(given):
        if low > high:
            yield larger, _("il ne peut être inférieur à %(smaller)s.") % {"smaller": FILE_KEYS[smaller]}


def _dates(values: Mapping[str, Any]) -> Faults:
    if values["ends_on"] < values["starts_on"]:
        yield "ends_on", _("la fin précède le début (starts_on).")
    if values["evidence_until"] is not None and values["evidence_until"] < values["ends_on"]:
        yield "evidence_until", _("les preuves se gardent au moins jusqu’à la fin du dispositif (ends_on).")


def _time_zone(values: Mapping[str, Any]) -> Faults:
    try:
        ZoneInfo(values["time_zone"])
    except (KeyError, ValueError, OSError):
        yield "time_zone", _("ce fuseau horaire n’existe pas ; par exemple Europe/Paris, Indian/Reunion.")


def _identity(values: Mapping[str, Any]) -> Faults:
    if values["identity_level"] not in IdentityLevel.values:
        yield "identity_level", _("choisissez parmi : %(choices)s.") % {"choices": ", ".join(IdentityLevel.values)}


def _direct_use(values: Mapping[str, Any]) -> Faults:
    # A scan that hands the pass over by itself cannot say to whom.
    if values["direct_use"] and values["identity_level"] != IdentityLevel.ANONYMOUS:
        wanted = {"key": FILE_KEYS["identity_level"], "level": IdentityLevel.ANONYMOUS.value}
        yield "direct_use", _("ce geste ne dit pas à qui le pass est remis : il demande %(key)s = %(level)s.") % wanted


def _contact(values: Mapping[str, Any]) -> Faults:
    normalisers: dict[str, Callable[[str], str]] = {"phone": normalise_public_phone, "email": normalise_email}
    for field, normalise in normalisers.items():
        try:
            normalise(values[field])
        except Refusal as refusal:
            yield field, str(refusal)


def _colours(values: Mapping[str, Any]) -> Faults:
    for field, least in CONTRASTS.items():
        colour = values[field]
        if not _COLOUR.fullmatch(colour):
            yield field, _("une couleur s’écrit comme #1b2a6b.")
        elif contrast_on_white(colour) < least:
            yield field, _("trop claire pour être lue sur du papier blanc ; choisissez-la plus foncée.")


def contrast_on_white(colour: str) -> float:
    """Contrast ratio of ``#rrggbb`` on white, from 1 to 21 (WCAG 2.1, "contrast ratio")."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _logo(values: Mapping[str, Any]) -> Faults:
    svg = values["logo_svg"]
    if svg and not is_harmless_svg(svg):
        yield "logo_svg", _("ce n’est pas un dessin SVG simple (sans script, sans style, sans lien vers l’extérieur).")


def is_harmless_svg(svg: str) -> bool:
    """Whether a drawing can be put into our pages and papers: nothing that runs, nothing fetched from elsewhere."""
    # A document type may define entities that explode when read; an instruction after the first may name a style sheet.
    if "<!" in svg.replace("<!--", "") or "<?" in svg.lstrip()[2:]:
        return False
    try:
        root = ET.fromstring(svg)  # noqa: S314  document types were refused just above
    except ET.ParseError:
        return False
    return root.tag == f"{_SVG}svg" and all(_is_harmless(element) for element in root.iter())


def _is_harmless(element: ET.Element) -> bool:
    if not element.tag.startswith(_SVG) or element.tag.removeprefix(_SVG) in _ACTIVE_ELEMENTS:
        return False
    return all(_is_harmless_attribute(name.rpartition("}")[2], value) for name, value in element.attrib.items())


def _is_harmless_attribute(name: str, value: str) -> bool:
    if name.lower().startswith("on"):
        return False
    if name == "href":
        return value.startswith(("#", "data:image/png", "data:image/jpeg"))
    return not re.search(r"url\((?!\s*['\"]?#)|javascript:", value, re.IGNORECASE)


CHECKS: tuple[Callable[[Mapping[str, Any]], Faults], ...] = (
    _lengths,
    _dates,
    _time_zone,
    _contact,
    _colours,
    _logo,
    _pass_is_worth_something,
    _numbers,
    _ceilings_in_order,
    _identity,
    _direct_use,
)
