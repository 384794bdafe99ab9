"""What may be asked of a person, what must never be written, who is the same person. No database."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from poincon.beneficiaries.enums import Gender, Situation
from poincon.kernel.refusals import Refusal
from poincon.kernel.texts import text_within
from poincon.organisations.rules import normalise_email, normalise_phone
from poincon.programmes.enums import IdentityLevel

NIR_FOUND = Refusal(
    "beneficiaries.social_security_number",
    _("%(field)s : cela ressemble à un numéro de sécurité sociale, qui ne doit être écrit nulle part ici."),
    _("Effacez-le : Poinçon n’en a jamais besoin."),
)
NOT_ASKED = Refusal(
    "beneficiaries.not_asked",
    _("%(field)s : ce dispositif ne le demande pas."),
    _("Laissez ce champ vide : on ne garde que ce qui est utile."),
)
MISSING = Refusal(
    "beneficiaries.missing",
    _("%(field)s : il manque, et ce dispositif le demande."),
    _("Demandez-le à la personne."),
)
CONTACT_MISSING = Refusal(
    "beneficiaries.contact_missing",
    _("Téléphone, courriel : il faut l’un des deux."),
    _("Si la personne n’en a pas, donnez ceux de son référent."),
)
BIRTH_WRONG = Refusal(
    "beneficiaries.birth_wrong",
    _("%(field)s : « %(value)s » n’est pas possible."),
    _("Relisez-la avec la personne."),
)
NOT_IN_LIST = Refusal(
    "beneficiaries.not_in_list",
    _("%(field)s : « %(value)s » n’est pas dans la liste."),
    _("Choisissez parmi : %(choices)s."),
)

FIELDS = {
    "first_name": _("Prénom"),
    "last_name": _("Nom"),
    "birth_date": _("Date de naissance"),
    "birth_year": _("Année de naissance"),
    "gender": _("Genre"),
    "phone": _("Téléphone"),
    "email": _("Courriel"),
    "commune": _("Commune"),
    "proof": _("Justificatif vu"),
    "proof_date": _("Date du justificatif"),
    "situation": _("Situation"),
    "public": _("Public"),
    "reason": _("Motif"),
}

#: Commune, birth year, gender and situation are asked at every level; these depend on it (domain, "People's data").
REFUSED_AT = {
    IdentityLevel.ANONYMOUS: ("first_name", "last_name", "birth_date", "phone", "email"),
    IdentityLevel.CONTACT: ("last_name", "birth_date", "email"),
    IdentityLevel.IDENTIFIED: (),
}
REQUIRED_AT = {
    IdentityLevel.ANONYMOUS: (),
    IdentityLevel.CONTACT: ("first_name", "phone"),
    IdentityLevel.IDENTIFIED: ("first_name", "last_name", "birth_date"),
}
LONGEST = {"first_name": 80, "last_name": 80, "email": 254, "proof": 200, "reason": 300}
EARLIEST_BIRTH = 1900


@dataclass(frozen=True)
class Identity:
    """What a person told of itself. Everything may be left out; the programme says what it needs."""

    first_name: str = ""
    last_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    gender: str = Gender.NOT_STATED
    phone: str = ""
    email: str = ""

    def values(self) -> dict[str, object]:
        return dict(vars(self))


def checked_identity(identity: Identity, *, level: IdentityLevel, today: date) -> Identity:
    """The identity in its one spelling, if it is what this level asks: no less, and no more.

    Raises a refusal that names the field (section "People's data" of the domain).
    """
    values = identity.values()
    for field in ("first_name", "last_name", "phone", "email"):
        refuse_nir(field, str(values[field]))
    for field in REFUSED_AT[level]:
        if values[field]:
            raise NOT_ASKED.filled(field=FIELDS[field])
    for field in REQUIRED_AT[level]:
        if not str(values[field] or "").strip():
            raise MISSING.filled(field=FIELDS[field])
    for field in ("first_name", "last_name", "email"):
        refuse_long(field, str(values[field]))
    spelled = Identity(
        first_name=_spaced(identity.first_name),
        last_name=_spaced(identity.last_name),
        birth_date=identity.birth_date,
        birth_year=_birth_year(identity, today),
        gender=in_list("gender", identity.gender, Gender.values),
        phone=normalise_phone(identity.phone),
        email=normalise_email(identity.email),
    )
    if level is IdentityLevel.IDENTIFIED and not (spelled.phone or spelled.email):
        raise CONTACT_MISSING.filled()
    return spelled


def _birth_year(identity: Identity, today: date) -> int | None:
    day, year = identity.birth_date, identity.birth_year
    if day is not None and not (day.year >= EARLIEST_BIRTH and day <= today):
        raise BIRTH_WRONG.filled(field=FIELDS["birth_date"], value=day.strftime("%d/%m/%Y"))
    if year is not None and not EARLIEST_BIRTH <= year <= today.year:
        raise BIRTH_WRONG.filled(field=FIELDS["birth_year"], value=year)
    if day is not None and year is not None and day.year != year:
        raise BIRTH_WRONG.filled(field=FIELDS["birth_year"], value=year)
    return day.year if day is not None else year


def in_list(field: str, value: str, choices: list[str]) -> str:
    """The value, if it is one of the list's. Raises ``beneficiaries.not_in_list``."""
    if value not in choices:
        raise NOT_IN_LIST.filled(field=FIELDS[field], value=value, choices=", ".join(choices))
    return value


