"""Communes, publics, local services, lead network and first day, changed after the programme was created."""

from collections.abc import Callable
from datetime import date

import pytest

from poincon.kernel.models import AuditEntry
from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.enums import Role
from poincon.programmes.checks import Invalid
from poincon.programmes.models import Programme
from poincon.programmes.queries import commune_codes
from poincon.programmes.services import (
    add_local_service,
    change_communes,
    end_public,
    load_catalogue,
    move_start,
    remove_territory,
    rename_territory,
    retire_local_service,
    set_lead_network,
    update_public,
)
from poincon.programmes.spec import TerritorySpec
from tests.factories import (
    AUBUSSON,
    GUERET,
    LIMOGES,
    NOW,
    SYSTEM,
    TODAY,
    Scheme,
    make_actor,
    make_commune,
    make_organisation,
    make_programme,
    make_public,
    make_scheme,
    make_service,
    make_territory,
)
from tests.refusing import refused

pytestmark = pytest.mark.django_db

CATALOGUE_SERVICE = "maitrise-des-outils-numeriques-du-quotidien"


def version(programme: Programme) -> int:
    programme.refresh_from_db()
    return programme.rules_version


def test_communes_come_and_go() -> None:
    programme = make_programme()
    territory, limoges = make_territory(programme, [GUERET, AUBUSSON]), make_commune(LIMOGES)
    change_communes(
        by=SYSTEM,
        territory=territory,
        add=TerritorySpec("Ajout", communes=(limoges.pk,)),
        remove=[make_commune(GUERET)],
    )
    assert commune_codes(programme.pk) == {AUBUSSON, LIMOGES}
    assert version(programme) == 2
    entry = AuditEntry.objects.get(action="programmes.change_communes")
    assert (entry.after["added"], entry.after["removed"]) == ([LIMOGES], [GUERET])


def test_a_whole_departement_is_added() -> None:
    programme = make_programme()
    territory = make_territory(programme, [GUERET])
    make_commune(LIMOGES)
    change_communes(by=SYSTEM, territory=territory, add=TerritorySpec("Ajout", departements=("87",)))
    assert commune_codes(programme.pk) == {GUERET, LIMOGES}


def test_a_territory_keeps_a_commune() -> None:
    territory = make_territory(make_programme(), [GUERET])
    with refused("programmes.territory_empty"):
        change_communes(by=SYSTEM, territory=territory, remove=[make_commune(GUERET)])
    with refused("programmes.not_in_territory", match="Limoges"):
        change_communes(by=SYSTEM, territory=territory, remove=[make_commune(LIMOGES)])
    with pytest.raises(Invalid):
        change_communes(by=SYSTEM, territory=territory, add=TerritorySpec("Ajout", communes=("00000",)))


def test_the_last_territory_stays() -> None:
    programme = make_programme()
    first, second = make_territory(programme, [GUERET]), make_territory(programme, [AUBUSSON])
    remove_territory(by=SYSTEM, territory=first)
    assert commune_codes(programme.pk) == {AUBUSSON}
    with refused("programmes.last_territory"):
        remove_territory(by=SYSTEM, territory=second)


def test_a_territory_is_renamed() -> None:
    programme = make_programme()
    territory = make_territory(programme, name="Essai")
    make_territory(programme, name="Suite")
    assert rename_territory(by=SYSTEM, territory=territory, name=" Boulonnais ").name == "Boulonnais"
    for name, code in (
        (" ", "programmes.territory_unnamed"),
        ("Suite", "programmes.territory_twice"),
        ("x" * 201, "text_too_long"),
        ("a\0b", "text_unreadable"),
    ):
        with refused(code):
            rename_territory(by=SYSTEM, territory=territory, name=name)


def test_a_public_ends_on_its_last_day() -> None:
    public = make_public(make_programme(), open_from=date(2026, 2, 1))
    assert end_public(by=SYSTEM, public=public, last_day=TODAY).open_until == TODAY
    with refused("programmes.public_ended"):
        end_public(by=SYSTEM, public=public, last_day=date(2026, 12, 31))
    with pytest.raises(Invalid):
        end_public(by=SYSTEM, public=public, last_day=date(2026, 1, 31))


def test_a_public_is_reworded() -> None:
    public = make_public(make_programme())
    row = update_public(by=SYSTEM, public=public, label="Seniors", proof="Pièce d’identité", open_until=None)
    assert (row.label, row.proof) == ("Seniors", "Pièce d’identité")
    with pytest.raises(Invalid):
        update_public(by=SYSTEM, public=public, label=" ")
    with pytest.raises(Invalid, match="caractère"):
        update_public(by=SYSTEM, public=public, proof="a\0b")


