"""While one orders, the page shows what a booklet will look like; nothing is written for that."""

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.passes.models import Batch
from tests.world.standing import Standing
from tests.world.story import Person, Place
from tests.www.reading import Reader

pytestmark = pytest.mark.django_db
URL = "/commanditaire/lots/commander/"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def client(full: Standing) -> Client:
    return full.client(Person(Role.FUNDER))


def pictures(client: Client, **asked: str) -> dict[str, str]:
    preview: dict[str, str] = client.get(URL, asked).context["preview"]
    return preview


def test_the_preview_follows_what_is_typed(client: Client) -> None:
    assert pictures(client)["sheet"].startswith("/commanditaire/lots/apercu/10/2.png")
    assert pictures(client, size="5")["sheet"].startswith("/commanditaire/lots/apercu/5/2.png")
    assert pictures(client, size="7")["size"] == "10", "no booklet of 7 in this programme"
    assert pictures(client, letter_text="Bonjour à tous")["letter"].endswith("?letter_text=Bonjour+%C3%A0+tous")


def test_it_is_drawn_as_it_will_be_printed_and_writes_nothing(client: Client) -> None:
    before = Batch.objects.count()
    drawn = {name: client.get(url).content for name, url in pictures(client).items() if name != "size"}
    assert all(content.startswith(PNG) for content in drawn.values())
    typed = client.get(pictures(client, letter_text="Un tout autre texte")["letter"]).content
    assert typed.startswith(PNG)
    assert typed != drawn["letter"]
    assert Batch.objects.count() == before


def test_a_page_that_does_not_exist_is_not_found(client: Client) -> None:
    for path in ("10/99.png", "10/0.png", "7/1.png"):
        assert client.get(f"/commanditaire/lots/apercu/{path}").status_code == 404


def test_the_pictures_say_what_they_show(client: Client) -> None:
    page = client.get(URL).content.decode()
    assert Reader(page).faults == []
    assert page.count('alt="') >= 2


def test_nobody_else_sees_it(full: Standing) -> None:
    beside, stranger = Person(Role.ACCOUNTANT), Person(Role.PRESCRIBER, Place.HOME)
    for person in (beside, stranger):
        assert full.client(person).get("/commanditaire/lots/apercu/10/1.png").status_code in {302, 403}
