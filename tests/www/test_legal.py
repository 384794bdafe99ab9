"""What every public site must say: filled from the settings, and honest while they are empty."""

import pytest
from django.test import Client, override_settings

from poincon.config.legal import legal_texts
from poincon.www.public.legal import what_is_checked
from tests.config.test_legal import WHOLE

pytestmark = pytest.mark.django_db
FILLED = override_settings(LEGAL=legal_texts(WHOLE))
MISSING = "pas encore renseigné"
PAGES = ["/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_at_the_foot_of_every_other(client: Client, path: str) -> None:
    assert f'href="{path}"' in client.get("/").content.decode()
    assert client.get(path).status_code == 200


@FILLED
def test_the_legal_notice_names_the_publisher_and_the_host(client: Client) -> None:
    page = client.get("/mentions-legales/").content.decode()
    for text in ("Département de la Creuse", "4 place Louis-Lacrocq", "Hébergeur public du Limousin", "tel:0555000001"):
        assert text in page
    assert MISSING not in page


@FILLED
def test_the_privacy_page_says_whom_to_ask(client: Client) -> None:
    page = client.get("/donnees-personnelles/").content.decode()
    assert "mailto:dpo@creuse.example" in page
    assert "30 jours, ou 12 heures" in page


@pytest.mark.parametrize("path", PAGES)
def test_what_is_not_filled_in_is_said(client: Client, path: str) -> None:
    assert MISSING in client.get(path).content.decode()


def test_the_privacy_page_names_every_cookie_that_the_site_sets(client: Client) -> None:
    page = client.get("/donnees-personnelles/").content.decode()
    client.post("/langue/", {"langue": "fr"})
    client.get("/connexion/")
    client.post("/connexion/", {"email": "nobody@ccas.example"})
    assert client.cookies
    assert [name for name in client.cookies if f"<dt>{name}</dt>" not in page] == []


def test_the_statement_says_what_is_tested_and_what_is_not(client: Client) -> None:
    page = client.get("/accessibilite/").content.decode()
    assert "Non conforme au RGAA 4.1" in page
    assert f"axe-core {what_is_checked()['axe_version']}" in page
    assert "lecteur d’écran" in page
