"""What a person types, as its column keeps it: the same on both engines, refused with the name of the field.

PostgreSQL stops a text longer than its column, or that holds a NUL, in the middle of the work; SQLite keeps it all.
"""

from django.db.models import CharField, Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal, Text

TEXT_TOO_LONG = Refusal(
    "text_too_long",
    _("%(field)s : %(length)s caractères, le maximum est %(most)s."),
    _("Raccourcissez ce texte."),
)
TEXT_UNREADABLE = Refusal(
    "text_unreadable",
    _("%(field)s : ce texte contient un caractère qui ne peut pas être enregistré."),
    _("Retapez-le au lieu de le coller."),
)


def text_for(model: type[Model], field: str, text: str) -> str:
    """``text`` as the column ``field`` of ``model`` keeps it: without the spaces around.

    Raises Refusal ``text_too_long`` or ``text_unreadable``, which name the field.
    """
    column = model._meta.get_field(field)
    if not isinstance(column, CharField) or column.max_length is None:
        raise TypeError(f"{model.__name__}.{field} has no longest text")
    return text_within(column.max_length, column.verbose_name, text)


def text_within(most: int, field: Text, text: str) -> str:
    """``text`` without the spaces around, at most ``most`` characters. Raises as ``text_for``; ``field`` is named."""
    kept = text.strip()
    if len(kept) > most:
        raise TEXT_TOO_LONG.filled(field=capfirst(str(field)), length=len(kept), most=most)
    # NUL is in no PostgreSQL text, half of a surrogate pair in no UTF-8.
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in kept):
        raise TEXT_UNREADABLE.filled(field=capfirst(str(field)))
    return kept
