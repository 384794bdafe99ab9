"""Devices, team, places and services, the account: what the manager of a structure sets."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from schwifty import IBAN

from poincon.mediation.models import ServiceOffer, Venue
from poincon.organisations.devices import recognise
from poincon.organisations.enums import Role
from poincon.organisations.models import BankAccount, Device, Invitation, Membership
from poincon.organisations.services import revoke_device
from poincon.territories.enums import KeyLevel
from poincon.territories.models import SearchKey
from poincon.territories.rules import normalise_name, prefix_number
from tests.factories import (
    SYSTEM,
    Scheme,
    make_commune,
    make_membership,
    make_organisation,
    make_scheme,
    make_service,
    make_user,
    make_venue,
)
from tests.www.operator.conftest import Enter
from tests.www.operator.test_punching import page_of
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db

MANAGER_PAGES = ("equipe/", "equipe/inviter/", "lieux/", "lieux/ouvrir/", "releves/", "releves/compte/")


@pytest.fixture
def manager(enter: Enter) -> Client:
    return enter(Role.OPERATOR_MANAGER)


@pytest.fixture
def stranger() -> Client:
    """The manager of another structure."""
    user = make_scheme().actor(Role.OPERATOR_MANAGER).user
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", MANAGER_PAGES)
def test_these_pages_are_the_manager_s(enter: Enter, manager: Client, page: str) -> None:
    assert manager.get(f"/mediation/{page}").status_code == 200
    assert enter(Role.MEDIATOR).get(f"/mediation/{page}").status_code == 403


# --- devices ----------------------------------------------------------------------------------------------------------


def test_a_device_is_added_and_its_token_shown_once(manager: Client) -> None:
    page = page_of(manager.post("/mediation/appareils/ajouter/", {"nom": "Téléphone de l’accueil"}))
    [token] = re.findall(r'<p class="secret token">([^<]+)</p>', page)
    scanner = recognise(token)
    assert scanner is not None
    assert scanner.label == "Téléphone de l’accueil"
    assert token not in page_of(manager.get("/mediation/appareils/"))


def test_the_page_of_a_token_is_kept_by_nobody(manager: Client) -> None:
    response = manager.post("/mediation/appareils/ajouter/", {"nom": "Tablette"})
    assert "no-store" in response["Cache-Control"]


def test_reloading_the_page_of_a_token_adds_nothing(manager: Client) -> None:
    [asked] = re.findall(r'name="demande" value="([^"]+)"', page_of(manager.get("/mediation/appareils/ajouter/")))
    sent = {"nom": "Tablette", "demande": asked}
    assert "secret token" in page_of(manager.post("/mediation/appareils/ajouter/", sent))
    again = manager.post("/mediation/appareils/ajouter/", sent, follow=True)
    assert as_shown("« Tablette » est déjà ajouté.") in page_of(again)
    assert Device.objects.count() == 1


def test_another_form_adds_another_device(manager: Client) -> None:
    for _ in range(2):
        page = page_of(manager.get("/mediation/appareils/ajouter/"))
        [asked] = re.findall(r'name="demande" value="([^"]+)"', page)
        manager.post("/mediation/appareils/ajouter/", {"nom": "Tablette", "demande": asked})
    assert Device.objects.count() == 2


def test_a_device_without_name_is_refused_at_its_field(manager: Client) -> None:
    assert "Remplissez « Nom de l’appareil »" in page_of(
        manager.post("/mediation/appareils/ajouter/", {"nom": ""})
    ).replace("\N{NO-BREAK SPACE}", " ")
    assert Device.objects.count() == 0


def test_a_lost_device_is_withdrawn_by_its_structure_only(manager: Client, stranger: Client) -> None:
    manager.post("/mediation/appareils/ajouter/", {"nom": "Tablette"})
    where = f"/mediation/appareils/{Device.objects.get().pk}/retirer/"
    assert stranger.post(where).status_code == 404
    assert Device.objects.get().revoked_at is None
    assert "il ne poinçonne plus" in page_of(manager.post(where, follow=True))
    assert Device.objects.get().revoked_at is not None


def test_devices_are_filtered_and_sorted_by_their_last_contact(scheme: Scheme, manager: Client) -> None:
    for name in ("Tablette", "Oublié", "Vendu"):
        manager.post("/mediation/appareils/ajouter/", {"nom": name})
    now = timezone.now()
    Device.objects.filter(label="Oublié").update(enrolled_at=now - timedelta(days=90))
    Device.objects.filter(label="Tablette").update(last_contact_at=now, enrolled_at=now - timedelta(days=99))
    vendu = Device.objects.get(label="Vendu")
    revoke_device(by=SYSTEM, device=vendu, now=now)
    Device.objects.filter(pk=vendu.pk).update(last_contact_at=now - timedelta(days=120))

    def shown(asked: str) -> list[str]:
        page = page_of(manager.get(f"/mediation/appareils/?{asked}"))
        return sorted({"Tablette", "Oublié", "Vendu"} & set(re.findall(r"\w+", page)), key=page.index)

    assert shown("tri=contact") == ["Vendu", "Oublié", "Tablette"]
    assert shown("tri=-contact") == ["Tablette", "Oublié", "Vendu"]
    assert shown("etat=service&tri=contact") == ["Oublié", "Tablette"]
    assert shown("etat=retire") == ["Vendu"]
    assert shown("q=tabl") == ["Tablette"]


def test_a_role_for_one_programme_sees_no_device(scheme: Scheme, manager: Client) -> None:
    manager.post("/mediation/appareils/ajouter/", {"nom": "Tablette"})
    user = make_user()
    make_membership(Role.MEDIATOR, scheme.operator, user=user, programme=scheme.programme)
    client = Client()
    client.force_login(user)
    page = page_of(client.get("/mediation/appareils/"))
    assert "Tablette" not in page
    assert "ne vaut que pour un dispositif" in page


# --- team -------------------------------------------------------------------------------------------------------------


def invited(manager: Client, email: str = "luc@exemple.fr", role: Role = Role.MEDIATOR) -> str:
    form = {"courriel": email, "nom": "Luc Petit", "role": role}
    return page_of(manager.post("/mediation/equipe/inviter/", form, follow=True))


def test_somebody_is_invited_by_mail_then_again_then_no_more(manager: Client) -> None:
    assert "L’invitation part à luc@exemple.fr." in invited(manager)
    invitation = Invitation.objects.get()
    assert invitation.role == Role.MEDIATOR
    manager.post(f"/mediation/equipe/invitations/{invitation.pk}/renvoyer/")
    assert Invitation.objects.get().sendings == 2
    manager.post(f"/mediation/equipe/invitations/{invitation.pk}/retirer/")
    assert Invitation.objects.get().revoked_at is not None


def test_inviting_twice_is_refused_and_nothing_typed_is_lost(manager: Client) -> None:
    invited(manager)
    page = invited(manager)
    assert "est déjà invité" in page
    assert 'value="Luc Petit"' in page


def test_the_invitation_of_another_structure_is_not_found(manager: Client, stranger: Client) -> None:
    invited(manager)
    for action in ("renvoyer", "retirer"):
        where = f"/mediation/equipe/invitations/{Invitation.objects.get().pk}/{action}/"
        assert stranger.post(where).status_code == 404


def test_a_role_is_changed_and_taken_back(manager: Client, scheme: Scheme) -> None:
    member = make_membership(Role.MEDIATOR, scheme.operator)
    manager.post(f"/mediation/equipe/{member.pk}/role/", {"role": Role.OPERATOR_MANAGER})
    now = Membership.objects.get(user=member.user, ended_at=None)
    assert now.role == Role.OPERATOR_MANAGER
    assert "ne fait plus partie" in page_of(manager.post(f"/mediation/equipe/{now.pk}/retirer/", follow=True))
    assert not Membership.objects.filter(user=member.user, ended_at=None).exists()


def test_a_stranger_changes_nobody(stranger: Client, scheme: Scheme) -> None:
    member = make_membership(Role.MEDIATOR, scheme.operator)
    assert stranger.post(f"/mediation/equipe/{member.pk}/role/", {"role": Role.OPERATOR_MANAGER}).status_code == 404
    assert stranger.post(f"/mediation/equipe/{member.pk}/retirer/").status_code == 404
    member.refresh_from_db()
    assert (member.role, member.ended_at) == (Role.MEDIATOR, None)


def test_the_team_is_searched_and_exported(manager: Client, scheme: Scheme) -> None:
    make_membership(Role.MEDIATOR, scheme.operator, user=make_user(full_name="Nadia Petit"))
    stranger = make_membership(Role.MEDIATOR, make_organisation(), user=make_user(full_name="Nadia Loin"))
    page = page_of(manager.get("/mediation/equipe/?q=nadia"))
    assert "Nadia Petit" in page
    assert "1 personne" in page
    lines = manager.get("/mediation/equipe/?format=csv").getvalue().decode()
    assert "Nadia Petit" in lines
    assert str(stranger.user) not in page + lines


def test_the_roles_of_others_are_not_of_the_team(manager: Client, scheme: Scheme) -> None:
    prescriber = make_membership(Role.PRESCRIBER, scheme.operator)
    assert manager.post(f"/mediation/equipe/{prescriber.pk}/retirer/").status_code == 404


# --- places and services ----------------------------------------------------------------------------------------------


@pytest.fixture
def _gueret() -> None:
    commune = make_commune()
    text = normalise_name(commune.name)
    SearchKey.objects.create(text=text, number=prefix_number(text), level=KeyLevel.NAME, commune=commune)


PLACE = {"nom": "La Navette", "commune": "Guéret", "adresse": "14 quai des Îles", "telephone": "0555660000"}


@pytest.mark.usefixtures("_gueret")
def test_a_place_is_opened_then_asks_what_is_done_there(manager: Client) -> None:
    page = page_of(manager.post("/mediation/lieux/ouvrir/", PLACE, follow=True))
    assert "Dites maintenant ce qu’on y fait" in page
    assert Venue.objects.get(name="La Navette").phone == "05 55 66 00 00"


@pytest.mark.usefixtures("_gueret")
def test_a_refusal_of_the_verb_keeps_what_was_typed(manager: Client) -> None:
    page = page_of(manager.post("/mediation/lieux/ouvrir/", PLACE | {"telephone": "12"}))
    assert 'value="La Navette"' in page
    assert "form-problems" in page
    assert not Venue.objects.filter(name="La Navette").exists()


@pytest.mark.usefixtures("_gueret")
def test_correcting_a_place_leaves_it_where_it_was_put(manager: Client, scheme: Scheme) -> None:
    Venue.objects.filter(pk=scheme.venue.pk).update(longitude=1.9, latitude=46.2)
    manager.post(f"/mediation/lieux/{scheme.venue.pk}/modifier/", PLACE)
    venue = Venue.objects.get(pk=scheme.venue.pk)
    assert (venue.name, venue.longitude, venue.latitude) == ("La Navette", 1.9, 46.2)


def test_a_place_is_closed_with_its_services_then_opened_again(manager: Client, scheme: Scheme) -> None:
    today = timezone.localdate()
    manager.post(f"/mediation/lieux/{scheme.venue.pk}/fermer/", {"jour": today})
    assert ServiceOffer.objects.get(pk=scheme.offer.pk).ended_on == today
    manager.post(f"/mediation/lieux/{scheme.venue.pk}/rouvrir/")
    assert Venue.objects.get(pk=scheme.venue.pk).closed_on is None


def test_a_service_is_published_its_price_changed_then_withdrawn(manager: Client, scheme: Scheme) -> None:
    today, venue = timezone.localdate(), scheme.venue.pk
    service = make_service(label="Visio")
    form = {"dispositif": scheme.programme.pk, "service": service.pk, "prix": 1, "minutes": 60, "des_le": today}
    assert as_shown("« Visio » est publié.") in page_of(
        manager.post(f"/mediation/lieux/{venue}/services/publier/", form, follow=True)
    )
    offer = ServiceOffer.objects.get(service=service)
    soon = today + timedelta(days=7)
    manager.post(f"/mediation/services/{offer.pk}/prix/", {"prix": 2, "minutes": 120, "des_le": soon})
    dearer = ServiceOffer.objects.get(service=service, price=2)
    assert dearer.starts_on == soon
    manager.post(f"/mediation/services/{dearer.pk}/retirer/", {"jour": soon})
    assert ServiceOffer.objects.get(pk=dearer.pk).ended_on == soon


def test_the_places_of_others_are_not_found(stranger: Client, scheme: Scheme) -> None:
    venue, offer = scheme.venue.pk, scheme.offer.pk
    for page in (f"lieux/{venue}/", f"lieux/{venue}/modifier/", f"lieux/{venue}/services/publier/"):
        assert stranger.get(f"/mediation/{page}").status_code == 404
    for page in (f"lieux/{venue}/fermer/", f"lieux/{venue}/rouvrir/", f"services/{offer}/retirer/"):
        assert stranger.post(f"/mediation/{page}", {"jour": timezone.localdate()}).status_code == 404
    assert Venue.objects.get(pk=venue).closed_on is None


# --- the account ------------------------------------------------------------------------------------------------------


def test_the_account_is_given_then_only_its_end_is_read(manager: Client, scheme: Scheme) -> None:
    assert "Il manque le compte" in page_of(manager.get("/mediation/releves/"))
    iban = IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code="00000000001").compact
    page = page_of(manager.post("/mediation/releves/compte/", {"titulaire": "Tiers-lieu", "iban": iban}, follow=True))
    assert BankAccount.objects.get().organisation == scheme.operator
    assert iban[-4:] in page
    assert iban not in page


def test_a_wrong_iban_is_refused_in_words(manager: Client) -> None:
    page = page_of(manager.post("/mediation/releves/compte/", {"titulaire": "Tiers-lieu", "iban": "FR76 1234"}))
    assert "IBAN" in page
    assert "form-problems" in page
    assert BankAccount.objects.count() == 0


def test_places_are_filtered_open_ones_first(manager: Client, scheme: Scheme) -> None:
    closed = make_venue(scheme.operator, name="Ancienne salle", closed_on=timezone.localdate())
    make_venue(scheme.operator, name="Salle neuve")

    def shown(asked: str = "") -> list[str]:
        rows = manager.get(f"/mediation/lieux/?{asked}").context["listing"].rows
        return [row.row.name for row in rows]

    assert shown() == [*sorted([scheme.venue.name, "Salle neuve"]), closed.name]
    assert shown("etat=ferme") == [closed.name]
    assert shown("etat=sans-service") == ["Salle neuve"]
    assert shown("q=neuve") == ["Salle neuve"]
