"""Numbers of organisations, phones, accounts, tokens: what is well formed, and its one spelling. No database."""

import base64
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import LegalForm, Role

SIRET_WRONG = Refusal(
    "organisations.siret_wrong",
    _("SIRET : « %(value)s » n’est pas un numéro SIRET."),
    _("Un SIRET compte 14 chiffres ; relisez-le sur l’avis de situation de l’organisation."),
)
SIREN_WRONG = Refusal(
    "organisations.siren_wrong",
    _("SIREN : « %(value)s » n’est pas un numéro SIREN."),
    _("Un SIREN compte 9 chiffres : ce sont les 9 premiers du SIRET."),
)
SIREN_NOT_OF_SIRET = Refusal(
    "organisations.siren_not_of_siret",
    _("SIREN : « %(siren)s » n’est pas le début du SIRET « %(siret)s »."),
    _("Donnez seulement le SIRET : le SIREN s’en déduit."),
)
RNA_WRONG = Refusal(
    "organisations.rna_wrong",
    _("Numéro RNA : « %(value)s » n’est pas un numéro d’association."),
    _("Il s’écrit W suivi de 9 chiffres ; il figure sur le récépissé de la préfecture."),
)
IDENTIFIER_MISSING = Refusal(
    "organisations.identifier_missing",
    _("SIRET : il manque."),
    _("Toute organisation donne son SIRET ; seule une association peut donner à la place son numéro RNA."),
)
PHONE_WRONG = Refusal(
    "organisations.phone_wrong",
    _("Téléphone : « %(value)s » n’est pas un numéro de téléphone."),
    _("Écrivez les 10 chiffres, par exemple 06 12 34 56 78, ou l’indicatif du pays, par exemple +687 12 34 56."),
)
EMAIL_WRONG = Refusal(
    "organisations.email_wrong",
    _("Courriel : « %(value)s » n’est pas une adresse de courriel."),
    _("Elle s’écrit comme nom@exemple.fr."),
)
IBAN_WRONG = Refusal(
    "organisations.iban_wrong",
    _("IBAN : ce n’est pas un numéro de compte valable."),
    _("Recopiez les 27 caractères du relevé d’identité bancaire (RIB), qui commencent par FR."),
)
BIC_WRONG = Refusal(
    "organisations.bic_wrong",
    _("BIC : « %(value)s » n’est pas le code d’une banque de ce pays."),
    _("Recopiez le BIC du relevé d’identité bancaire (RIB) : 8 ou 11 caractères."),
)
BIC_MISSING = Refusal(
    "organisations.bic_missing",
    _("BIC : on ne peut pas le déduire de cet IBAN."),
    _("Recopiez le BIC du relevé d’identité bancaire (RIB)."),
)

#: What an organisation must do for a person to hold a role in it; the roles left out may be held anywhere.
KIND_OF_ROLE: dict[Role, tuple[str, ...]] = {
    Role.FUNDER: ("is_funder",),
    Role.COORDINATOR: ("is_coordinator", "is_funder"),
    Role.PRESCRIBER: ("is_prescriber",),
    Role.OPERATOR_MANAGER: ("is_operator",),
    Role.MEDIATOR: ("is_operator",),
}

TOKEN_PREFIX = "poincon_"  # noqa: S105  lets secret scanners recognise a leaked token; the secret comes after
TOKEN_BYTES = 32

_RNA = re.compile(r"W\d{9}")
_SPACES = re.compile(r"[\s.]")
_PHONE_MARKS = re.compile(r"[\s.\-/()]")
# Overseas départements share the national numbering: +262 692 12 34 56 is dialled 0692 12 34 56 (ARCEP numbering plan).
_NATIONAL = re.compile(r"(?:\+33|\+262|\+590|\+594|\+596)0?([1-9]\d{8})|0([1-9]\d{8})")
_ABROAD = re.compile(r"\+(?!33)[1-9]\d{6,13}")
_PACIFIC = re.compile(r"(\+(?:508|681|687|689))(\d{6}|\d{8})")
_SHORT = re.compile(r"[13]\d{3}")


def _checked(validate: Callable[[str], Any], value: str, refusal: Refusal) -> str:
    try:
        return str(validate(value))
    except WrongNumber:
        raise refusal.filled(value=value) from None


def valid_siret(value: str) -> str:
    """The 14 digits, without spaces. Raises ``organisations.siret_wrong``.

    Check digits as INSEE defines them, with La Poste's exception.
    """
    return _checked(siret_number.validate, value, SIRET_WRONG)


