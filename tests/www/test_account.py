"""One's account: corrected, spoken to in one's language, signed out elsewhere."""

from collections.abc import Callable

import pytest
from django.test import Client

from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.www.account.me import browser_said
from poincon.www.account.sessions import LONG, SHORT, seconds_kept
from tests.factories import make_membership, make_organisation, make_user
from tests.www.test_sign_in import ask_code

pytestmark = pytest.mark.django_db
PAGE, SESSIONS = "/compte/", "/compte/appareils/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile Safari/604.1"


def signed_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/connexion/code/", {"code": ask_code(client, user.email)})
    return client


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def test_name_telephone_and_language_are_corrected(as_user: Callable[[User], Client]) -> None:
    user = make_user()
    client = as_user(user)
    response = client.post(PAGE, {"full_name": "Ana Lopes", "phone": "0555111111", "language": "en"})
    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.full_name, user.phone, user.language) == ("Ana Lopes", "05 55 11 11 11", "en")
    assert 'lang="en"' in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"full_name": ""}, {"phone": "12"}, {"language": "xx"}, {"full_name": "x" * 151}, {"full_name": "a\x00b"}]
)
def test_what_is_wrong_is_said(as_user: Callable[[User], Client], wrong: dict[str, str]) -> None:
    user = make_user(full_name="Ana Lopes")
    response = as_user(user).post(PAGE, {"full_name": "Ana", "phone": "", "language": "fr"} | wrong)
    assert response.status_code == 200
    assert "à corriger" in response.content.decode()
    user.refresh_from_db()
    assert user.full_name == "Ana Lopes"


def test_the_browsers_signed_in_are_listed() -> None:
    user = make_user()
    here, _there = signed_in(user), signed_in(user, ANDROID)
    page = here.get(SESSIONS).content.decode()
    assert "Firefox sur Linux" in page
    assert "Chrome sur Android" in page
    assert page.count("cet appareil") == 1


def test_all_the_others_are_signed_out() -> None:
    user = make_user()
    here, there = signed_in(user), signed_in(user, ANDROID)
    here.post(SESSIONS)
    assert is_in(here)
    assert not is_in(there)


def test_one_browser_is_signed_out() -> None:
    user = make_user()
    here, there, third = signed_in(user), signed_in(user, ANDROID), signed_in(user, IPHONE)
    (lost,) = (one["pk"] for one in here.get(SESSIONS).context["found"] if "Android" in one["what"])
    here.post(SESSIONS, {"connexion": lost})
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)


def test_nobody_signs_somebody_else_out() -> None:
    mine, other = signed_in(make_user()), signed_in(make_user())
    (hers,) = (one["pk"] for one in other.get(SESSIONS).context["found"])
    assert mine.post(SESSIONS, {"connexion": hers}).status_code == 404
    assert is_in(other)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox sur Linux"),
        (ANDROID, "Chrome sur Android"),
        (IPHONE, "Safari sur iPhone"),
        ("curl/8", "un navigateur inconnu"),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent: str, said: str) -> None:
    assert browser_said(agent) == said


def test_a_session_is_as_short_as_the_strictest_role_asks() -> None:
    user = make_user()
    assert seconds_kept(user) == LONG
    make_membership(Role.PRESCRIBER, make_organisation(is_prescriber=True), user=user)
    assert seconds_kept(user) == LONG
    make_membership(Role.ACCOUNTANT, make_organisation(is_funder=True), user=user)
    assert seconds_kept(user) == SHORT


def test_a_funder_is_signed_out_at_the_end_of_the_day() -> None:
    user = make_membership(Role.FUNDER, make_organisation(is_funder=True)).user
    assert signed_in(user).session.get_expiry_age() == SHORT
