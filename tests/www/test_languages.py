"""The language of a page: chosen, else asked by the browser, else French; programs always read French."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from poincon.kernel.refusals import Refusal
from poincon.organisations.actors import Actor
from poincon.organisations.models import User
from poincon.organisations.services import choose_language
from poincon.www.base.languages import LanguageMiddleware
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SHEETS = sorted(Path("poincon/www/base/static/poincon").glob("*.css"))
#: Left and right change sides in a language read from right to left; start and end follow it.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border)-(?:left|right)\b|(?<![\w-])(?:left|right):|text-align: (?:left|right)|float:"
)


def language_of(page: bytes) -> str:
    found = re.search(rb'<html lang="([a-z-]+)" dir="(ltr|rtl)">', page)
    assert found
    return b" ".join(found.groups()).decode()


def test_a_page_speaks_the_language_that_the_browser_asks_for(client: Client) -> None:
    assert language_of(client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).content) == "en ltr"
    assert language_of(client.get("/", headers={"Accept-Language": "de"}).content) == "fr ltr"
    assert language_of(client.get("/").content) == "fr ltr"


def test_the_thread_that_answered_speaks_its_own_language_again(client: Client) -> None:
    client.get("/", headers={"Accept-Language": "en"})
    assert translation.get_language() == "fr"


def test_a_file_is_written_in_the_language_of_its_page_while_it_is_sent() -> None:
    def answered(_request: HttpRequest) -> HttpResponseBase:
        return StreamingHttpResponse(str(gettext_lazy("Accueil")) for _ in range(2))

    request = RequestFactory().get("/", headers={"Accept-Language": "en"})
    response = LanguageMiddleware(answered)(request)
    assert b" ".join(response) == b"Home Home"
    assert translation.get_language() == "fr"


def test_the_language_chosen_is_kept(client: Client) -> None:
    response = client.post(reverse("change_language"), {"langue": "en", "suite": "/mon-chequier/"})
    assert response["Location"] == "/mon-chequier/"
    assert language_of(client.get("/", headers={"Accept-Language": "fr"}).content) == "en ltr"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    client.post(reverse("change_language"), {"langue": "xx", "suite": "/"})
    assert language_of(client.get("/").content) == "fr ltr"


@pytest.mark.parametrize("where", ["https://exemple.fr/", "//exemple.fr", "javascript:alert(1)", ""])
def test_one_comes_back_to_this_site_only(client: Client, where: str) -> None:
    assert client.post(reverse("change_language"), {"langue": "en", "suite": where})["Location"] == "/"


def test_a_person_finds_her_language_again(as_user: Callable[[User], Client]) -> None:
    user = make_user()
    as_user(user).post(reverse("change_language"), {"langue": "en", "suite": "/"})
    user.refresh_from_db()
    assert user.language == "en"


def test_a_language_the_site_does_not_speak_is_refused() -> None:
    user = make_user()
    with pytest.raises(Refusal, match="xx"):
        choose_language(by=Actor(user=user, source="test"), language="xx")
    user.refresh_from_db()
    assert user.language == ""


def test_programs_read_french_whatever_they_ask(client: Client) -> None:
    response = client.get("/api/v1/scanner/state", headers={"Accept-Language": "en"})
    assert "fr" in response.headers.get("Content-Language", "fr")
    assert "jeton" in response.json()["detail"].lower()


@override_settings(LANGUAGES=[("fr", "Français"), ("ar", "العربية")])
def test_a_page_is_laid_out_from_right_to_left(client: Client) -> None:
    page = client.get("/", headers={"Accept-Language": "ar"}).content
    assert language_of(page) == "ar rtl"
    assert b"bootstrap.rtl.min.css" in page


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_style_sheets_know_no_left_nor_right(sheet: Path) -> None:
    lines = enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1)
    assert [f"{number}: {line.strip()}" for number, line in lines if PHYSICAL.search(line)] == []
