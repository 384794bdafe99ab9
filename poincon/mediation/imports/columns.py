"""The table of a network: which columns it has, under which headings, and what each row says. No database.

Its own headings are French; the columns of the national standard "lieux de médiation numérique" (v1.0.2) are read too.
Address, town, phone and e-mail are those of the place when the row has one, else those of the organisation.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from poincon.kernel.refusals import Refusal, Text
from poincon.kernel.texts import text_within
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.rules import normalise_email, normalise_public_phone, valid_rna, valid_siret

Value = TypeVar("Value")

#: Field → the heading of our own template: that of the language of the page; all of them are read.
HEADINGS = {
    "organisation": gettext_lazy("Organisation"),
    "legal_form": gettext_lazy("Forme juridique"),
    "siret": gettext_lazy("SIRET"),
    "rna": gettext_lazy("RNA"),
    "does": pgettext_lazy("heading of a table: what an organisation does", "Fait"),
    "venue": gettext_lazy("Lieu"),
    "itinerant": pgettext_lazy("heading of a table", "Itinérant"),
    "address": gettext_lazy("Adresse"),
    "insee_code": gettext_lazy("Code INSEE"),
    "postal_code": gettext_lazy("Code postal"),
    "commune": gettext_lazy("Commune"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "phone": gettext_lazy("Téléphone"),
    "email": gettext_lazy("Courriel"),
    "person": gettext_lazy("Nom et prénom"),
    "person_email": gettext_lazy("Courriel de la personne"),
    "role": gettext_lazy("Rôle"),
}
#: Other headings that are read, reduced as ``_key`` does; those of the national standard first.
ALIASES = {
    "nom": "venue",
    "pivot": "pivot",
    "structure parente": "organisation",
    "courriels": "email",
    "itinerance": "itinerant",
    "structure": "organisation",
    "nom de l organisation": "organisation",
    "nom du lieu": "venue",
    "numero rna": "rna",
    "insee": "insee_code",
    "code commune": "insee_code",
    "cp": "postal_code",
    "ville": "commune",
    "telephone du lieu": "phone",
    "adresse e mail": "email",
    "email": "email",
    "personne": "person",
    "email de la personne": "person_email",
    "courriel personne": "person_email",
}
#: Columns of the standard that say nothing this import keeps.
STANDARD_LEFT_OUT = frozenset(
    {
        "id",
        "complement_adresse",
        "typologie",
        "site_web",
        "horaires",
        "presentation_resume",
        "presentation_detail",
        "source",
        "date_maj",
        "services",
        "publics_specifiquement_adresses",
        "prise_en_charge_specifique",
        "frais_a_charge",
        "dispositif_programmes_nationaux",
        "formations_labels",
        "autres_formations_labels",
        "modalites_acces",
        "modalites_accompagnement",
        "fiche_acces_libre",
        "prise_rdv",
    }
)
#: What an organisation does and who may be invited, in the words of a table; money and steering are given one by one.
KINDS = {
    "finance": "is_funder",
    "coordonne": "is_coordinator",
    "prescrit": "is_prescriber",
    "prescripteur": "is_prescriber",
    "opere": "is_operator",
    "operateur": "is_operator",
    "mediation": "is_operator",
    "funds": "is_funder",
    "coordinates": "is_coordinator",
    "prescribes": "is_prescriber",
    "operates": "is_operator",
}
ROLES = {
    "prescripteur": Role.PRESCRIBER,
    "prescriptrice": Role.PRESCRIBER,
    "responsable": Role.OPERATOR_MANAGER,
    "responsable d operateur": Role.OPERATOR_MANAGER,
    "mediateur": Role.MEDIATOR,
    "mediatrice": Role.MEDIATOR,
    "mediateur numerique": Role.MEDIATOR,
    "prescriber": Role.PRESCRIBER,
    "manager": Role.OPERATOR_MANAGER,
    "mediator": Role.MEDIATOR,
}
YES_NO = {
    "": False,
    "non": False,
    "no": False,
    "yes": True,
    "fixe": False,
    "oui": True,
    "itinerant": True,
    "fixe itinerant": True,
    "x": True,
}
LONGEST = {"organisation": 200, "venue": 200, "address": 200, "person": 150}


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one row: its number in the file (headings are line 1), the heading of the column, the fault."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        place = _("ligne %(line)d") % {"line": self.line}
        return f"{place}, {self.column} : {self.text}" if self.column else f"{place} : {self.text}"


@dataclass(frozen=True)
class NetworkRow:
    """What one row says, checked, in its one spelling. ``kinds`` are fields of an organisation (``is_operator``…)."""

    line: int
    organisation: str
    legal_form: LegalForm
    siret: str
    rna: str
    kinds: frozenset[str]
    venue: str
    itinerant: bool
    address: str
    insee_code: str
    postal_code: str
    commune: str
    latitude: float | None
    longitude: float | None
    phone: str
    email: str
    person: str
    person_email: str
    role: Role | None


def template_headings() -> tuple[str, ...]:
    """The headings of the table to fill in, in order."""
    return tuple(map(str, HEADINGS.values()))


def ignored_headings(headings: Iterable[str]) -> tuple[str, ...]:
    """The headings that this import does not know: shown, so that a mistyped one is seen."""
    known = {*known_headings(), *map(_key, STANDARD_LEFT_OUT)}
    return tuple(heading for heading in headings if _key(heading) not in known)


def names_organisations(headings: Iterable[str]) -> bool:
    """Whether a column says the name of an organisation, or of a place, which stands for its own."""
    return bool({known_headings().get(_key(heading)) for heading in headings} & {"organisation", "venue"})


def read_network_rows(rows: Sequence[Mapping[str, str]]) -> tuple[list[NetworkRow], list[RowProblem]]:
    """The rows that can be read, and every fault of the others: one per row and column. Empty rows are left out."""
    read, problems = list[NetworkRow](), list[RowProblem]()
    for line, row in enumerate(rows, 2):
        values = _by_field(row)
        if not any(values.values()):
            continue
        faults = list[RowProblem]()
        found = _row(line, values, faults)
        problems += faults
        if not faults:
            read.append(found)
    return read, problems


def _key(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading.lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


@cache
def known_headings() -> dict[str, str]:
    """What each heading means, reduced as ``_key`` does: those of our template in every language, and the others."""
    return {**_in_every_language(HEADINGS), **ALIASES}


def _in_every_language(words: Mapping[Value, Text]) -> dict[str, Value]:
    """What each of these words stands for, in whichever language of the site it is written."""
    read = dict[str, Value]()
    for language, _name in settings.LANGUAGES:
        with override(language):
            read |= {_key(str(word)): value for value, word in words.items()}
    return read


def _by_field(row: Mapping[str, str]) -> dict[str, str]:
    values = dict.fromkeys([*HEADINGS, "pivot"], "")
    for heading, cell in row.items():
        field = known_headings().get(_key(heading))
        if field and cell.strip():
            values[field] = cell.strip()
    _from_the_standard(values)
    return values


def _from_the_standard(values: dict[str, str]) -> None:
    """The standard gives one number (SIRET, or RNA without one) and, often, only the name of the place."""
    pivot = values.pop("pivot")
    if pivot and not values["siret"] and not values["rna"]:
        values["rna" if pivot.upper().startswith("W") else "siret"] = pivot
    values["organisation"] = values["organisation"] or values["venue"]
    values["email"] = re.split(r"[|;]", values["email"])[0].strip()


def _row(line: int, values: Mapping[str, str], faults: list[RowProblem]) -> NetworkRow:
    def checked(field: str, check: Callable[[str], Any], stand_in: Any) -> Any:
        try:
            return check(values[field])
        except Refusal as refusal:
            # The sentence of a refusal names its field: the column says it already.
            faults.append(
                RowProblem(line, str(HEADINGS[field]), str(refusal.sentence).partition(" : ")[2] or str(refusal))
            )
        except ValueError as fault:
            faults.append(RowProblem(line, str(HEADINGS[field]), str(fault)))
        return stand_in

    texts = {field: checked(field, partial(text_within, most, HEADINGS[field]), "") for field, most in LONGEST.items()}
    if not values["organisation"]:
        faults.append(RowProblem(line, str(HEADINGS["organisation"]), _("il manque.")))
    siret = checked("siret", lambda text: valid_siret(_padded(text, 14)) if text else "", "")
    rna = checked("rna", lambda text: valid_rna(text) if text else "", "")
    role = checked("role", _role, None)
    kinds = checked("does", _kinds, frozenset())
    found = NetworkRow(
        line=line,
        organisation=texts["organisation"],
        legal_form=checked("legal_form", lambda text: _legal_form(text, siret, rna), LegalForm.OTHER),
        siret=siret,
        rna=rna,
        kinds=kinds or _implied(values["venue"], role),
        venue=texts["venue"],
        itinerant=checked("itinerant", _yes_no, False),
        address=texts["address"],
        insee_code=_padded(values["insee_code"].upper()),
        postal_code=_padded(values["postal_code"]),
        commune=values["commune"],
        latitude=checked("latitude", lambda text: _degrees(text, 90), None),
        longitude=checked("longitude", lambda text: _degrees(text, 180), None),
        phone=checked("phone", normalise_public_phone, ""),
        email=checked("email", normalise_email, ""),
        person=texts["person"],
        person_email=checked("person_email", normalise_email, ""),
        role=role,
    )
    faults += _together(found, {fault.column for fault in faults})
    return found


def _together(row: NetworkRow, at_fault: set[str]) -> list[RowProblem]:
    """What is missing beside what is there; not beside a column whose own fault was said."""
    missing = [
        ("insee_code", bool(row.venue) and not (row.insee_code or row.commune)),
        ("does", not row.kinds),
        ("latitude", row.latitude is None and row.longitude is not None),
        ("longitude", row.longitude is None and row.latitude is not None),
        ("person_email", bool(row.person) and not row.person_email),
        ("role", bool(row.person_email) and row.role is None),
        ("person", bool(row.person_email) and not row.person),
    ]
    return [
        RowProblem(row.line, str(HEADINGS[field]), _("il manque."))
        for field, is_missing in missing
        if is_missing and str(HEADINGS[field]) not in at_fault
    ]


def _implied(venue: str, role: Role | None) -> frozenset[str]:
    kinds = {"is_operator"} if venue or role in {Role.MEDIATOR, Role.OPERATOR_MANAGER} else set()
    return frozenset(kinds | ({"is_prescriber"} if role is Role.PRESCRIBER else set()))


def _kinds(text: str) -> frozenset[str]:
    words = [_key(word) for word in re.split(r"[,;|/+]", text) if word.strip()]
    unknown = [word for word in words if word not in KINDS]
    if unknown:
        raise ValueError(_("« %(word)s » : écrivez prescrit, opère, coordonne.") % {"word": ", ".join(unknown)})
    return frozenset(KINDS[word] for word in words)


def _role(text: str) -> Role | None:
    if not text:
        return None
    if _key(text) not in ROLES:
        raise ValueError(_("« %(word)s » : écrivez prescripteur, responsable ou médiateur.") % {"word": text})
    return ROLES[_key(text)]


def _legal_form(text: str, siret: str, rna: str) -> LegalForm:
    if text:
        known = _in_every_language({form: form.label for form in LegalForm}) | {
            _key(one.value): one for one in LegalForm
        }
        if _key(text) not in known:
            choices = ", ".join(str(form.label) for form in LegalForm)
            raise ValueError(_("« %(word)s » : choisissez parmi %(choices)s.") % {"word": text, "choices": choices})
        return known[_key(text)]
    # The SIREN of the State and its bodies begins with 1, that of local authorities and theirs with 2 (INSEE).
    by_number = {"1": LegalForm.PUBLIC_BODY, "2": LegalForm.LOCAL_AUTHORITY}
    return LegalForm.ASSOCIATION if rna and not siret else by_number.get(siret[:1], LegalForm.OTHER)


def _yes_no(text: str) -> bool:
    if _key(text) not in YES_NO:
        raise ValueError(_("« %(word)s » : écrivez oui ou non.") % {"word": text})
    return YES_NO[_key(text)]


def _degrees(text: str, most: int) -> float | None:
    if not text:
        return None
    try:
        degrees = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(_("« %(word)s » n’est pas un nombre de degrés.") % {"word": text}) from None
    if not -most <= degrees <= most:
        raise ValueError(_("de -%(most)d à %(most)d degrés.") % {"most": most})
    return degrees


def _padded(code: str, length: int = 5) -> str:
    """Spreadsheets drop the zero at the head of a code: 1000 is 01000."""
    return code.zfill(length) if code.isdecimal() and len(code) == length - 1 else code
