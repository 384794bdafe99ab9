"""All that defines a programme, before it exists: what a file or a screen gives to ``create_programme``."""

from dataclasses import dataclass
from datetime import date

from poincon.kernel.money import WHOLE_BP
from poincon.programmes.enums import FunderKind, IdentityLevel


@dataclass(frozen=True)
class TerritorySpec:
    """A territory as the sum of départements (INSEE codes), EPCI (SIREN) and communes (INSEE codes)."""

    name: str
    departements: tuple[str, ...] = ()
    epcis: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicSpec:
    code: str
    label: str
    national_code: str = ""
    proof: str = ""
    open_from: date | None = None
    open_until: date | None = None


@dataclass(frozen=True)
class FundingSpec:
    """``funder`` is a SIRET, an RNA number, a SIREN or the exact name of a registered organisation."""

    funder: str
    kind: FunderKind
    share_bp: int
    reference: str = ""
    reporting_rules: str = ""
    evidence_until: date | None = None


@dataclass(frozen=True)
class LocalServiceSpec:
    """A service of this programme only, and the code of the national one it is a part of."""

    code: str
    label: str
    national: str


@dataclass(frozen=True)
class ProgrammeSpec:
    """A whole programme. Amounts in cents, shares and cover in basis points, durations in minutes.

    ``owner`` and ``lead_network`` are a SIRET, an RNA number, a SIREN or the exact name of a registered organisation.
    ``services`` None means all the published services.
    """

    code: str
    name: str
    owner: str
    starts_on: date
    ends_on: date
    lead_network: str = ""
    time_zone: str = "Europe/Paris"

    phone: str = ""
    referent: str = ""
    email: str = ""
    ink_colour: str = "#1b2a6b"
    accent_colour: str = "#a4552a"
    logo_svg: str = ""
    welcome_text: str = ""

    uses_passes: bool = True
    unit_value: int = 0
    unit_minutes: int = 0
    booklet_sizes: tuple[int, ...] = ()
    validity_months: int = 12
    grace_days: int = 30
    required_cover_bp: int = WHOLE_BP

    max_passes_per_session: int | None = None
    max_passes_per_day: int | None = None
    max_passes_per_person: int | None = None
    direct_use: bool = False
    offline_max_days: int = 7
    offline_max_passes: int = 500
    prescriber_training_required: bool = False
    mediator_training_required: bool = False
    services: tuple[str, ...] | None = None

    identity_level: IdentityLevel = IdentityLevel.ANONYMOUS
    evidence_until: date | None = None

    territories: tuple[TerritorySpec, ...] = ()
    publics: tuple[PublicSpec, ...] = ()
    fundings: tuple[FundingSpec, ...] = ()
    local_services: tuple[LocalServiceSpec, ...] = ()
