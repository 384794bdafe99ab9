from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import NOT_ALLOWED
from poincon.organisations.models import User
from poincon.www.base import errors
from tests.factories import make_user


def page(path: str = "/quelque-part") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = make_user()
    return request


@pytest.mark.django_db
def test_an_unknown_address_says_what_to_do(client: Client) -> None:
    response = client.get("/nulle-part")
    assert response.status_code == 404
    assert "Vérifiez l’adresse" in response.content.decode()


@pytest.mark.django_db
def test_a_character_that_nobody_types_is_dropped_from_an_address(as_user: Callable[[User], Client]) -> None:
    found = as_user(make_user()).get("/mon-chequier/?q=a%00b")
    assert found.status_code == 200
    assert found.wsgi_request.GET["q"] == "ab"


@pytest.mark.django_db
def test_an_unknown_address_of_the_api_answers_a_problem(client: Client) -> None:
    response = client.get("/api/nulle-part")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"
    assert response.json()["status"] == 404


@pytest.mark.django_db
def test_a_form_without_its_token_says_to_reload(as_user: Callable[[User], Client]) -> None:
    as_user(make_user())
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/deconnexion/")
    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("handler", "status"), [(errors.bad_request, 400), (errors.forbidden, 403), (errors.too_many_requests, 429)]
)
def test_each_error_has_its_page(handler: Callable[..., HttpResponse], status: int) -> None:
    response = handler(page(), exception=Exception())
    assert response.status_code == status
    assert "Revenir à l’accueil" in response.content.decode()


def test_a_fault_of_ours_asks_nothing_of_the_database() -> None:
    response = errors.server_error(RequestFactory().get("/accueil/"))
    assert response.status_code == 500
    assert "n’est pas enregistré" in response.content.decode()


def test_a_fault_of_ours_in_the_api_answers_a_problem() -> None:
    response = errors.server_error(RequestFactory().get("/api/v1/scans"))
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_refusal_that_nobody_answered_is_read_on_a_page() -> None:
    response = errors.refused(page(), Refusal("too_late", "Le lot est déjà imprimé.", "Commandez-en un autre."))
    assert response.status_code == 422
    assert "Le lot est déjà imprimé." in response.content.decode()
    assert "Commandez-en un autre." in response.content.decode()


@pytest.mark.django_db
def test_a_missing_right_is_forbidden() -> None:
    response = errors.refused(page(), NOT_ALLOWED.filled(right="commander un lot"))
    assert response.status_code == 403
    assert "commander un lot" in response.content.decode()


def refused_after(referer: str, *, method: str = "POST") -> str:
    request = RequestFactory().generic(method, "/lots/", headers={"Referer": referer})
    request.user = AnonymousUser()
    return errors.refused(request, Refusal("too_late", "Trop tard.")).content.decode()


@pytest.mark.django_db
def test_a_refusal_leads_back_to_what_one_was_doing() -> None:
    assert 'href="http://testserver/lots/3/">Revenir à la page précédente' in refused_after("http://testserver/lots/3/")


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["", "https://ailleurs.example/", "javascript:alert(1)", "//ailleurs.example"])
def test_a_refusal_never_leads_elsewhere(referer: str) -> None:
    assert "page précédente" not in refused_after(referer)


@pytest.mark.django_db
def test_a_page_that_refuses_does_not_lead_back_to_itself() -> None:
    assert "page précédente" not in refused_after("http://testserver/lots/", method="GET")


@pytest.mark.django_db
def test_a_host_that_is_not_ours_gets_a_page_too(client: Client) -> None:
    response = client.get("/", headers={"Host": "ailleurs.example", "Referer": "http://ailleurs.example/"})
    assert response.status_code == 400
    assert "Cette demande est illisible" in response.content.decode()
