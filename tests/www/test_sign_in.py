import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from poincon.organisations.models import User
from tests.factories import make_user
from tests.www.reading import as_shown

pytestmark = pytest.mark.django_db
PASSWORD = "quatre mots au hasard"


def code_sent() -> str:
    found = re.search(r"^\s*(\d{6})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def ask_code(client: Client, email: str, **data: str) -> str:
    client.post("/connexion/", {"email": email, **data})
    return code_sent()


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_sent_by_email_signs_in_for_thirty_days(client: Client) -> None:
    user = make_user()
    response = client.post("/connexion/code/", {"code": ask_code(client, user.email)})
    assert response["Location"] == "/accueil/"
    assert is_signed_in(client)
    assert client.session.get_expiry_age() == 30 * 24 * 3600


def test_the_email_says_the_code_in_french(client: Client) -> None:
    code = ask_code(client, make_user().email)
    assert mail.outbox[-1].subject == f"Votre code de connexion : {code}"
    assert "Ne le donnez à personne" in mail.outbox[-1].body


def test_capitals_and_spaces_do_not_matter(client: Client) -> None:
    user = make_user(email="claire.moreau@exemple.fr")
    code = ask_code(client, "  Claire.Moreau@Exemple.fr ")
    client.post("/connexion/code/", {"code": f"{code[:3]} {code[3:]}"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_code_is_refused_next_to_its_field(client: Client) -> None:
    code = ask_code(client, make_user().email)
    page = client.post("/connexion/code/", {"code": another(code)}).content.decode()
    assert "Ce code n’est pas le bon." in page
    assert 'aria-invalid="true"' in page
    assert not is_signed_in(client)


def test_five_wrong_codes_end_the_attempt(client: Client) -> None:
    code = ask_code(client, make_user().email)
    for _ in range(5):
        client.post("/connexion/code/", {"code": another(code)})
    client.post("/connexion/code/", {"code": code})
    assert not is_signed_in(client)
    assert "Demandez un autre code par courriel" in client.get("/connexion/").content.decode()


def test_a_code_typed_too_late_says_so(client: Client) -> None:
    code = ask_code(client, make_user().email)
    kept = client.session
    kept["account_login"] = kept["account_login"] | {"initiated_at": time.time() - 3600}
    kept.save()
    page = client.post("/connexion/code/", {"code": code}, follow=True).content.decode()
    assert as_shown("Ce code n’est plus valable : il sert quinze minutes.") in page
    assert not is_signed_in(client)


def test_five_wrong_codes_say_one_thing(client: Client) -> None:
    code = ask_code(client, make_user().email)
    for _ in range(5):
        response = client.post("/connexion/code/", {"code": another(code)}, follow=True)
    assert "plus valable" not in response.content.decode()


def test_another_code_may_be_asked(client: Client) -> None:
    first = ask_code(client, make_user().email)
    client.post("/connexion/code/", {"action": "resend"})
    assert len(mail.outbox) == 2
    client.post("/connexion/code/", {"code": code_sent()})
    assert is_signed_in(client)
    assert re.fullmatch(r"\d{6}", first)


def test_an_unknown_address_looks_the_same_on_screen(client: Client) -> None:
    known = client.post("/connexion/", {"email": make_user().email})
    unknown = Client().post("/connexion/", {"email": "inconnu@exemple.fr"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert mail.outbox[-1].subject == "Aucun compte à cette adresse"
    assert "http://testserver/connexion/ouvrir-un-compte/" in mail.outbox[-1].body


def test_a_closed_account_receives_no_code(client: Client) -> None:
    user = make_user(is_active=False)
    client.post("/connexion/", {"email": user.email})
    assert mail.outbox[-1].subject == "Aucun compte à cette adresse"


def test_the_page_first_asked_comes_back_after_signing_in(client: Client) -> None:
    code = ask_code(client, make_user().email, next="/compte/double-verification/")
    response = client.post("/connexion/code/", {"code": code, "next": "/compte/double-verification/"})
    assert response["Location"] == "/compte/double-verification/"


def test_no_other_site_can_be_the_page_that_comes_back(client: Client) -> None:
    code = ask_code(client, make_user().email, next="https://ailleurs.example/")
    response = client.post("/connexion/code/", {"code": code, "next": "https://ailleurs.example/"})
    assert response["Location"] == "/accueil/"


def test_nobody_opens_an_account_by_himself(client: Client) -> None:
    page = client.post("/connexion/ouvrir-un-compte/", {"email": "nouveau@exemple.fr"}).content.decode()
    assert "Les comptes s’ouvrent sur invitation." in page
    assert not User.objects.filter(email="nouveau@exemple.fr").exists()


def test_who_chose_a_password_may_use_it(client: Client) -> None:
    user = make_user(password=PASSWORD)
    client.post("/connexion/mot-de-passe/", {"login": user.email, "password": PASSWORD})
    assert is_signed_in(client)
    assert client.session.get_expiry_age() == 30 * 24 * 3600


def test_a_wrong_password_says_what_else_to_do(client: Client) -> None:
    user = make_user(password=PASSWORD)
    response = client.post("/connexion/mot-de-passe/", {"login": user.email, "password": "autre chose"})
    assert "demandez un code par courriel" in response.content.decode()
    assert not is_signed_in(client)


def test_a_password_is_chosen_then_changed(as_user: Callable[[User], Client]) -> None:
    user = make_user()
    client = as_user(user)
    client.post("/compte/mot-de-passe/choisir/", {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    new = f"{PASSWORD} encore"
    client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert mail.outbox[-1].subject == "Votre mot de passe a changé"


def test_signing_out_takes_a_click_not_a_link(as_user: Callable[[User], Client]) -> None:
    client = as_user(make_user())
    assert "Me déconnecter" in client.get("/deconnexion/").content.decode()
    assert is_signed_in(client)
    client.post("/deconnexion/")
    assert not is_signed_in(client)


def test_a_right_code_before_the_second_factor_is_not_called_late(client: Client) -> None:
    user = make_user()
    TOTP.activate(user, generate_totp_secret())
    page = client.post("/connexion/code/", {"code": ask_code(client, user.email)}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/connexion/verification/")
    assert "plus valable" not in page.content.decode()
