"""What is printed: plain values, checked when they are made, so that nothing wrong reaches a printer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from poincon.kernel.colours import WHITE, contrast, is_colour
from poincon.kernel.documents import DocumentError

MAXIMUM_SIZE = 20
"""Passes of one booklet. Beyond, it no longer fits an envelope: print two booklets."""

MAXIMUM_PLACES = 6
"""Places of one letter: all that large print leaves room for. The caller gives the nearest."""

LONGEST = {"name": 80, "phone": 24, "referent": 60, "email": 80, "welcome_text": 600}
"""Characters of each text of a programme that paper holds; those of the letter, all paragraphs together."""

TEXT_CONTRAST = 4.5  # WCAG 2.1, 1.4.3
SHAPE_CONTRAST = 3.0  # WCAG 2.1, 1.4.11


def contrast_on_paper(colour: str) -> float:
    """Contrast ratio of `#rrggbb` with white (1 to 21). Raises DocumentError if it is not a colour."""
    if not is_colour(colour):
        raise DocumentError(f"« {colour} » n’est pas une couleur : écrivez-la sous la forme #1b2f5b.")
    return contrast(colour, WHITE)


def _check_length(label: str, text: str, limit: int, *, required: bool = True) -> None:
    if required and not text.strip():
        raise DocumentError(f"{label} : ce texte est vide.")
    if len(text) > limit:
        raise DocumentError(f"{label} : {len(text)} caractères, {limit} au plus pour rester lisible une fois imprimé.")


@dataclass(frozen=True, slots=True)
class Scheme:
    """The scheme as the public sees it: its name, its colours (`#rrggbb`, checked for contrast), whom to call."""

    name: str
    funder_name: str
    phone: str
    referent: str
    email: str = ""
    public_url: str = ""
    logo_svg: str | None = None
    ink: str = "#1b2f5b"
    accent: str = "#a3541f"
    languages: Sequence[str] = ()

    def __post_init__(self) -> None:
        _check_length("Nom du dispositif", self.name, LONGEST["name"])
        _check_length("Nom du financeur", self.funder_name, 80)
        _check_length("Téléphone", self.phone, LONGEST["phone"])
        _check_length("Référent", self.referent, LONGEST["referent"])
        _check_length("Adresse électronique", self.email, LONGEST["email"], required=False)
        _check_length("Adresse du site", self.public_url, 80, required=False)
        _check_length("Langues", ", ".join(self.languages), 120, required=False)
        if contrast_on_paper(self.ink) < TEXT_CONTRAST:
            raise DocumentError(f"La couleur des textes {self.ink} est trop claire pour être lue sur du papier.")
        if contrast_on_paper(self.accent) < SHAPE_CONTRAST:
            raise DocumentError(f"La couleur d’accent {self.accent} est trop claire pour être vue sur du papier.")


@dataclass(frozen=True, slots=True)
class Place:
    """A place where the passes are accepted; `details` says in a few words when, or how far."""

    name: str
    address: str
    phone: str = ""
    details: str = ""

    def __post_init__(self) -> None:
        _check_length("Nom du lieu", self.name, 80)
        _check_length("Adresse du lieu", self.address, 120)
        _check_length("Téléphone du lieu", self.phone, 24, required=False)
        _check_length("Précisions sur le lieu", self.details, 90, required=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter given with the booklet. Empty fields take the default words of the template.

    `organisation` hands the booklet over (with its `contact`: name of the person, phone, address, one per line);
    `places` are the nearest, six at most; `paragraphs` replace the opening words (600 characters in all).
    """

    organisation: str = ""
    contact: Sequence[str] = ()
    paragraphs: Sequence[str] = ()
    bring: Sequence[str] = ()
    places: Sequence[Place] = ()

    def __post_init__(self) -> None:
        _check_length("Structure qui remet le chéquier", self.organisation, 80, required=False)
        _check_length("Courrier", "".join(self.paragraphs), LONGEST["welcome_text"], required=False)
        for line in self.contact:
            _check_length("Contact du courrier", line, 80)
        for line in self.bring:
            _check_length("À apporter", line, 80)
        if len(self.contact) > 4 or len(self.bring) > 4:
            raise DocumentError("Le courrier a au plus quatre lignes de contact et quatre choses à apporter.")
        if len(self.places) > MAXIMUM_PLACES:
            raise DocumentError(f"Le courrier nomme au plus {MAXIMUM_PLACES} lieux, les plus proches.")


@dataclass(frozen=True, slots=True)
class BookletContent:
    """One booklet to print.

    `codes[0]` is the cover's, `codes[1:]` the passes' (upper-case URLs). `number` is already grouped
    (`4829 1570 363Q`). `value_text` is what one pass is worth: `10 €`, `2 heures`. `pass_labels` replace
    `Pass 3 sur 10`; `use_text` says in a few words what a pass buys. `programme`, `territory` and `publics` say who it
    is for and where.
    """

    number: str
    batch_label: str
    size: int
    codes: Sequence[str]
    value_text: str
    valid_from: date
    valid_until: date
    programme: str = ""
    territory: str = ""
    publics: Sequence[str] = ()
    pass_labels: Sequence[str] = ()
    use_text: str = "Pour vos ateliers numériques"
    letter: Letter = field(default_factory=Letter)

    def __post_init__(self) -> None:
        where = f"Chéquier {self.number}"
        if not 1 <= self.size <= MAXIMUM_SIZE:
            raise DocumentError(f"{where} : {self.size} pass, il en faut de 1 à {MAXIMUM_SIZE}.")
        if len(self.codes) != self.size + 1:
            raise DocumentError(
                f"{where} : {len(self.codes)} codes, il en faut {self.size + 1} (la couverture d’abord)."
            )
        if len(set(self.codes)) != len(self.codes):
            raise DocumentError(f"{where} : deux pass portent le même code.")
        if self.pass_labels and len(self.pass_labels) != self.size:
            raise DocumentError(f"{where} : {len(self.pass_labels)} libellés pour {self.size} pass.")
        if self.valid_until < self.valid_from:
            raise DocumentError(f"{where} : la validité finit avant de commencer.")
        _check_length("Numéro", self.number, 24)
        _check_length("Repère du lot", self.batch_label, 60, required=False)
        _check_length("Valeur d’un pass", self.value_text, 24)
        _check_length("Usage d’un pass", self.use_text, 60, required=False)
        _check_length("Programme", self.programme, 80, required=False)
        _check_length("Territoire", self.territory, 80, required=False)
        _check_length("Publics", ", ".join(self.publics), 160, required=False)
        for label in self.pass_labels:
            _check_length("Libellé d’un pass", label, 40)

    def label(self, position: int) -> str:
        """The words beside the code of one pass (position from 1)."""
        return self.pass_labels[position - 1] if self.pass_labels else f"Pass {position} sur {self.size}"
