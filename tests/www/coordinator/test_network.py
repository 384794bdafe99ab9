"""Organisations, rights, people, places and trainings of a network."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from poincon.mediation.models import Venue
from poincon.network.enums import TrainingKind
from poincon.network.models import PrescriberAgreement, Qualification
from poincon.network.queries import is_qualified
from poincon.organisations.enums import Role
from poincon.organisations.models import Invitation, Membership, Organisation
from tests.factories import siret
from tests.world.standing import Standing
from tests.world.story import Person
from tests.www.coordinator.network import BESIDE, STRANGER, coordinator, pk_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(full: Standing) -> Client:
    return coordinator(full)


def sheet(**changes: Any) -> dict[str, Any]:
    return {
        "nom": "Tiers-lieu de Bourganeuf",
        "fait": ["opere"],
        "forme": "association",
        "siret": siret(),
        "commune": "Guéret",
        "telephone": "05 55 64 00 00",
    } | changes


def test_the_list_says_where_each_stands(client: Client) -> None:
    text = said(client.get("/coordination/organisations/?etat=a-decider"))
    assert "MJC d’Aubusson" in text
    assert "CCAS de Guéret" not in text
    assert "1 organisation" in text


def test_an_organisation_is_registered_then_qualified(client: Client, full: Standing) -> None:
    page = client.post("/coordination/organisations/nouvelle/", sheet(), follow=True)
    made = Organisation.objects.get(name="Tiers-lieu de Bourganeuf")
    assert made.registered_for == full.world.programme
    assert "La qualifier" in said(page)
    today = full.world.today
    client.post(f"/coordination/organisations/{made.pk}/qualification/", {"des_le": f"{today:%Y-%m-%d}"})
    assert is_qualified(operator=made, programme=full.world.programme, day=today)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nom": ""}, "Remplissez « Nom »"),
        ({"fait": []}, "Remplissez « Ce qu’elle fait »"),
        ({"siret": "123"}, "SIRET"),
        ({"commune": "Nulle-Part-sur-Rien"}, "Aucune commune ne s’appelle ainsi"),
        ({"telephone": "12"}, "Téléphone"),
        ({"courriel": "pas-un-courriel"}, "courriel"),
        ({"forme": "club"}, "Choisissez « Forme juridique » dans la liste."),
    ],
)
def test_a_wrong_field_is_named_and_kept(client: Client, changes: dict[str, Any], sentence: str) -> None:
    response = client.post("/coordination/organisations/nouvelle/", sheet(**changes))
    assert response.status_code == 200
    assert sentence in said(response)
    assert not Organisation.objects.filter(name="Tiers-lieu de Bourganeuf").exists()


def test_what_another_programme_knows_is_found_by_its_number(client: Client, full: Standing) -> None:
    known = full.world.organisations["newcomer"]
    beside = full.client(BESIDE)
    text = said(beside.get("/coordination/organisations/chercher/", {"reference": known.siret}))
    assert "La faire entrer dans ce réseau" in text
    day = f"{full.world.today:%Y-%m-%d}"
    beside.post(f"/coordination/organisations/accueillir/?reference={known.siret}", {"des_le": day})
    assert known.agreements.filter(programme=full.world.programmes["beside"]).exists()
    found = client.get("/coordination/organisations/chercher/", {"reference": known.siret})
    assert found["Location"] == f"/coordination/organisations/{known.pk}/"


def test_several_are_decided_about_at_once(client: Client, full: Standing) -> None:
    newcomer = full.world.organisations["newcomer"]
    data = {"organisations": [newcomer.pk], "des_le": f"{full.world.today:%Y-%m-%d}"}
    page = said(client.post("/coordination/organisations/decider/", data, follow=True))
    assert "2 conventions ou qualifications sont enregistrées." in page
    assert "Aucune organisation n’attend" in said(client.get("/coordination/organisations/decider/"))


def test_an_organisation_is_corrected_until_somebody_there_may(client: Client, full: Standing) -> None:
    alone = full.world.organisations["alone"]
    data = sheet(nom="France services d’Aubusson", fait=["prescrit"], siret=alone.siret)
    client.post(f"/coordination/organisations/{alone.pk}/modifier/", data)
    alone.refresh_from_db()
    assert alone.name == "France services d’Aubusson"
    managed = pk_of(full, "operator")
    assert "pas le droit" in said(client.post(f"/coordination/organisations/{managed}/modifier/", data))


def test_a_site_is_added(client: Client, full: Standing) -> None:
    alone = full.world.organisations["alone"]
    client.post(f"/coordination/organisations/{alone.pk}/site/", {"nom": "Antenne", "commune": "Guéret"})
    assert alone.sites.get().name == "Antenne"


# --- rights -----------------------------------------------------------------------------------------------------------


def test_an_agreement_is_prolonged_then_ended_with_its_reason(client: Client, full: Standing) -> None:
    row = PrescriberAgreement.objects.get(prescriber=pk_of(full, "alone"))
    data = {"des_le": f"{row.valid_from:%Y-%m-%d}", "jusqu_au": ""}
    client.post(f"/coordination/organisations/{row.prescriber_id}/convention/", data)
    row.refresh_from_db()
    assert row.valid_until is None
    last = full.world.today + timedelta(days=3)
    url = f"/coordination/conventions/{row.pk}/finir/"
    assert "Remplissez « Motif »" in said(client.post(url, {"jour": f"{last:%Y-%m-%d}", "motif": ""}))
    page = said(client.post(url, {"jour": f"{last:%Y-%m-%d}", "motif": "Ferme ses portes"}, follow=True))
    assert "Motif de la fin : Ferme ses portes" in page
    row.refresh_from_db()
    assert row.valid_until == last


def test_a_qualification_is_suspended_lifted_withdrawn(client: Client, full: Standing) -> None:
    row = Qualification.objects.get(operator=pk_of(full, "operator"), programme=full.world.programme)
    today = full.world.today
    day = f"{today:%Y-%m-%d}"
    base = f"/coordination/qualifications/{row.pk}"
    client.post(f"{base}/suspendre/", {"du": day, "motif": "Contrôle"})
    assert not is_qualified(operator=row.operator, programme=row.programme, day=today)
    assert "suspendue" in said(client.get(f"/coordination/organisations/{row.operator_id}/"))
    client.post(f"{base}/lever/", {"jour": day})
    assert is_qualified(operator=row.operator, programme=row.programme, day=today + timedelta(days=1))
    assert "le 2" in said(client.get(f"{base}/retirer/")) or client.get(f"{base}/retirer/").status_code == 200
    client.post(f"{base}/retirer/", {"jour": day, "motif": "Ferme"})
    row.refresh_from_db()
    assert (row.withdrawn_on, row.withdrawn_because) == (today, "Ferme")


def test_dates_the_wrong_way_round_are_refused_in_words(client: Client, full: Standing) -> None:
    url = f"/coordination/organisations/{pk_of(full, 'prescriber')}/convention/"
    response = client.post(url, {"des_le": "2026-05-01", "jusqu_au": "2020-01-01"})
    assert "précède le premier jour" in said(response)


@pytest.mark.parametrize("key", ["9" * 40, "987654321", "pas-un-nombre"])
def test_a_service_that_does_not_exist_is_a_wrong_choice(client: Client, full: Standing, key: str) -> None:
    url = f"/coordination/organisations/{pk_of(full, 'operator')}/qualification/"
    response = client.post(url, {"des_le": f"{full.world.today:%Y-%m-%d}", "services": [key]})
    assert response.status_code == 200
    assert "Erreur" in said(response)


def test_strangers_decide_nothing_of_this_programme(full: Standing) -> None:
    qualification = Qualification.objects.filter(programme=full.world.programme).earliest("pk")
    agreement = PrescriberAgreement.objects.filter(programme=full.world.programme).earliest("pk")
    for person in (BESIDE, STRANGER):
        client = full.client(person)
        for page in ("suspendre", "lever", "retirer"):
            assert client.post(f"/coordination/qualifications/{qualification.pk}/{page}/").status_code == 404
        assert client.post(f"/coordination/conventions/{agreement.pk}/finir/").status_code == 404
        newcomer = pk_of(full, "newcomer")
        assert client.get(f"/coordination/organisations/{newcomer}/").status_code == 404


def test_a_prescriber_does_not_run_the_network(full: Standing) -> None:
    client = full.client(Person(Role.PRESCRIBER))
    for page in ("", "organisations/", "stock/", "envoyer/", "importer/", "personnes/"):
        assert client.get(f"/coordination/{page}").status_code == 403


# --- people -----------------------------------------------------------------------------------------------------------


def test_somebody_is_invited_for_this_programme_only(client: Client, full: Standing) -> None:
    url = f"/coordination/organisations/{pk_of(full, 'alone')}/inviter/"
    page = client.post(url, {"courriel": "nina@essai.example", "nom": "Nina Roy"}, follow=True)
    assert "L’invitation part à nina@essai.example" in said(page)
    made = Invitation.objects.get(email="nina@essai.example")
    assert (made.role, made.programme) == (Role.PRESCRIBER, full.world.programme)
    again = client.post(url, {"courriel": "nina@essai.example", "nom": "Nina Roy"})
    assert "est déjà invité" in said(again)


def test_the_first_person_of_an_operator_is_welcomed(client: Client, full: Standing) -> None:
    newcomer = pk_of(full, "newcomer")
    data = {"courriel": "chef@essai.example", "nom": "Max Chef", "role": Role.OPERATOR_MANAGER}
    client.post(f"/coordination/organisations/{newcomer}/inviter/", data)
    made = Invitation.objects.get(email="chef@essai.example")
    assert (made.programme, made.welcomed_in) == (None, full.world.programme)


def test_an_operator_that_has_people_invites_by_itself(client: Client, full: Standing) -> None:
    text = said(client.get(f"/coordination/organisations/{pk_of(full, 'operator')}/inviter/"))
    assert "Son équipe est son affaire" in text


def test_a_role_given_for_a_programme_is_taken_back(client: Client, full: Standing) -> None:
    held = Membership.objects.get(organisation=pk_of(full, "prescriber"), programme__isnull=False)
    url = f"/coordination/personnes/{held.pk}/retirer/"
    assert "Ce qu’elle a fait reste écrit" in said(client.get(url))
    client.post(url)
    held.refresh_from_db()
    assert held.ended_at is not None


def test_a_role_that_is_not_the_networks_stays(client: Client, full: Standing) -> None:
    held = Membership.objects.filter(organisation=pk_of(full, "operator"), ended_at=None).earliest("pk")
    assert client.post(f"/coordination/personnes/{held.pk}/retirer/").status_code == 403
    held.refresh_from_db()
    assert held.ended_at is None


def test_an_invitation_is_taken_back(client: Client) -> None:
    asked = Invitation.objects.get(email="mjc@essai.example")
    client.post(f"/coordination/invitations/{asked.pk}/retirer/")
    asked.refresh_from_db()
    assert asked.revoked_at is not None


def test_people_come_first_and_lead_to_the_invitations(client: Client) -> None:
    asked = Invitation.objects.get(email="mjc@essai.example")
    page = client.get("/coordination/personnes/")
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None).count()
    assert f"{waiting} invitations attendent une réponse." in said(page)
    assert 'href="/coordination/invitations/"' in page.content.decode()
    assert asked.email not in said(page)
    page = client.get("/coordination/invitations/?q=mjc@essai")
    assert asked.email in said(page)
    assert f'action="/coordination/invitations/{asked.pk}/renvoyer/"' in page.content.decode()


def test_an_invitation_that_ran_out_is_said_and_found(client: Client) -> None:
    Invitation.objects.filter(email="mjc@essai.example").update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "Une est périmée : renvoyez-la, ou retirez-la." in said(client.get("/coordination/personnes/"))
    late, running = (said(client.get(f"/coordination/invitations/?etat={one}")) for one in ("perimee", "en-cours"))
    assert "mjc@essai.example" in late
    assert "mjc@essai.example" not in running


def test_once_all_have_answered_nothing_is_said_of_invitations(client: Client) -> None:
    Invitation.objects.filter(accepted_at=None).update(revoked_at=timezone.now())
    assert "une réponse" not in said(client.get("/coordination/personnes/"))
    assert "Aucune invitation sans réponse" in said(client.get("/coordination/invitations/"))


def test_another_network_does_not_read_the_invitations(full: Standing) -> None:
    assert "mjc@essai.example" not in said(full.client(STRANGER).get("/coordination/invitations/"))


def test_strangers_touch_no_invitation(full: Standing) -> None:
    asked = Invitation.objects.get(email="mjc@essai.example")
    for person in (BESIDE, STRANGER):
        assert full.client(person).post(f"/coordination/invitations/{asked.pk}/retirer/").status_code == 404


# --- trainings, places ------------------------------------------------------------------------------------------------


def test_a_group_is_recorded_trained_and_leaves_the_list(client: Client, full: Standing) -> None:
    url = "/coordination/formations/noter/?formation=prescriber"
    person = full.world.users[Person(Role.PRESCRIBER, STRANGER.place)]
    assert person.full_name in said(client.get(url))
    page = client.post(url, {"jour": f"{full.world.today:%Y-%m-%d}", "personnes": [person.pk]}, follow=True)
    assert "1 personne est notée formée." in said(page)
    assert person.trainings.get().kind == TrainingKind.PRESCRIBER
    assert person.full_name not in said(client.get(url))


def test_a_long_choice_is_narrowed_and_keeps_what_was_ticked(
    client: Client, full: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poincon.www.base.narrowing.SHOWN", 0)
    url = "/coordination/formations/noter/?formation=prescriber"
    person = full.world.users[Person(Role.PRESCRIBER, STRANGER.place)]
    assert person.email not in said(client.get(url))
    ticked = client.post(url, {"chercher": "1", "cherche": "", "personnes": [person.pk], "jour": "2020-01-02"})
    assert person.email in said(ticked)
    assert 'value="2020-01-02"' in ticked.content.decode()
    assert not person.trainings.exists()


def test_somebody_is_found_by_her_organisation(client: Client, full: Standing) -> None:
    url = "/coordination/formations/noter/?formation=prescriber"
    person = full.world.users[Person(Role.PRESCRIBER, STRANGER.place)]
    organisation = person.memberships.get().organisation
    assert organisation is not None
    found = client.post(url, {"chercher": "1", "cherche": organisation.name})
    assert person.email in said(found)
    assert person.email not in said(client.post(url, {"chercher": "1", "cherche": "zzz"}))


def test_a_training_of_tomorrow_is_refused(client: Client, full: Standing) -> None:
    person = full.world.users[Person(Role.PRESCRIBER, STRANGER.place)]
    tomorrow = full.world.today + timedelta(days=1)
    data = {"jour": f"{tomorrow:%Y-%m-%d}", "personnes": [person.pk]}
    assert "n’est pas encore passée" in said(client.post("/coordination/formations/noter/", data))


def test_a_place_is_opened_corrected_closed_and_opened_again(client: Client, full: Standing) -> None:
    operator = pk_of(full, "operator")
    data = {"nom": "Salle des fêtes", "commune": "Aubusson", "telephone": "05 55 66 00 00"}
    client.post(f"/coordination/organisations/{operator}/lieu/", data)
    made = Venue.objects.get(name="Salle des fêtes")
    client.post(f"/coordination/lieux/{made.pk}/modifier/", data | {"nom": "Salle polyvalente"})
    client.post(f"/coordination/lieux/{made.pk}/fermer/", {"jour": f"{full.world.today:%Y-%m-%d}"})
    made.refresh_from_db()
    assert (made.name, made.closed_on) == ("Salle polyvalente", full.world.today)
    assert "Fermé depuis le" in said(client.get(f"/coordination/lieux/{made.pk}/"))
    client.post(f"/coordination/lieux/{made.pk}/rouvrir/")
    made.refresh_from_db()
    assert made.closed_on is None


def test_the_places_are_on_the_map(client: Client) -> None:
    response = client.get("/coordination/lieux/")
    assert "data-map" in response.content.decode()
    assert "Le bus numérique" in said(response)


def test_the_map_draws_what_the_list_of_places_keeps(client: Client, full: Standing) -> None:
    drawn = client.get("/coordination/lieux/carte.json").json()
    placed = Venue.objects.filter(operator__qualifications__programme=full.world.programme).exclude(longitude=None)
    assert {one["label"] for one in drawn} == {venue.name for venue in placed}
    kept = client.get("/coordination/lieux/carte.json", {"etat": "ferme"}).json()
    assert len(kept) < len(drawn)
    page = said(client.get("/coordination/lieux/", {"etat": "ferme", "q": "a"}))
    assert "/coordination/lieux/carte.json?etat=ferme" in page