def test_a_local_service_is_added_then_retired() -> None:
    programme = make_programme()
    load_catalogue()
    before = version(programme)
    service = add_local_service(
        by=SYSTEM, programme=programme, code="visio", label="La vidéo", national=CATALOGUE_SERVICE
    )
    assert service.programme_id == programme.pk
    assert version(programme) == before + 1
    assert retire_local_service(by=SYSTEM, service=service, on=TODAY, now=NOW).retired_on == TODAY
    again = retire_local_service(by=SYSTEM, service=service, on=date(2026, 12, 1), now=NOW)
    assert again.retired_on == TODAY


def test_a_local_service_has_its_own_code() -> None:
    programme = make_programme()
    load_catalogue()
    add_local_service(by=SYSTEM, programme=programme, code="visio", label="La vidéo", national=CATALOGUE_SERVICE)
    for code, national in (("visio", CATALOGUE_SERVICE), (CATALOGUE_SERVICE, CATALOGUE_SERVICE), ("autre", "nulle")):
        with pytest.raises(Invalid):
            add_local_service(by=SYSTEM, programme=programme, code=code, label="Autre", national=national)


def test_only_a_local_service_retires_and_not_yesterday() -> None:
    programme = make_programme()
    with refused("programmes.service_not_local"):
        retire_local_service(by=SYSTEM, service=make_service(), on=TODAY, now=NOW)
    load_catalogue()
    service = add_local_service(by=SYSTEM, programme=programme, code="v", label="V", national=CATALOGUE_SERVICE)
    with refused("programmes.service_retired_in_the_past"):
        retire_local_service(by=SYSTEM, service=service, on=date(2026, 3, 3), now=NOW)


def test_another_network_leads() -> None:
    scheme, aliso = make_scheme(), make_organisation(name="Aliso", is_coordinator=True)
    set_lead_network(by=SYSTEM, programme=scheme.programme, lead_network=aliso)
    scheme.programme.refresh_from_db()
    assert scheme.programme.lead_network == aliso
    with refused("programmes.lead_not_a_coordinator"):
        set_lead_network(by=SYSTEM, programme=scheme.programme, lead_network=scheme.operator)


def test_the_first_day_moves_until_it_has_come() -> None:
    programme = make_programme(starts_on=date(2026, 9, 1))
    moved = move_start(by=SYSTEM, programme=programme, starts_on=date(2026, 10, 1), now=NOW)
    assert moved.starts_on == date(2026, 10, 1)
    for day in (TODAY, date(2028, 1, 1)):
        with refused("programmes.start_wrong"):
            move_start(by=SYSTEM, programme=programme, starts_on=day, now=NOW)
    with refused("programmes.already_started"):
        move_start(by=SYSTEM, programme=make_programme(), starts_on=date(2026, 10, 1), now=NOW)


Change = Callable[[Actor, Scheme], object]
CHANGES: dict[str, Change] = {
    "change_communes": lambda by, scheme: change_communes(
        by=by, territory=scheme.programme.territories.get(), remove=[make_commune(AUBUSSON)]
    ),
    "rename_territory": lambda by, scheme: rename_territory(
        by=by, territory=scheme.programme.territories.get(), name="Essai"
    ),
    "remove_territory": lambda by, scheme: remove_territory(
        by=by, territory=scheme.programme.territories.earliest("pk")
    ),
    "update_public": lambda by, scheme: update_public(by=by, public=scheme.public, label="Autre"),
    "end_public": lambda by, scheme: end_public(by=by, public=scheme.public, last_day=TODAY),
    "add_local_service": lambda by, scheme: add_local_service(
        by=by, programme=scheme.programme, code="v", label="V", national=CATALOGUE_SERVICE
    ),
    "retire_local_service": lambda by, scheme: retire_local_service(
        by=by,
        service=make_service(catalogue="local", programme=scheme.programme, national=scheme.service),
        on=TODAY,
        now=NOW,
    ),
    "set_lead_network": lambda by, scheme: set_lead_network(by=by, programme=scheme.programme, lead_network=None),
    "move_start": lambda by, scheme: move_start(by=by, programme=scheme.programme, starts_on=date(2027, 1, 1), now=NOW),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_funder_alone_changes_a_programme(name: str) -> None:
    scheme = make_scheme(starts_on=date(2026, 9, 1))
    if name == "remove_territory":
        make_territory(scheme.programme)
    load_catalogue()
    others = (
        scheme.actor(Role.ACCOUNTANT),
        scheme.actor(Role.COORDINATOR),
        make_actor(Role.FUNDER, make_organisation()),
    )
    for by in others:
        with pytest.raises(Refusal, match="droit"):
            CHANGES[name](by, scheme)
    CHANGES[name](scheme.actor(Role.FUNDER), scheme)