def checked_situation(value: str) -> str:
    """The social situation, one of the list. Raises ``beneficiaries.not_in_list``."""
    return in_list("situation", value, Situation.values)


def refuse_long(field: str, text: str) -> None:
    """Raise ``text_too_long`` above what the field keeps, ``text_unreadable`` for what no database keeps."""
    text_within(LONGEST[field], FIELDS[field], text)


# --- the social security number ---------------------------------------------------------------------------------------

_SEPARATOR = r"[\s.\-/]*"
# Sex, year, month, département (2A and 2B in Corsica), then 6 digits: the 13 characters before the key (INSEE).
_PARTS = [r"[123478]", r"\d", r"\d", r"[0-9]", r"\d", r"\d", r"[0-9ABab]", *[r"\d"] * 6]
_NIR = re.compile(
    rf"(?<!\d)(?=({_SEPARATOR.join(_PARTS)})(?!\d)|({_SEPARATOR.join([*_PARTS, *[r'[0-9]'] * 2])})(?!\d))"
)
_CORSICA = {"2A": "19", "2B": "18"}


def contains_nir(text: str) -> bool:
    """Whether a French social security number (NIR), of 13 digits or of 15 with its key, stands in a text.

    Spaces, dots and hyphens do not hide it. With a key, the key must be right; without, the number must be plausible.
    """
    return any(_is_nir(_bare(group)) for found in _NIR.finditer(text) for group in found.groups() if group)


def refuse_nir(field: str, text: str) -> None:
    """Raise ``beneficiaries.social_security_number`` if one stands in this field."""
    if contains_nir(text):
        raise NIR_FOUND.filled(field=FIELDS[field])


def _bare(text: str) -> str:
    return re.sub(_SEPARATOR, "", text).upper()


def _is_nir(number: str) -> bool:
    departement, month = number[5:7], int(number[3:5])
    if not (departement.isdigit() or departement in _CORSICA) or departement == "00":
        return False
    # Months above 12 stand for a birth month that is not known (INSEE: 20, 30 to 42, 50 to 99).
    if not (1 <= month <= 12 or month == 20 or 30 <= month <= 42 or month >= 50):
        return False
    digits = number[:5] + _CORSICA.get(departement, departement) + number[7:]
    return len(digits) == 13 or 97 - int(digits[:13]) % 97 == int(digits[13:])


# --- the same person --------------------------------------------------------------------------------------------------


def comparable_name(text: str) -> str:
    """A name without accents, case, hyphens or doubled spaces: two spellings of it are then equal."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"[\u0300-\u036f]", "", plain)).split())


def short_name(first_name: str, last_name: str) -> str:
    """What an operator sees of a person: ``Marie L.`` (section "People's data" of the domain)."""
    initial = f"{last_name.strip()[0].upper()}." if last_name.strip() else ""
    return f"{first_name.strip()} {initial}".strip()


def _spaced(text: str) -> str:
    return " ".join(text.split())
