"""The people one prescribed to, and nobody else; the places near them."""

import pytest
from django.test import Client

from poincon.beneficiaries.models import CaseFile
from poincon.organisations.enums import Role
from poincon.passes.models import HandOver
from poincon.programmes.enums import IdentityLevel
from tests.factories import (
    LIMOGES,
    make_commune,
    make_membership,
    make_offer,
    make_organisation,
    make_service,
    make_venue,
)
from tests.www.prescriber.desk import Desk, make_desk, make_searchable, text_of

pytestmark = pytest.mark.django_db

NIR = "2 57 07 23 096 012"


@pytest.fixture
def desk(client: Client) -> Desk:
    return make_desk(client)


@pytest.fixture
def marie(desk: Desk) -> CaseFile:
    """She has the first booklet, and used one pass of it."""
    desk.take()
    desk.name()
    desk.qualify()
    desk.post("remettre/verifier/")
    given = HandOver.objects.get()
    given.booklet.used = 0b1
    given.booklet.save(update_fields=["used"])
    return CaseFile.objects.get()


def test_people_are_listed_with_what_they_use(desk: Desk, marie: CaseFile) -> None:
    listing = desk.get("personnes/").context["listing"]
    cells = {cell.column.name: cell.text for cell in listing.rows[0].cells}
    assert (cells["nom"], cells["remis"], cells["utilises"]) == ("Marie", "10", "1")


def test_they_are_found_without_accents(desk: Desk, marie: CaseFile) -> None:
    marie.beneficiary.first_name = "Élodie"
    marie.beneficiary.save()
    assert "1 personne" in text_of(desk.get("personnes/", q="elodie"))
    assert "Rien ne correspond" in text_of(desk.get("personnes/", q="zoe"))


def test_a_social_security_number_is_not_searched(desk: Desk) -> None:
    response = desk.get("personnes/", q=NIR)
    assert "sécurité sociale" in text_of(response)
    assert response.request["QUERY_STRING"] == ""


def test_the_page_of_a_person_tells_her_passes(desk: Desk, marie: CaseFile) -> None:
    page = text_of(desk.get(f"personnes/{marie.pk}/"))
    for words in ("Marie", "06 12 34 56 78", "Guéret", "Il reste 9 pass sur 10", "Dossier ouvert", desk.number()):
        assert words in page


def test_a_mistake_is_corrected(desk: Desk, marie: CaseFile) -> None:
    form = desk.get(f"personnes/{marie.pk}/modifier/").context["form"]
    assert form.initial["prenom"] == "Marie"
    sent = {"prenom": "Maria", "telephone": "06 00 00 00 01", "commune": "Aubusson"}
    sent |= {"genre": "feminin", "situation": "retraite"}
    assert desk.post(f"personnes/{marie.pk}/modifier/", **sent).status_code == 302
    marie.beneficiary.refresh_from_db()
    assert (marie.beneficiary.first_name, marie.beneficiary.commune) == ("Maria", make_commune("23008"))
    refused = desk.post(f"personnes/{marie.pk}/modifier/", **sent | {"prenom": NIR})
    assert "sécurité sociale" in refused.context["form"].errors["prenom"][0]


def test_nobody_has_a_name_in_an_anonymous_programme(client: Client) -> None:
    desk = make_desk(client, identity_level=IdentityLevel.ANONYMOUS)
    desk.take()
    desk.name(annee_naissance="1957")
    desk.qualify()
    desk.post("remettre/verifier/")
    case = CaseFile.objects.get()
    page = text_of(desk.get(f"personnes/{case.pk}/"))
    assert f"Personne n° {case.pk}" in page
    assert "1957" in page


@pytest.mark.parametrize("page", ["", "modifier/"])
def test_only_those_who_prescribed_see_her(desk: Desk, marie: CaseFile, page: str) -> None:
    path = f"personnes/{marie.pk}/{page}"
    desk.client.force_login(make_membership(Role.PRESCRIBER, desk.scheme.prescriber).user)
    assert desk.get(path).status_code == 200
    desk.client.force_login(make_membership(Role.MEDIATOR, desk.scheme.prescriber).user)
    assert desk.get(path).status_code == 403
    desk.client.force_login(make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True)).user)
    assert desk.get(path).status_code == 404
    assert desk.post(path).status_code in {404, 405}
    assert "Marie" not in text_of(desk.get("personnes/"))


# --- places -----------------------------------------------------------------------------------------------------------


def test_the_nearest_place_comes_first(desk: Desk) -> None:
    bus = make_venue(desk.scheme.operator, "23008", name="Le bus", itinerant=True)
    make_offer(bus, desk.scheme.programme, starts_on=desk.scheme.programme.starts_on)
    found = desk.get("lieux/", commune="Aubusson").context["found"]
    assert [one.venue.name for one in found] == ["Le bus", desk.scheme.venue.name]
    assert found[1].distance == "à environ 33 km"


def test_a_service_narrows_the_places(desk: Desk) -> None:
    other = make_service(label="Retouche photo")
    make_offer(
        make_venue(desk.scheme.operator, "23008", name="Le bus"),
        desk.scheme.programme,
        other,
        starts_on=desk.scheme.programme.starts_on,
    )
    found = desk.get("lieux/", commune="Guéret", service=other.code).context["found"]
    assert [one.venue.name for one in found] == ["Le bus"]


def test_one_s_own_town_is_looked_around_at_first(desk: Desk) -> None:
    desk.scheme.prescriber.commune = make_commune()
    desk.scheme.prescriber.save()
    assert "Un lieu près de Guéret" in text_of(desk.get("lieux/"))


def test_nothing_near_says_what_to_do(desk: Desk) -> None:
    make_searchable(make_commune(LIMOGES).pk, "Limoges")
    desk.scheme.venue.longitude, desk.scheme.venue.latitude = 5.0, 45.0
    desk.scheme.venue.save()
    page = text_of(desk.get("lieux/", commune="Limoges"))
    assert "Aucun lieu près de Limoges" in page
    assert "05 55 00 00 00" in page


def test_an_unknown_town_is_said_at_its_field(desk: Desk) -> None:
    assert desk.get("lieux/", commune="Zzz").context["form"].errors["commune"]
