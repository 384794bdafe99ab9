"""What a device says by itself, off line: in the very sentences of the server, which sends them with its state.

The refusals of ``refusals.py`` that a device can know keep their code and their words. Those below are of the device
alone: the server never answers them.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from poincon.kernel.refusals import Refusal
from poincon.passes.refusals import SCAN_REFUSALS
from poincon.passes.services.annul import ALREADY_REPLACED, NOTHING_TO_ANNUL, SCAN_UNKNOWN, TOO_LATE

#: The title of an answer, then what is said under it.
ANSWERS = (
    # The same words as those of the verdicts (passes/verdicts.py).
    Refusal("accepted", _("Accepté, reste %(left)s")),
    Refusal("accepted_offline", _("Accepté hors ligne, sera confirmé")),
    Refusal(
        "number_offline",
        _("Noté hors ligne, à confirmer"),
        _("Un numéro tapé se vérifie au retour du réseau. Le carré imprimé, lui, se vérifie tout de suite."),
    ),
    Refusal("to_confirm", _("Noté, à confirmer")),
    Refusal(
        "booklet_newer",
        _("Noté hors ligne, à confirmer"),
        _("Cet appareil ne connaît pas ce chéquier : connectez-le dès que possible."),
    ),
    Refusal("refused", _("Refusé : rien n’est poinçonné")),
    Refusal("refused_late", _("Refusé au retour du réseau : ce pass ne sera pas payé")),
    Refusal("annulled", _("Poinçon annulé"), _("Ces pass sont de nouveau utilisables.")),
    Refusal("annul_refused", _("Annulation refusée : ce poinçon reste compté")),
    Refusal("annulled_offline", _("Annulation notée, sera confirmée"), _("Elle partira au retour du réseau.")),
)

NOT_OFFLINE = Refusal(
    "offline_not_allowed",
    _("Ce dispositif n’accepte aucun pass hors ligne."),
    _("Connectez l’appareil, ou notez la personne sur la feuille d’émargement."),
)
OFFLINE_TOO_LONG = Refusal(
    "offline_too_long",
    _("Cet appareil n’a pas eu de réseau depuis le %(day)s : c’est plus que le dispositif ne permet."),
    _("Connectez l’appareil, puis scannez de nouveau."),
)
STORAGE_FULL = Refusal(
    "storage_full",
    _("La mémoire de cet appareil est pleine : ce pass n’est pas poinçonné."),
    _("Libérez de la place sur l’appareil, puis scannez de nouveau."),
)
NOT_READY = Refusal(
    "device_not_ready",
    _("Cet appareil n’a pas encore reçu la liste de vos lieux et des chéquiers."),
    _("Connectez-le une fois, puis scannez."),
)
CONTEXT_MISSING = Refusal(
    "context_missing", _("Le lieu ou le service n’est pas choisi."), _("Choisissez-les, puis scannez de nouveau.")
)
OTHER_OPERATOR_WAITS = Refusal(
    "other_operator_waits",
    _("Cet appareil garde %(waiting)s poinçons de « %(operator)s » qui ne sont pas partis."),
    _("Faites-le d’abord ajouter de nouveau par cette structure : ils partiront aussitôt."),
)
#: Refusals that the device alone decides; nothing of them is sent.
DEVICE_REFUSALS = (NOT_OFFLINE, OFFLINE_TOO_LONG, STORAGE_FULL, NOT_READY, CONTEXT_MISSING, OTHER_OPERATOR_WAITS)
#: Why a punch is not undone.
ANNUL_REFUSALS = (SCAN_UNKNOWN, NOTHING_TO_ANNUL, TOO_LATE, ALREADY_REPLACED)

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def sentences() -> dict[str, dict[str, str]]:
    """Every sentence of the scanner by code, in the current language. A value to fill in is written ``{day}``."""
    return _sentences(get_language())


def sentences_digest() -> str:
    """What changes when a sentence does: a device that knows it needs not read them again."""
    return _digest(get_language())


@cache
def _digest(language: str) -> str:
    return hashlib.sha256(repr(sorted(_sentences(language).items())).encode()).hexdigest()


@cache
def _sentences(language: str) -> dict[str, dict[str, str]]:  # noqa: ARG001  part of the cache key
    return {
        said.code: {"sentence": _written(said.sentence), "next_step": _written(said.next_step)}
        for said in _all((ANSWERS, SCAN_REFUSALS, ANNUL_REFUSALS, DEVICE_REFUSALS))
    }


def _all(groups: Iterable[tuple[Refusal, ...]]) -> Iterable[Refusal]:
    return (said for group in groups for said in group)


def _written(text: object) -> str:
    return _PLACEHOLDER.sub(r"{\1}", str(text))