def valid_siren(value: str) -> str:
    """The 9 digits, without spaces. Raises ``organisations.siren_wrong``."""
    return _checked(siren_number.validate, value, SIREN_WRONG)


def valid_rna(value: str) -> str:
    """The number of an association in the national register (RNA), ``W`` and 9 digits. Raises ``rna_wrong``."""
    compact = _SPACES.sub("", value).upper()
    if not _RNA.fullmatch(compact):
        raise RNA_WRONG.filled(value=value)
    return compact


def identifiers(*, legal_form: str, siret: str = "", siren: str = "", rna: str = "") -> dict[str, str]:
    """The checked numbers of an organisation; the SIREN is deduced from the SIRET.

    The refusals name the field. Only an association may go without SIRET: its RNA number then identifies it.
    """
    siret, siren, rna = siret and valid_siret(siret), siren and valid_siren(siren), rna and valid_rna(rna)
    if siret and siren and not siret.startswith(siren):
        raise SIREN_NOT_OF_SIRET.filled(siren=siren, siret=siret)
    if not siret and not (rna and legal_form == LegalForm.ASSOCIATION):
        raise IDENTIFIER_MISSING.filled()
    return {"siret": siret, "siren": siren or siret[:9], "rna": rna}


def normalise_phone(value: str) -> str:
    """A person's telephone number in its one French spelling: ``06 12 34 56 78``. Raises ``organisations.phone_wrong``.

    Numbers of the overseas départements are national ones; those of the Pacific, of Saint-Pierre-et-Miquelon and of
    other countries keep their prefix (``+687 12 34 56``, ``+3227861234``). Empty stays empty.
    """
    spelled = _spelled_phone(value)
    if spelled is None or spelled.startswith("08"):
        raise PHONE_WRONG.filled(value=value)
    return spelled


def normalise_public_phone(value: str) -> str:
    """The number of a desk: what a person may have, and the special numbers (``08 …``, ``39 49``)."""
    compact = _PHONE_MARKS.sub("", value)
    spelled = _in_pairs(compact) if _SHORT.fullmatch(compact) else _spelled_phone(value)
    if spelled is None:
        raise PHONE_WRONG.filled(value=value)
    return spelled


def _spelled_phone(value: str) -> str | None:
    compact = re.sub(r"^00", "+", _PHONE_MARKS.sub("", value.replace("(0)", "")))
    if not compact:
        return ""
    if national := _NATIONAL.fullmatch(compact):
        return _in_pairs("0" + (national[1] or national[2]))
    if pacific := _PACIFIC.fullmatch(compact):
        return f"{pacific[1]} {_in_pairs(pacific[2])}"
    return compact if _ABROAD.fullmatch(compact) else None


def _in_pairs(digits: str) -> str:
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def normalise_email(value: str) -> str:
    """The address in lower case. Raises ``organisations.email_wrong``. Empty stays empty."""
    compact = value.strip().lower()
    try:
        if compact:
            validate_email(compact)
    except ValidationError:
        raise EMAIL_WRONG.filled(value=value) from None
    # RFC 5321 lets an address be 254 characters long: our columns hold no more.
    if len(compact) > 254:
        raise EMAIL_WRONG.filled(value=value)
    return compact


def valid_account(iban: str, bic: str = "") -> tuple[str, str]:
    """The compact IBAN and the BIC of its bank, deduced when it is not given. The refusals name the field.

    A refused IBAN is never repeated in the message: it could be somebody's real one with a typing mistake.
    """
    try:
        account = IBAN(iban)
    except SchwiftyException:
        raise IBAN_WRONG.filled() from None
    return account.compact, _valid_bic(account, bic)


def _valid_bic(account: IBAN, bic: str) -> str:
    if not bic.strip():
        if account.bic is None:
            raise BIC_MISSING.filled()
        return account.bic.compact
    try:
        given = BIC(bic)
    except SchwiftyException:
        raise BIC_WRONG.filled(value=bic) from None
    if given.country_code != account.country_code:
        raise BIC_WRONG.filled(value=bic)
    return given.compact


def device_token(secret: bytes) -> str:
    """The token of a device, from 32 random bytes, in characters that need no escaping in a header or an address."""
    return TOKEN_PREFIX + base64.urlsafe_b64encode(secret).decode().rstrip("=")
