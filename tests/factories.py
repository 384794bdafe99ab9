"""Objects for tests, written straight to the database: the verbs that normally make them have their own tests.

Everything is in Creuse. Pass only what the test is about; the rest is plausible and different each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from stdnum import luhn

from poincon.beneficiaries.models import Beneficiary, CaseFile
from poincon.mediation.models import ServiceOffer, Venue
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.organisations.actors import Actor
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.models import Membership, Organisation, User
from poincon.programmes.enums import Catalogue, FunderKind, ReceiptKind
from poincon.programmes.models import Funding, FundingReceipt, Programme, Public, Service, Territory
from poincon.territories.models import Commune, Departement, Region

#: Inside every programme made here. Give it to the verbs: no test should depend on the day it runs.
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
STARTS_ON = date(2026, 1, 1)
ENDS_ON = date(2027, 12, 31)

EDITION = 2026
GUERET = "23096"
AUBUSSON = "23008"
#: In Haute-Vienne: outside the territory of the programmes made here.
LIMOGES = "87085"
TOWN_HALLS = {
    GUERET: ("Guéret", 1.8714, 46.1694),
    AUBUSSON: ("Aubusson", 2.1686, 45.9578),
    LIMOGES: ("Limoges", 1.2611, 45.8336),
}

_numbers = count(1)


def number() -> int:
    """A number no other object of this run got."""
    return next(_numbers)


def siret() -> str:
    """A SIRET with right check digits, different each time."""
    siren = f"{80_000_000 + number():08d}"
    siren += luhn.calc_check_digit(siren)
    return f"{siren}0001{luhn.calc_check_digit(siren + '0001')}"


# --- places -----------------------------------------------------------------------------------------------------------


def make_commune(code: str = GUERET) -> Commune:
    """The commune of this INSEE code, made with its département if it is not there."""
    name, longitude, latitude = TOWN_HALLS.get(code, (f"Commune {code}", None, None))
    region, _ = Region.objects.get_or_create(code="75", defaults={"name": "Nouvelle-Aquitaine", "edition": EDITION})
    departement, _ = Departement.objects.get_or_create(
        code=code[:2], defaults={"name": f"Département {code[:2]}", "region": region, "edition": EDITION}
    )
    commune, _ = Commune.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "search_name": name.lower(),
            "departement": departement,
            "population": 1000,
            "longitude": longitude,
            "latitude": latitude,
            "edition": EDITION,
        },
    )
    return commune


# --- organisations and people -----------------------------------------------------------------------------------------


def make_organisation(**fields: Any) -> Organisation:
    """An association that operates, unless ``is_…`` fields say otherwise."""
    if not any(fields.get(f"is_{kind}") for kind in ("funder", "coordinator", "prescriber", "operator")):
        fields["is_operator"] = True
    values = {"name": f"Organisation {number()}", "legal_form": LegalForm.ASSOCIATION, "siret": siret()} | fields
    values.setdefault("siren", values["siret"][:9])
    return Organisation.objects.create(**values)


def make_user(**fields: Any) -> User:
    rank = number()
    values = {"email": f"personne{rank}@exemple.fr", "full_name": f"Personne {rank}"} | fields
    return User.objects.create_user(**values)


def make_membership(
    role: Role,
    organisation: Organisation | None = None,
    *,
    user: User | None = None,
    programme: Programme | None = None,
) -> Membership:
    return Membership.objects.create(
        user=user or make_user(), organisation=organisation, programme=programme, role=role
    )


def make_actor(
    role: Role | None = None, organisation: Organisation | None = None, *, programme: Programme | None = None
) -> Actor:
    """A new person acting with this role; a stranger without one."""
    user = make_user()
    if role is not None:
        make_membership(role, organisation, user=user, programme=programme)
    return Actor(user=user, source="test")


SYSTEM = Actor.system("essai", source="test")


# --- programmes -------------------------------------------------------------------------------------------------------


def make_programme(**fields: Any) -> Programme:
    """Passes of 10 € in booklets of 5 or 10, open to whoever has no name, valid one year."""
    values: dict[str, Any] = {
        "code": f"dispositif-{number()}",
        "name": "Pass numérique de la Creuse",
        "starts_on": STARTS_ON,
        "ends_on": ENDS_ON,
        "phone": "05 55 00 00 00",
        "unit_value": 1000,
        "unit_minutes": 120,
        "booklet_sizes": [5, 10],
    } | fields
    if "owner" not in values:
        values["owner"] = make_organisation(
            name="Département de la Creuse", legal_form=LegalForm.LOCAL_AUTHORITY, is_funder=True
        )
    return Programme.objects.create(**values)


def make_territory(programme: Programme, codes: Iterable[str] = (GUERET, AUBUSSON), **fields: Any) -> Territory:
    territory = Territory.objects.create(**({"programme": programme, "name": f"Territoire {number()}"} | fields))
    territory.communes.set([make_commune(code) for code in codes])
    return territory


def make_service(**fields: Any) -> Service:
    """A national service, unless told otherwise."""
    rank = number()
    values = {"code": f"service-{rank}", "label": f"Service {rank}", "catalogue": Catalogue.NATIONAL} | fields
    return Service.objects.create(**values)


def make_public(programme: Programme, **fields: Any) -> Public:
    rank = number()
    return Public.objects.create(**({"programme": programme, "code": f"public-{rank}", "label": f"P {rank}"} | fields))


def make_funding(programme: Programme, share_bp: int = 10_000, **fields: Any) -> Funding:
    values = {"funder": fields.pop("funder", programme.owner), "kind": FunderKind.OWNER} | fields
    return Funding.objects.create(programme=programme, share_bp=share_bp, **values)


def make_receipt(programme: Programme, amount: int = 100_000, **fields: Any) -> FundingReceipt:
    """Money recorded for the programme, in cents (1 000 € unless told otherwise)."""
    values = {
        "kind": ReceiptKind.CASH,
        "received_on": STARTS_ON,
        "reference": f"VIR-{number()}",
        "recorded_by_label": "essai",
    } | fields
    return FundingReceipt.objects.create(programme=programme, amount=amount, **values)


# --- network and places -----------------------------------------------------------------------------------------------


def make_qualification(operator: Organisation, programme: Programme, **fields: Any) -> Qualification:
    return Qualification.objects.create(
        **(
            {
                "operator": operator,
                "programme": programme,
                "valid_from": STARTS_ON,
                "decided_at": datetime.combine(STARTS_ON, time(), UTC),
            }
            | fields
        )
    )


def make_agreement(prescriber: Organisation, programme: Programme, **fields: Any) -> PrescriberAgreement:
    return PrescriberAgreement.objects.create(
        **({"prescriber": prescriber, "programme": programme, "valid_from": STARTS_ON} | fields)
    )


def make_venue(operator: Organisation, code: str = GUERET, **fields: Any) -> Venue:
    commune = make_commune(code)
    values = {"name": f"Lieu {number()}", "longitude": commune.longitude, "latitude": commune.latitude} | fields
    return Venue.objects.create(operator=operator, commune=commune, **values)


def make_offer(
    venue: Venue, programme: Programme, service: Service | None = None, *, price: int = 1, **fields: Any
) -> ServiceOffer:
    values = {"starts_on": STARTS_ON} | fields
    return ServiceOffer.objects.create(
        venue=venue, programme=programme, service=service or make_service(), price=price, **values
    )


# --- beneficiaries ----------------------------------------------------------------------------------------------------


def make_beneficiary(**fields: Any) -> Beneficiary:
    """A person without a name, born in 1957, in Guéret."""
    values = {"birth_year": 1957, "commune": fields.pop("commune", None) or make_commune()} | fields
    return Beneficiary.objects.create(**values)


def make_case_file(
    programme: Programme, prescriber: Organisation, beneficiary: Beneficiary | None = None, **fields: Any
) -> CaseFile:
    return CaseFile.objects.create(
        programme=programme, prescriber=prescriber, beneficiary=beneficiary or make_beneficiary(), **fields
    )


# --- all of it at once ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scheme:
    """A small programme that is ready to run: money recorded, one of each organisation, one venue, one offer."""

    programme: Programme
    funder: Organisation
    network: Organisation
    prescriber: Organisation
    operator: Organisation
    venue: Venue
    service: Service
    offer: ServiceOffer
    public: Public

    def actor(self, role: Role) -> Actor:
        """A new person who holds this role where it belongs in the scheme."""
        places = {
            Role.COORDINATOR: self.network,
            Role.PRESCRIBER: self.prescriber,
            Role.OPERATOR_MANAGER: self.operator,
            Role.MEDIATOR: self.operator,
            Role.ADMINISTRATOR: None,
        }
        return make_actor(role, places.get(role, self.funder))


def make_scheme(**fields: Any) -> Scheme:
    """``fields`` are those of the programme."""
    funder = make_organisation(name="Département", legal_form=LegalForm.LOCAL_AUTHORITY, is_funder=True)
    network = make_organisation(name="Réseau de tiers-lieux", is_coordinator=True)
    prescriber = make_organisation(name="CCAS", legal_form=LegalForm.PUBLIC_BODY, is_prescriber=True)
    operator = make_organisation(name="Tiers-lieu")
    programme = make_programme(**({"owner": funder, "lead_network": network} | fields))
    make_territory(programme, name="Creuse")
    make_funding(programme)
    make_receipt(programme, 10_000_000)
    make_qualification(operator, programme)
    make_agreement(prescriber, programme)
    venue = make_venue(operator)
    service = make_service()
    return Scheme(
        programme=programme,
        funder=funder,
        network=network,
        prescriber=prescriber,
        operator=operator,
        venue=venue,
        service=service,
        offer=make_offer(venue, programme, service),
        public=make_public(programme),
    )
