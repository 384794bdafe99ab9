"""The file of a story: what it may say, read strictly, with its programmes."""

import tomllib
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from poincon.demo.calendar import Calendar
from poincon.demo.stories import SCENARIOS
from poincon.programmes.spec import ProgrammeSpec
from poincon.programmes.specification import read_programme

Chance = Annotated[float, Field(ge=0, le=1)]
Weights = dict[str, int]


class Told(BaseModel):
    """A part of the file. An unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OrganisationTold(Told):
    key: str
    name: str
    form: str
    does: list[Literal["funds", "coordinates", "prescribes", "operates"]]
    commune: str
    address: str = ""
    phone: str = ""
    email: str = ""
    rna: str = ""


class PersonTold(Told):
    """Somebody whose name the story gives; the others are invented. Without organisation: the administrator."""

    email: str
    name: str
    role: str
    organisation: str | None = None


class VenueTold(Told):
    """``tour``: the communes an itinerant place goes to, in turn. ``offline_days``: how long it waits for a network."""

    operator: str
    name: str
    commune: str
    address: str = ""
    phone: str = ""
    weight: int = 1
    tour: tuple[str, ...] = ()
    offline_days: int = 0


class ServiceTold(Told):
    code: str
    price: int = 1
    minutes: int = 120
    weight: int = 1


class ReceiptTold(Told):
    on: date
    funder: str
    kind: Literal["cash", "commitment"]
    euros: int
    reference: str


class BatchTold(Told):
    """Without ``activated_on``, the batch stays inert."""

    ordered_on: date
    quantity: int
    size: int
    printed_on: date
    activated_on: date | None = None


class DeliveryTold(Told):
    """``batch`` counts from 1; ``missing`` booklets are not in the parcel when it arrives."""

    on: date
    received_on: date
    to: str
    batch: int
    quantity: int
    missing: int = 0


class ReturnTold(Told):
    on: date
    received_on: date
    sender: str
    quantity: int


class DestructionTold(Told):
    on: date
    quantity: int
    place: str
    method: str
    witness: str
    reason: str


class SuspensionTold(Told):
    decided_on: date
    first_day: date
    last_day: date
    reason: str


class ExtensionTold(Told):
    decided_on: date
    until: date
    reason: str


class EnlargementTold(Told):
    on: date
    name: str
    departements: list[str] = []
    epcis: list[str] = []


class PeopleTold(Told):
    """The people of a programme and what becomes of them."""

    count: int
    first_day: date
    last_day: date
    prescribers: Weights
    sizes: Weights
    publics: Weights = {}
    women: Chance = 0.5
    born: tuple[int, int] = (1940, 2000)
    never_come: Chance = 0.1
    give_up: Chance = 0.05
    days_between: tuple[int, int] = (6, 16)
    in_two_parts: Chance = 0
    lost: int = 0
    mistaken_hand_overs: int = 0


class PaymentsTold(Told):
    """Days are counted from the closing. ``rejected_in``: months one payment of which comes back."""

    method: Literal["sepa", "sepa_regie", "public_accountant"]
    prepared_after: int = 3
    approved_after: int = 5
    confirmed_after: int = 12
    rejected_in: list[date] = []
    rejection: str = "Compte clos"


class ProgrammeTold(Told):
    file: str
    created_on: date
    operators: list[str]
    partly: dict[str, list[str]] = {}
    trained_on: date | None = None
    services: list[ServiceTold]
    receipts: list[ReceiptTold] = []
    batches: list[BatchTold]
    deliveries: list[DeliveryTold]
    returns: list[ReturnTold] = []
    destructions: list[DestructionTold] = []
    suspensions: list[SuspensionTold] = []
    extensions: list[ExtensionTold] = []
    enlargements: list[EnlargementTold] = []
    people: PeopleTold
    annulments: int = 0
    late_annulments: int = 0
    incidents: Weights = {}
    payments: PaymentsTold | None = None


class ScenarioTold(Told):
    """A whole story."""

    title: str
    told_in: date
    time_zone: str = "Europe/Paris"
    seed: int
    organisations: list[OrganisationTold]
    people: list[PersonTold]
    venues: list[VenueTold]
    programmes: list[ProgrammeTold]


class Story:
    """A scenario moved to the months before ``now``, its programmes beside it."""

    def __init__(self, name: str, *, now: datetime) -> None:
        self.folder = SCENARIOS / name
        raw = tomllib.loads((self.folder / "scenario.toml").read_text(encoding="utf-8"))
        self.now = now
        zone = ZoneInfo(raw.get("time_zone", "Europe/Paris"))
        self.calendar = Calendar(now.astimezone(zone).date(), raw["told_in"], zone)
        self.told = ScenarioTold.model_validate(self.calendar.moved(raw))

    def spec(self, programme: ProgrammeTold) -> ProgrammeSpec:
        """The definition of a programme, its dates moved like the rest."""
        moved: ProgrammeSpec = _moved(read_programme(self.folder / programme.file), self.calendar)
        return moved


def _moved(spec: Any, calendar: Calendar) -> Any:
    if isinstance(spec, tuple):
        return tuple(_moved(item, calendar) for item in spec)
    if is_dataclass(spec) and not isinstance(spec, type):
        return replace(spec, **{field.name: _moved(getattr(spec, field.name), calendar) for field in fields(spec)})
    return calendar.moved(spec)
