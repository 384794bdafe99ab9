import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from poincon.mediation.models import Venue
from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.territories.enums import KeyLevel
from poincon.territories.models import SearchKey
from poincon.territories.rules import normalise_name, prefix_number
from poincon.www.public.scheme import PLACES_PER_PAGE, SEARCHES_PER_MINUTE
from tests.factories import (
    AUBUSSON,
    Scheme,
    make_commune,
    make_offer,
    make_organisation,
    make_public,
    make_qualification,
    make_scheme,
    make_service,
    make_venue,
)
from tests.www.making import make_booklet
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    next_year = timezone.localdate() + timedelta(days=365)
    return make_scheme(code="creuse", name="Pass de la Creuse", phone="05 55 44 30 00", ends_on=next_year)


def page(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def names(text: str) -> list[str]:
    return re.findall(r'/lieux/\d+/">([^<]+)</a></h3>', text)


# --- the home of a scheme ---------------------------------------------------------------------------------------------


def test_a_scheme_alone_is_the_home_of_the_site(client: Client, scheme: Scheme) -> None:
    home = page(client, "/")
    assert "<h1>Pass de la Creuse</h1>" in home
    assert as_shown("Comment ça marche ?") in home


def test_among_several_schemes_one_chooses(client: Client, scheme: Scheme) -> None:
    make_scheme(name="Pass des seniors", ends_on=scheme.programme.ends_on)
    home = page(client, "/")
    assert 'href="/dispositif/creuse/"' in home
    assert "Pass des seniors" in home


def test_it_says_for_whom_where_to_ask_whom_to_call_and_who_pays(client: Client, scheme: Scheme) -> None:
    make_public(scheme.programme, label="Personnes de plus de 60 ans")
    make_public(scheme.programme, label="Public fermé", open_until=timezone.localdate() - timedelta(days=1))
    Organisation.objects.filter(pk=scheme.prescriber.pk).update(phone="05 55 11 22 33")
    text = page(client, "/dispositif/creuse/")
    assert "Personnes de plus de 60 ans" in text
    assert "Public fermé" not in text
    assert 'href="tel:0555112233"' in text
    assert 'href="tel:0555443000"' in text
    assert scheme.funder.name in text


def test_who_gives_booklets_without_a_telephone_is_named_all_the_same(client: Client, scheme: Scheme) -> None:
    Organisation.objects.filter(pk=scheme.prescriber.pk).update(phone="")
    asked = page(client, "/dispositif/creuse/").split("Où demander un chéquier", 1)[1].split("</section>", 1)[0]
    assert scheme.prescriber.name in asked
    assert "tel:" not in asked


def test_an_unknown_scheme_is_not_found(client: Client) -> None:
    assert client.get("/dispositif/inconnu/").status_code == 404


def test_a_scheme_that_is_over_says_so(client: Client) -> None:
    today = timezone.localdate()
    make_scheme(code="ancien", starts_on=today - timedelta(days=90), ends_on=today - timedelta(days=1))
    assert "Ce dispositif est terminé depuis le" in page(client, "/dispositif/ancien/")


def test_without_passes_no_booklet_is_spoken_of(client: Client) -> None:
    make_scheme(code="gratuit", uses_passes=False)
    assert "Demandez un chéquier" not in page(client, "/dispositif/gratuit/")


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def away(scheme: Scheme) -> Venue:
    venue = make_venue(scheme.operator, AUBUSSON, name="La Navette", phone="05 55 66 00 00")
    make_offer(venue, scheme.programme, make_service(label="Visio avec ses proches"))
    return venue


def test_places_are_listed_with_their_telephone(client: Client, scheme: Scheme, away: Venue) -> None:
    text = page(client, "/dispositif/creuse/lieux/")
    assert names(text) == sorted([scheme.venue.name, "La Navette"])
    assert 'href="tel:0555660000"' in text
    assert "data-map=" in text


@pytest.fixture
def towns(db: None) -> None:
    """Guéret and Aubusson, found by their names."""
    for commune in (make_commune(), make_commune(AUBUSSON)):
        text = normalise_name(commune.name)
        SearchKey.objects.create(text=text, number=prefix_number(text), level=KeyLevel.NAME, commune=commune)


@pytest.mark.usefixtures("towns")
@pytest.mark.parametrize("town", ["aubusson", "Guéret"])
def test_the_nearest_place_comes_first(client: Client, scheme: Scheme, away: Venue, town: str) -> None:
    text = page(client, "/dispositif/creuse/lieux/", ville=town)
    assert names(text)[0] == ("La Navette" if town == "aubusson" else scheme.venue.name)
    assert as_shown("Du plus proche au plus loin, à moins de 60 km de") in text
    assert "dans votre ville" in text
    assert re.search(r"à 3\d\skm", text)


@pytest.mark.usefixtures("towns")
def test_all_the_places_near_a_town_are_said_and_offered(
    client: Client, scheme: Scheme, away: Venue, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(60):
        make_offer(make_venue(scheme.operator), scheme.programme, scheme.offer.service)
    assert "62 lieux" in page(client, "/dispositif/creuse/lieux/", ville="Guéret")
    with django_assert_max_num_queries(15):
        last = page(client, "/dispositif/creuse/lieux/", ville="Guéret", page="4")
    assert (len(names(last)), names(last)[-1]) == (2, "La Navette")


def test_a_service_keeps_the_places_that_give_it(client: Client, scheme: Scheme, away: Venue) -> None:
    service = str(away.offers.get().service_id)
    assert names(page(client, "/dispositif/creuse/lieux/", service=service)) == ["La Navette"]


def test_places_and_services_are_in_the_order_of_a_dictionary(client: Client, scheme: Scheme) -> None:
    for name in ("Zénith", "école Zola", "Étoile"):
        make_offer(make_venue(scheme.operator, name=name), scheme.programme, make_service(label=name))
    text = page(client, "/dispositif/creuse/lieux/")
    assert [name for name in names(text) if name != scheme.venue.name] == ["école Zola", "Étoile", "Zénith"]
    labels = re.findall(r"<option[^>]*>(école Zola|Étoile|Zénith)</option>", text)
    assert labels == ["école Zola", "Étoile", "Zénith"]


def test_an_unknown_town_is_said_at_its_field(client: Client, scheme: Scheme) -> None:
    text = page(client, "/dispositif/creuse/lieux/", ville="Nulle-Part-sur-Rien")
    assert "Nous ne trouvons pas cette ville" in text
    assert 'aria-invalid="true"' in text
    assert 'value="Nulle-Part-sur-Rien"' in text


@pytest.mark.parametrize("service", ["0", "abc", "-1"])
def test_a_service_that_is_not_there_is_said_at_its_field(client: Client, scheme: Scheme, service: str) -> None:
    assert "Choisissez dans la liste." in page(client, "/dispositif/creuse/lieux/", service=service)


def test_no_place_leaves_somebody_to_call(client: Client, scheme: Scheme) -> None:
    scheme.offer.delete()
    text = page(client, "/dispositif/creuse/lieux/")
    assert "Les lieux ne sont pas encore connus." in text
    assert 'href="tel:0555443000"' in text


def test_the_list_costs_the_same_however_many_places(
    client: Client, scheme: Scheme, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_offer(make_venue(scheme.operator), scheme.programme)
    with django_assert_max_num_queries(13):
        client.get("/dispositif/creuse/lieux/")


@pytest.mark.parametrize("address", ["/dispositif/creuse/lieux/", "/dispositif/creuse/lieux/carte.json"])
def test_copying_all_places_is_slowed_down(
    client: Client, scheme: Scheme, address: str, at_second: Callable[[float], None]
) -> None:
    at_second(0.0)
    statuses = [client.get(address).status_code for _ in range(SEARCHES_PER_MINUTE + 1)]
    assert statuses[-2:] == [200, 429]


def test_a_long_list_is_cut_into_pages_that_keep_what_was_asked(client: Client, scheme: Scheme) -> None:
    for rank in range(PLACES_PER_PAGE):
        make_offer(make_venue(scheme.operator, name=f"Place {rank:02}"), scheme.programme, scheme.offer.service)
    service = str(scheme.offer.service_id)
    first = page(client, "/dispositif/creuse/lieux/", service=service)
    second = page(client, "/dispositif/creuse/lieux/", service=service, page="2")
    assert f"{PLACES_PER_PAGE + 1} lieux" in first
    assert f'href="?service={service}&amp;page=2"' in first
    assert len(names(first)) == PLACES_PER_PAGE
    assert {*names(first), *names(second)} == set(Venue.objects.values_list("name", flat=True))


def test_the_map_draws_the_places_of_every_page_that_have_a_position(
    client: Client, scheme: Scheme, away: Venue
) -> None:
    Venue.objects.filter(pk=scheme.venue.pk).update(longitude=None, latitude=None)
    drawn = client.get("/dispositif/creuse/lieux/carte.json").json()
    assert [(one["label"], one["at"]) for one in drawn] == [("La Navette", [away.latitude, away.longitude])]
    assert client.get("/dispositif/creuse/lieux/carte.json?service=0").json() == drawn


def test_the_map_keeps_what_the_list_keeps(client: Client, scheme: Scheme, away: Venue) -> None:
    service = away.offers.get().service_id
    drawn = client.get(f"/dispositif/creuse/lieux/carte.json?service={service}").json()
    assert [one["label"] for one in drawn] == ["La Navette"]
    assert f"/dispositif/creuse/lieux/carte.json?service={service}" in page(
        client, "/dispositif/creuse/lieux/", service=str(service)
    )


# --- one place --------------------------------------------------------------------------------------------------------


def test_a_place_says_whom_to_call_and_what_one_learns_there(client: Client, scheme: Scheme, away: Venue) -> None:
    text = page(client, f"/dispositif/creuse/lieux/{away.pk}/")
    assert "<h1>La Navette</h1>" in text
    assert 'href="tel:0555660000"' in text
    assert "Visio avec ses proches" in text


def test_a_place_closed_or_of_another_scheme_is_not_found(client: Client, scheme: Scheme, away: Venue) -> None:
    elsewhere = make_scheme()
    assert client.get(f"/dispositif/creuse/lieux/{elsewhere.venue.pk}/").status_code == 404
    Venue.objects.filter(pk=away.pk).update(closed_on=timezone.localdate())
    assert client.get(f"/dispositif/creuse/lieux/{away.pk}/").status_code == 404


def test_a_place_of_an_operator_no_longer_qualified_is_not_found(client: Client, scheme: Scheme) -> None:
    operator = make_organisation()
    venue = make_venue(operator)
    make_offer(venue, scheme.programme)
    make_qualification(operator, scheme.programme, withdrawn_on=timezone.localdate())
    assert client.get(f"/dispositif/creuse/lieux/{venue.pk}/").status_code == 404


# --- my booklet, near me ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("towns")
def test_my_booklet_shows_the_nearest_places_first(client: Client, scheme: Scheme, away: Venue) -> None:
    number = codes.written(make_booklet(scheme.programme).number)
    text = page(client, "/mon-chequier/", numero=number, ville="Aubusson")
    assert "Où aller près de chez vous" in text
    assert text.index("La Navette") < text.index(f">{scheme.venue.name}<")
    assert f'name="numero" value="{number}"' in text


def test_my_booklet_with_an_unknown_town_still_shows_the_passes(client: Client, scheme: Scheme) -> None:
    number = codes.written(make_booklet(scheme.programme).number)
    text = page(client, "/mon-chequier/", numero=number, ville="Nulle-Part")
    assert "Il reste 10 pass sur 10" in text
    assert "Nous ne trouvons pas cette ville" in text
