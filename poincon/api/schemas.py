"""What the API says it takes and gives: for its documentation, and for those who write other scanners.

Scans are read by ``reading`` and verdicts are sent as the texts that are kept; tests hold these descriptions to both.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from poincon.api.reading import LARGEST_ID, LONGEST_CODE, MOST_SCANS, moment, printable
from poincon.programmes.models.programme import LARGEST_BOOKLET

MOMENT = "2026-03-04T10:00:00+01:00"
SCAN_ID = "0190a6e0-1c5b-7c3e-9d2f-3a5b7c9d1e2f"


def _read_moment(value: Any) -> datetime | None:
    """As in a scan: the checker of types alone would take « 2026 » for a number of seconds."""
    try:
        return None if value is None else moment(value)
    except ValueError:
        raise PydanticCustomError("datetime", "a date and time with its zone") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_read_moment)]


class ScanItem(Schema):
    """Un poinçon."""

    id: UUID = Field(description="Donné par l’appareil ; le rejouer rend la première réponse", examples=[SCAN_ID])
    code: str = Field(
        min_length=1,
        max_length=LONGEST_CODE,
        description="Texte scanné, ou numéro tapé",
        examples=["4829 1570 363Q", "4829 1570 363Q - 07"],
    )
    passes: int | None = Field(
        None, ge=1, le=LARGEST_BOOKLET, description="Par défaut : le prix du service, ou le pass scanné"
    )
    venue: int = Field(ge=1, le=LARGEST_ID, description="Identifiant d’un lieu de l’opérateur", examples=[12])
    service: str = Field(min_length=1, description="Code du service", examples=["courriel"])
    occurred_at: Moment = Field(description="Heure de l’appareil, avec son fuseau", examples=[MOMENT])
    mediator: int | None = Field(
        None, ge=1, le=LARGEST_ID, description="Par défaut : la personne qui a enrôlé l’appareil"
    )


class ScanBatch(Schema):
    """Des poinçons, dans l’ordre où ils ont eu lieu."""

    scans: list[ScanItem] = Field(min_length=1, max_length=MOST_SCANS)


class VerdictBooklet(Schema):
    """Le chéquier, après le poinçon."""

    number: str
    size: int
    left: int = Field(description="Pass remis et encore inutilisés")
    valid_until: str = Field(description="Dernier jour de validité, avant les jours de grâce")


class Verdict(Schema):
    """La réponse à un poinçon."""

    id: str
    outcome: Literal["accepted", "refused"]
    reason: str | None = Field(description="Code stable du refus")
    message: str = Field(description="Ce qui s’est passé, à lire à voix haute")
    next_step: str = Field(description="Que faire maintenant ; vide s’il n’y a rien à faire")
    booklet: VerdictBooklet | None
    positions: list[int] = Field(description="Les pass utilisés par ce poinçon")


class Verdicts(Schema):
    """Une réponse par poinçon, dans le même ordre."""

    results: list[Verdict]


class AnnulRequest(BaseModel):  # not a Schema, which takes any object for an empty one
    """Pourquoi et quand annuler ; tout est facultatif."""

    reason: str = Field("", max_length=300, description="Pourquoi, en quelques mots")
    occurred_at: Moment | None = Field(
        None, description="Heure de l’appareil, si l’annulation a attendu hors ligne", examples=[MOMENT]
    )

    @property
    def reason_kept(self) -> str:
        """The reason as a database can keep it."""
        return printable(self.reason)


class Annulled(Schema):
    """Un poinçon annulé : ses pass redeviennent utilisables."""

    id: UUID
    annulled_at: datetime
    number: str
    left: int
    positions: list[int]


class DeviceEnded(Schema):
    """Un appareil qui ne poinçonne plus."""

    id: int
    label: str
    ended_at: datetime


class TestedBooklet(Schema):
    """Un chéquier, sans l’utiliser."""

    number: str
    size: int
    left: int = Field(description="Pass remis et encore inutilisés")
    valid_until: str = Field(description="Dernier jour de validité, avant les jours de grâce")
    position: int = Field(description="Le pass présenté, 0 pour tout le chéquier")
    positions_used: list[int]
    usable: bool
    reason: str | None = Field(description="Pourquoi un poinçon d’aujourd’hui serait refusé, où que ce soit")
    message: str
    next_step: str
    programme: str


class StateKey(Schema):
    """Une clé qui signe les codes imprimés."""

    id: str = Field(description="Huit caractères hexadécimaux, octets 1 à 4 du code")
    public_key: str = Field(description="Clé publique Ed25519, en hexadécimal")
    revoked: bool


class StateOffer(Schema):
    """Un service proposé dans un lieu."""

    programme: int
    service: str
    label: str
    price: int = Field(description="En pass")
    minutes: int
    ended_on: str | None = Field(description="Premier jour où il n’est plus proposé")
    refused: str | None = Field(description="Code du refus que tout poinçon de ce service recevrait ici aujourd’hui")


class StateVenue(Schema):
    """Un lieu de l’opérateur."""

    id: int
    name: str
    commune: str
    closed_on: str | None = Field(description="Premier jour de fermeture définitive")
    offers: list[StateOffer]


class Days(Schema):
    """Des jours qui se suivent, le premier et le dernier compris."""

    first_day: str
    last_day: str | None


class StateProgramme(Schema):
    """Un dispositif pour lequel l’opérateur est qualifié."""

    id: int
    code: str
    name: str
    phone: str
    time_zone: str = Field(description="Où ses jours commencent et finissent", examples=["Europe/Paris"])
    offline_max_days: int = Field(description="Jours qu’un scan peut attendre sur l’appareil ; 0 : jamais hors ligne")
    offline_max_passes: int = Field(description="Pass qu’un appareil peut garder en attente")
    max_passes_per_session: int | None
    max_passes_per_day: int | None
    suspended: list[Days] = Field(description="Quand le dispositif n’accepte aucun pass")
    qualified_from: str | None
    qualified_until: str | None
    not_qualified: list[Days] = Field(description="Quand la qualification de l’opérateur est suspendue")
    mediator: str | None = Field(description="Code du refus qu’encourt la personne de cet appareil")
    services: list[str] = Field(description="Codes des services que le dispositif paie")


class StateBatch(Schema):
    """Un lot de chéquiers utilisables. ``used`` et ``blocked`` : si l’état est complet, ou le lot nouveau."""

    id: int
    programme: int
    key: str
    quantity: int = Field(description="Chéquiers, de rang 1 à quantity")
    size: int = Field(description="Pass par chéquier")
    value: int | None = Field(description="D’un pass, en centimes")
    minutes: int | None = Field(description="D’un pass")
    valid_from: str
    valid_until: str
    refused_after: str = Field(description="Dernier jour de grâce")
    used: str = Field(
        "",
        description="Base 64 d’un bit par pass : (rang − 1) × size + position − 1, le plus faible en premier ; "
        "1 : utilisé",
    )
    blocked: list[int] = Field([], description="Rangs des chéquiers qui ne sont plus valables")


class ChangedBooklet(Schema):
    """Un chéquier dont l’état a changé."""

    batch: int
    rank: int
    used: str = Field(description="Ses pass utilisés, un bit par position, en hexadécimal")
    blocked: bool


class Sentence(Schema):
    """Ce qui se dit à voix haute ; une valeur à y mettre est écrite entre accolades, comme ``{day}``."""

    sentence: str
    next_step: str


class State(Schema):
    """Ce qu’un appareil garde pour vérifier hors ligne."""

    format: int
    version: str = Field(description="À redonner dans « since »", examples=[MOMENT])
    complete: bool = Field(description="Faux : seuls les chéquiers de « changed » ont changé depuis « since »")
    keys: list[StateKey]
    venues: list[StateVenue]
    programmes: list[StateProgramme]
    sentences: dict[str, Sentence] = Field(description="Par code : réponses et refus que l’appareil donne lui-même")
    batches: list[StateBatch]
    changed: list[ChangedBooklet] = []


class Fault(Schema):
    """Un champ fautif."""

    field: str
    fault: str


class Problem(Schema):
    """Une erreur, comme la décrit la RFC 9457."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:poincon:problem:invalid_request"])
    title: str = Field(description="La sorte d’erreur")
    status: int
    detail: str = Field(description="Ce qui s’est passé, à lire à voix haute")
    next_step: str = Field("", description="Que faire maintenant")
    code: str = Field(description="Stable, pour les programmes")
    faults: list[Fault] = []
