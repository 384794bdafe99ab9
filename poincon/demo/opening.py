"""The opening of a story: organisations, people and their roles, accounts, places, devices."""

from datetime import datetime
from random import Random

from schwifty import IBAN
from stdnum import luhn

from poincon.beneficiaries.enums import Gender
from poincon.demo.people import invented_name, invented_phone
from poincon.demo.scenario import OrganisationTold, PersonTold, VenueTold
from poincon.demo.world import SOURCE, World
from poincon.mediation.models import Venue
from poincon.mediation.services import open_venue
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.organisations.services import (
    create_organisation,
    enrol_device,
    grant_role,
    invite_person,
    set_bank_account,
)
from poincon.territories.models import Commune

#: Who works in an organisation that does this, when the file names nobody.
STAFF = {
    "operates": (Role.OPERATOR_MANAGER, Role.MEDIATOR),
    "prescribes": (Role.PRESCRIBER,),
}
#: La Banque Postale; the account numbers are invented.
BANK, BRANCH = "20041", "01005"


def open_scene(world: World, at: datetime) -> None:
    """Everybody and every place of the story."""
    for rank, told in enumerate(world.story.told.organisations, start=1):
        _register(world, told, rank, at)
    for person in world.story.told.people:
        _give_role(world, person, at)
    for told in world.story.told.organisations:
        _hire(world, told, at)
    for venue in world.story.told.venues:
        world.venues[venue.name] = _open(world, venue)


def _register(world: World, told: OrganisationTold, rank: int, at: datetime) -> None:
    organisation = create_organisation(
        by=world.system,
        name=told.name,
        legal_form=told.form,
        siret="" if told.rna else invented_siret(rank),
        rna=told.rna,
        email=told.email,
        phone=told.phone,
        address=told.address,
        commune=Commune.objects.get(pk=told.commune),
        is_funder="funds" in told.does,
        is_coordinator="coordinates" in told.does,
        is_prescriber="prescribes" in told.does,
        is_operator="operates" in told.does,
    )
    world.organisations[told.key] = organisation
    if "operates" in told.does or "funds" in told.does:
        iban, bic = invented_account(rank)
        set_bank_account(by=world.system, organisation=organisation, holder=told.name[:70], iban=iban, bic=bic, now=at)


def invented_siret(rank: int) -> str:
    """A number with right check digits that INSEE never gives: it begins with zeros."""
    siren = f"{rank:08d}"
    siren += luhn.calc_check_digit(siren)
    return f"{siren}0001{luhn.calc_check_digit(siren + '0001')}"


def invented_account(rank: int) -> tuple[str, str]:
    """An IBAN with right check digits, and its BIC."""
    iban = IBAN.generate("FR", bank_code=BANK, branch_code=BRANCH, account_code=f"{rank:011d}")
    return iban.compact, str(iban.bic)


def _hire(world: World, told: OrganisationTold, at: datetime) -> None:
    for kind in told.does:
        for role in STAFF.get(kind, ()):
            email = world.agent_email(role, told.key)
            if email not in world.people:
                hired = PersonTold(email=email, name=_colleague(world.rng), role=role, organisation=told.key)
                _give_role(world, hired, at)
    if "operates" in told.does:
        _enrol(world, told.key, at)


def _colleague(rng: Random) -> str:
    return " ".join(invented_name(rng, rng.choice([Gender.FEMALE, Gender.MALE])))


def _give_role(world: World, told: PersonTold, at: datetime) -> None:
    organisation = world.organisations[told.organisation] if told.organisation else None
    user = invite_person(by=world.system, email=told.email, full_name=told.name, phone=invented_phone(world.rng))
    grant_role(by=world.system, user=user, role=Role(told.role), organisation=organisation, now=at)
    world.people[told.email] = Actor(user=user, source=SOURCE)


def _enrol(world: World, key: str, at: datetime) -> None:
    _, token = enrol_device(
        by=world.agent(Role.MEDIATOR, key),
        operator=world.organisations[key],
        label="Téléphone de l’accueil",
        random_bytes=world.rng.randbytes,
        now=at,
    )
    world.tokens[key] = token


def _open(world: World, told: VenueTold) -> Venue:
    return open_venue(
        by=world.agent(Role.OPERATOR_MANAGER, told.operator),
        operator=world.organisations[told.operator],
        name=told.name,
        commune=Commune.objects.get(pk=told.commune),
        address=told.address,
        phone=told.phone,
        itinerant=bool(told.tour),
    )
