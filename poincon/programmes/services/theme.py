"""How a programme presents itself, on screens, mails and papers."""

from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Text
from poincon.organisations.actors import Actor
from poincon.organisations.rules import normalise_email, normalise_public_phone
from poincon.programmes import permissions
from poincon.programmes.checks import Problem, refuse, setting_problems
from poincon.programmes.logos import LogoError, safe_logo
from poincon.programmes.models import Programme
from poincon.programmes.services.version import locked, note

LOGO_FAULTS: dict[str, Text] = {
    "too_heavy": _("le fichier est trop lourd : 2 Mo au plus, et un dessin simple plutôt qu’une photo."),
    "not_a_picture": _("ce fichier n’est ni un PNG ni un SVG."),
    "unsafe": _("ce SVG contient un script, un style ou un lien vers l’extérieur ; donnez plutôt le logo en PNG."),
    "undrawable": _("ce SVG ne peut pas être dessiné ; donnez plutôt le logo en PNG."),
}
NO_LOGO = b""
_KEPT_IN = {"name", "phone", "referent", "email", "ink_colour", "accent_colour", "logo_svg", "welcome_text"}


class ThemeChanges(TypedDict, total=False):
    """What may be changed. ``logo`` is the bytes of a PNG or SVG file; ``NO_LOGO`` takes the logo away."""

    name: str
    phone: str
    referent: str
    email: str
    ink_colour: str
    accent_colour: str
    welcome_text: str
    logo: bytes


@transaction.atomic
def update_theme(*, by: Actor, programme: Programme, **changes: Unpack[ThemeChanges]) -> Programme:
    """Change the name, colours, logo and contact that are given. What is printed already keeps its look.

    Raises one refusal (``Invalid``) that lists every fault; a colour too light to be read is refused with the nearest
    that passes.
    """
    by.require(permissions.UPDATE_THEME, programme=programme)
    row = locked(programme)
    values, logo_problems = _with_logo(dict(changes))
    before = _picture(row)
    for name, value in values.items():
        setattr(row, name, value)
    refuse([*setting_problems(model_to_dict(row)), *logo_problems])
    row.phone, row.email = normalise_public_phone(row.phone), normalise_email(row.email)
    row.save(update_fields=sorted(_KEPT_IN))
    note(by, "programmes.update_theme", row, before=before, after=_picture(row))
    return row


def _with_logo(values: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    if "logo" not in values:
        return values, []
    data: bytes = values.pop("logo")
    try:
        return values | {"logo_svg": safe_logo(data) if data else ""}, []
    except LogoError as fault:
        return values, [Problem("presentation.logo_svg", str(LOGO_FAULTS[fault.args[0]]))]


def _picture(row: Programme) -> dict[str, object]:
    """As the journal keeps it: that there is a drawing and how long, not the drawing."""
    kept = {name: getattr(row, name) for name in _KEPT_IN - {"logo_svg"}}
    return dict(sorted(kept.items())) | {"logo": len(row.logo_svg)}
