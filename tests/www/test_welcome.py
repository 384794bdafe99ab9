from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import make_programme


@pytest.mark.django_db
def test_anybody_reads_the_programmes_running_and_their_telephone(client: Client) -> None:
    make_programme(name="Pass de la Creuse", phone="05 55 44 30 00")
    page = client.get("/").content.decode()
    assert "Pass de la Creuse" in page
    assert 'href="tel:0555443000"' in page


@pytest.mark.django_db
def test_a_programme_that_is_over_is_not_shown(client: Client) -> None:
    make_programme(name="Ancien dispositif", starts_on=date(2019, 1, 1), ends_on=date(2021, 12, 31))
    page = client.get("/").content.decode()
    assert "Ancien dispositif" not in page
    assert "Aucun dispositif n’est ouvert aujourd’hui" in page


@pytest.mark.django_db
def test_the_welcome_page_reads_the_programmes_once(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_programme()
    with django_assert_num_queries(1):
        client.get("/")


@pytest.mark.django_db
def test_every_page_names_only_this_site_as_a_source(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
