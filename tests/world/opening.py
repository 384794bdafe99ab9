"""The opening of both databases: reference data, organisations, programmes, everybody."""

from datetime import datetime, timedelta

from schwifty import IBAN

from poincon.organisations.enums import LegalForm
from poincon.organisations.models import Organisation
from poincon.organisations.services import add_site, set_bank_account
from poincon.passes import keys
from poincon.programmes.enums import FunderKind, IdentityLevel
from poincon.programmes.models import Programme
from poincon.programmes.services import create_programme, load_catalogue
from poincon.programmes.spec import FundingSpec, LocalServiceSpec, ProgrammeSpec, PublicSpec, TerritorySpec
from poincon.territories.models import Commune
from tests.factories import AUBUSSON, GUERET
from tests.world.story import SYSTEM, World, load_creuse, register

DAILY_TOOLS = "maitrise-des-outils-numeriques-du-quotidien"
#: The story begins this many months before the present one.
MONTHS = 4
#: The codes of the programmes that the addresses of the site map show.
NEWEST = {"home", "vide"}


def open_scene(world: World) -> None:
    """Reference data, a signing key, organisations: nobody yet, and no programme."""
    load_creuse()
    load_catalogue()
    keys.rotate(by=SYSTEM, now=start_of(world))
    _register_organisations(world)


def start_of(world: World) -> datetime:
    """When everybody begins to work."""
    return world.at(world.first_of_month(MONTHS), 8)


def _register_organisations(world: World) -> None:
    authority, body, association = LegalForm.LOCAL_AUTHORITY, LegalForm.PUBLIC_BODY, LegalForm.ASSOCIATION
    register(world, "funder", "Département témoin", authority, GUERET, does="funds")
    register(world, "network", "Réseau des tiers-lieux témoins", association, GUERET, does="coordinates")
    register(world, "prescriber", "CCAS de Guéret", body, GUERET, does="prescribes")
    register(world, "operator", "La Quincaillerie", association, GUERET, does="operates")
    register(world, "state", "État (ANCT)", body, GUERET, does="funds")
    register(world, "other funder", "Région voisine", authority, AUBUSSON, does="funds")
    register(world, "other network", "Réseau voisin", association, AUBUSSON, does="coordinates")
    register(world, "other prescriber", "Mission locale d’Aubusson", association, AUBUSSON, does="prescribes")
    register(world, "other operator", "Centre social d’Aubusson", association, AUBUSSON, does="operates")
    for rank, key in enumerate(("funder", "operator", "other funder", "other operator"), start=1):
        give_account(world.organisations[key], rank, world)
    add_site(
        by=SYSTEM,
        organisation=world.organisations["operator"],
        name="Annexe de la gare",
        commune=Commune.objects.get(pk=AUBUSSON),
        address="3 rue de la Gare",
    )


def give_account(organisation: Organisation, rank: int, world: World) -> None:
    iban = IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code=f"{rank:011d}")
    set_bank_account(
        by=SYSTEM,
        organisation=organisation,
        holder=organisation.name[:70],
        iban=iban.compact,
        bic=str(iban.bic),
        now=start_of(world),
    )


def create(world: World, code: str, name: str, owner: str, network: str) -> Programme:
    """A programme by the organisations of these keys, open to everybody in Creuse."""
    # The newest is the one looked at first.
    first = world.first_of_month(MONTHS if code in NEWEST else MONTHS + 1)
    funder, state = world.organisations[owner], world.organisations["state"]
    spec = ProgrammeSpec(
        code=code,
        name=name,
        owner=funder.siret,
        lead_network=world.organisations[network].siret,
        starts_on=first,
        ends_on=first + timedelta(days=700),
        phone="05 55 44 30 00",
        referent="Claire Moreau",
        email="pass@essai.example",
        welcome_text="Bonjour, voici votre chéquier. Appelez-nous pour choisir votre premier atelier.",
        unit_value=1000,
        unit_minutes=120,
        booklet_sizes=(5, 10),
        max_passes_per_session=3,
        max_passes_per_day=6,
        identity_level=IdentityLevel.IDENTIFIED if code == "home" else IdentityLevel.ANONYMOUS,
        territories=(TerritorySpec("Creuse", departements=("23",)),),
        publics=(PublicSpec("rsa", "Bénéficiaires du RSA", proof="Attestation de la CAF"), PublicSpec("tous", "Tous")),
        fundings=(
            FundingSpec(funder.siret, FunderKind.OWNER, 5000),
            FundingSpec(state.siret, FunderKind.STATE, 5000, reference="CONV-2026-23", reporting_rules="Chaque année."),
        ),
        local_services=(LocalServiceSpec(f"atelier-{code}", "Visio avec ses proches", DAILY_TOOLS),),
    )
    world.programmes[code] = create_programme(by=SYSTEM, spec=spec, now=start_of(world))
    return world.programmes[code]
