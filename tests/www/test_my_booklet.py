import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from poincon.passes import codes
from poincon.passes.enums import Validity
from poincon.passes.models import Booklet
from poincon.www.public.views import LOOKUPS_PER_MINUTE
from tests.factories import make_programme, make_scheme
from tests.www.making import make_booklet, printed_path
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db


def test_a_printed_code_shows_what_is_left(client: Client) -> None:
    scheme = make_scheme(phone="05 55 44 30 00", referent="Claire Moreau")
    booklet = make_booklet(scheme.programme, used=(1, 2, 3))
    page = client.get(printed_path(booklet)).content.decode()
    assert as_shown(codes.written(booklet.number)) in page
    assert "Il reste 7 pass sur 10" in page
    assert page.count("pass-used") == 3
    assert page.count(": pas encore utilisé") == 7
    assert "Claire Moreau" in page
    assert scheme.venue.name in page


def test_only_the_passes_that_were_given_are_counted_and_drawn(client: Client) -> None:
    booklet = make_booklet(make_programme(), used=(1, 2))
    Booklet.objects.filter(pk=booklet.pk).update(handed=0b11111)
    page = client.get(printed_path(booklet)).content.decode()
    assert "Il reste 3 pass sur 5" in page
    assert (page.count('class="pass pass-used"'), page.count(": pas encore utilisé")) == (2, 3)


def test_a_phone_that_writes_small_letters_reads_it_too(client: Client) -> None:
    path = printed_path(make_booklet(make_programme()))
    assert "Il reste 10 pass sur 10" in client.get(path.lower()).content.decode()


@pytest.mark.parametrize("separator", [" ", "", "-", "."])
def test_a_number_is_read_however_it_is_typed(client: Client, separator: str) -> None:
    booklet = make_booklet(make_programme())
    typed = codes.written(booklet.number).replace(" ", separator).lower()
    assert "Ce chéquier est valable." in client.get("/mon-chequier/", {"numero": typed}).content.decode()


def test_a_blocked_booklet_looks_dead(client: Client) -> None:
    booklet = make_booklet(make_programme(), validity=Validity.BLOCKED)
    page = client.get(printed_path(booklet)).content.decode()
    assert "Ce chéquier n’est plus valable." in page
    assert "passes-dead" in page
    assert "Il reste" not in page


def test_a_used_up_booklet_says_so_to_the_person_who_holds_it(client: Client) -> None:
    booklet = make_booklet(make_programme(), size=5, used=(1, 2, 3, 4, 5))
    page = client.get(printed_path(booklet)).content.decode()
    assert "Tous vos pass sont utilisés." in page
    assert "vous en demandez" not in page


def test_a_wrong_number_is_refused_in_words(client: Client) -> None:
    page = client.get("/mon-chequier/", {"numero": "4829 1570 3000"}).content.decode()
    assert 'role="alert"' in page
    assert "Relisez le numéro" in page
    assert 'value="4829 1570 3000"' in page


def test_a_number_cut_short_says_how_many_signs_it_lacks(client: Client) -> None:
    page = client.get("/mon-chequier/", {"numero": "4829 1570"}).content.decode()
    assert as_shown("Vous avez tapé 8 signes ; un numéro en compte douze.") in page


def test_an_empty_number_is_refused_next_to_its_field(client: Client) -> None:
    page = client.get("/mon-chequier/", {"numero": ""}).content.decode()
    assert "Tapez le numéro de votre chéquier." in page
    assert 'aria-describedby="id_numero_helptext id_numero_error"' in page
    assert "<title>Erreur" in page


@pytest.mark.parametrize("path", ["/P/ABC", "/P/" + "0" * 128, "/P/" + "Z" * 128, "/p/" + "I" * 128, "/P/" + "A" * 200])
def test_a_forged_or_cut_code_is_refused_in_words(client: Client, path: str) -> None:
    make_booklet(make_programme())
    response = client.get(path)
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_nobody_can_use_a_pass_from_here(client: Client) -> None:
    booklet = make_booklet(make_programme())
    response = client.get(printed_path(booklet))
    # The only thing one may send from there is the language one reads.
    assert re.findall(r'method="post" action="([^"]+)"', response.content.decode()) == ["/langue/"]
    assert client.post(printed_path(booklet)).status_code == 405


def test_no_search_engine_and_no_proxy_keeps_the_page(client: Client) -> None:
    response = client.get(printed_path(make_booklet(make_programme())))
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


def test_trying_numbers_one_after_the_other_is_slowed_down(client: Client, at_second: Callable[[float], None]) -> None:
    at_second(59.9)
    statuses = [client.get("/mon-chequier/").status_code for _ in range(LOOKUPS_PER_MINUTE + 1)]
    assert statuses == [200] * LOOKUPS_PER_MINUTE + [429]
    elsewhere = client.get("/mon-chequier/", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200
    at_second(60.0)
    assert client.get("/mon-chequier/").status_code == 200


def test_a_whole_ipv6_network_counts_as_one_address(client: Client, at_second: Callable[[float], None]) -> None:
    at_second(0.0)
    for rank in range(LOOKUPS_PER_MINUTE):
        client.get("/mon-chequier/", REMOTE_ADDR=f"2001:db8:0:1::{rank + 1:x}")
    assert client.get("/mon-chequier/", REMOTE_ADDR="2001:db8:0:1::ffff").status_code == 429
    assert client.get("/mon-chequier/", REMOTE_ADDR="2001:db8:0:2::1").status_code == 200


def test_the_page_costs_the_same_however_many_places(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    scheme = make_scheme()
    path = printed_path(make_booklet(scheme.programme))
    client.get(path)  # reads the rules of the programme, kept in the process
    # The limit is one reading and one writing of the cache (6), the booklet and its key 3, the places 1.
    with django_assert_max_num_queries(10):
        client.get(path)
