"""The values of a programme, one by one and together: when it is created and each time its rules change."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from poincon.kernel.colour_names import name_of
from poincon.kernel.colours import is_colour
from poincon.kernel.refusals import Refusal
from poincon.organisations.rules import normalise_email, normalise_public_phone
from poincon.programmes.checks.problems import Problem, unreadable
from poincon.programmes.enums import IdentityLevel
from poincon.programmes.logos import LONGEST_SVG, is_harmless_svg
from poincon.programmes.models.programme import LARGEST_BOOKLET
from poincon.programmes.theme import SURFACE_OF, is_readable, nearest_that_passes

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
#: Texts are printed: what paper holds (passes/documents/content.py, a test compares).
LENGTHS = {"name": 80, "phone": 24, "referent": 60, "email": 80, "welcome_text": 600, "logo_svg": LONGEST_SVG}
CEILINGS = ("max_passes_per_session", "max_passes_per_day", "max_passes_per_person")


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


def _readable(values: Mapping[str, Any]) -> Faults:
    for problem in unreadable(values):
        yield problem.where, problem.text


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
    for field in SURFACE_OF:
        colour = values[field]
        if not is_colour(colour):
            yield field, _("une couleur s’écrit comme #1b2a6b.")
        elif not is_readable(field, colour):
            nearest = nearest_that_passes(field, colour)
            words = {"colour": colour, "nearest": nearest, "name": name_of(nearest)}
            yield (
                field,
                _("trop claire pour être lue. La plus proche de %(colour)s qui passe : %(nearest)s (%(name)s).")
                % words,
            )


def _logo(values: Mapping[str, Any]) -> Faults:
    svg = values["logo_svg"]
    if svg and not is_harmless_svg(svg):
        yield "logo_svg", _("ce n’est pas un dessin SVG simple (sans script, sans style, sans lien vers l’extérieur).")


CHECKS: tuple[Callable[[Mapping[str, Any]], Faults], ...] = (
    _lengths,
    _readable,
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
