"""In which language a person is spoken to."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor

UNKNOWN_LANGUAGE = Refusal(
    "organisations.unknown_language",
    _("Langue : « %(language)s » n’est pas une langue de ce site."),
    _("Choisissez-en une de la liste."),
)


@transaction.atomic
def choose_language(*, by: Actor, language: str) -> None:
    """The language of one's own pages and mails from now on. Raises ``organisations.unknown_language``."""
    if language not in dict(settings.LANGUAGES):
        raise UNKNOWN_LANGUAGE.filled(language=language)
    if by.user is not None and by.user.language != language:
        by.user.language = language
        by.user.save(update_fields=["language"])
