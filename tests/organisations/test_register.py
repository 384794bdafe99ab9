from typing import Any

import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.enums import LegalForm, Role
from poincon.organisations.models import Organisation
from poincon.organisations.queries import find_organisation
from poincon.organisations.services import add_site, create_organisation, update_organisation
from tests.factories import SYSTEM, make_actor, make_commune, make_organisation, make_programme, siret
from tests.organisations.test_rules import refused

pytestmark = pytest.mark.django_db


def create(**changes: Any) -> Organisation:
    values: dict[str, Any] = {
        "by": SYSTEM,
        "name": "CCAS",
        "legal_form": LegalForm.PUBLIC_BODY,
        "siret": siret(),
        "is_operator": True,
    }
    return create_organisation(**(values | changes))


def test_an_organisation_may_do_several_things() -> None:
    organisation = create(is_prescriber=True, phone="0555000000", email="CCAS@Exemple.fr")
    assert (organisation.is_prescriber, organisation.is_operator, organisation.is_funder) == (True, True, False)
    assert (organisation.phone, organisation.email) == ("05 55 00 00 00", "ccas@exemple.fr")
    assert organisation.siren == organisation.siret[:9]


def test_an_association_may_have_no_siret() -> None:
    organisation = create(legal_form=LegalForm.ASSOCIATION, siret="", rna="W231000123")
    assert (organisation.siret, organisation.rna) == ("", "W231000123")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"siret": "123"}, "siret_wrong"),
        ({"name": "  "}, "name_missing"),
        ({"legal_form": "sect"}, "legal_form_unknown"),
        ({"is_operator": False}, "does_nothing"),
        ({"phone": "12"}, "phone_wrong"),
        ({"email": "a@"}, "email_wrong"),
        ({"siret": ""}, "identifier_missing"),
    ],
)
def test_a_wrong_field_is_refused_and_nothing_is_written(changes: dict[str, Any], code: str) -> None:
    with refused(code):
        create(**changes)
    assert not Organisation.objects.exists()


def test_the_same_siret_is_not_registered_twice() -> None:
    first = create()
    with refused("already_registered") as refusal:
        create(siret=first.siret)
    assert first.name in str(refusal.value)


def test_a_coordinator_registers_for_its_network_only() -> None:
    network = make_organisation(is_coordinator=True)
    programme = make_programme(lead_network=network)
    coordinator = make_actor(Role.COORDINATOR, network)
    assert create(by=coordinator, programme=programme).pk
    for by, where in [(coordinator, make_programme()), (coordinator, None), (make_actor(), programme)]:
        with pytest.raises(Refusal, match="droit"):
            create(by=by, programme=where)


def test_only_the_administrator_lets_a_funder_in() -> None:
    network = make_organisation(is_coordinator=True)
    programme = make_programme(lead_network=network)
    with pytest.raises(Refusal, match="commanditaire"):
        create(by=make_actor(Role.COORDINATOR, network), programme=programme, is_funder=True)
    assert create(by=make_actor(Role.ADMINISTRATOR), is_funder=True).is_funder


def test_the_siret_is_locked_once_set() -> None:
    organisation = make_organisation()
    for value in (siret(), ""):
        with refused("siret_locked"):
            update_organisation(by=SYSTEM, organisation=organisation, siret=value)
    spelled = f"{organisation.siret[:3]} {organisation.siret[3:]}"
    assert update_organisation(by=SYSTEM, organisation=organisation, siret=spelled).siret == organisation.siret


def test_an_association_gains_its_siret() -> None:
    organisation = make_organisation(siret="", rna="W231000123")
    number = siret()
    updated = update_organisation(by=SYSTEM, organisation=organisation, siret=number)
    assert (updated.siret, updated.siren) == (number, number[:9])


def test_a_change_is_kept_with_before_and_after() -> None:
    organisation = make_organisation(name="Avant")
    update_organisation(by=SYSTEM, organisation=organisation, name="Après")
    entry = AuditEntry.objects.get(action="organisations.update_organisation")
    assert (entry.before["name"], entry.after["name"]) == ("Avant", "Après")
    organisation.refresh_from_db()
    assert organisation.rules_version == 2


def test_a_manager_changes_its_own_organisation_but_does_not_make_it_a_funder() -> None:
    organisation = make_organisation()
    manager = make_actor(Role.OPERATOR_MANAGER, organisation)
    assert update_organisation(by=manager, organisation=organisation, address="1 rue").address == "1 rue"
    strangers = [make_actor(Role.MEDIATOR, organisation), make_actor(Role.OPERATOR_MANAGER, make_organisation())]
    for by in strangers:
        with pytest.raises(Refusal, match="droit"):
            update_organisation(by=by, organisation=organisation, address="2 rue")
    with pytest.raises(Refusal, match="commanditaire"):
        update_organisation(by=manager, organisation=organisation, is_funder=True)


def test_a_site_is_added_once() -> None:
    organisation, commune = make_organisation(), make_commune()
    site = add_site(by=SYSTEM, organisation=organisation, name="Annexe", commune=commune, siret=siret())
    with refused("site_twice"):
        add_site(by=SYSTEM, organisation=organisation, name="Annexe", commune=commune)
    with refused("already_registered"):
        add_site(by=SYSTEM, organisation=organisation, name="Autre", commune=commune, siret=site.siret)


def test_an_organisation_is_found_by_any_of_its_numbers_or_its_only_name() -> None:
    organisation = make_organisation(name="Aliso", rna="W231000123")
    for reference in (organisation.siret, organisation.siren, "W231000123", " Aliso "):
        assert find_organisation(reference) == organisation
    make_organisation(name="Aliso")
    assert find_organisation("Aliso") is None
