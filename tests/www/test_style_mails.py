"""The page of every mail: for administrators, each mail framed with a policy of its own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from poincon.kernel.messages import NOTICES
from poincon.organisations.enums import Role
from poincon.organisations.models import User
from poincon.www.account.letters import ACCOUNT_SAMPLES, LETTERS
from poincon.www.base.mails import MAIL_POLICY
from tests.factories import make_membership, make_user

pytestmark = pytest.mark.django_db
EVERY_MAIL = sorted([*NOTICES, *ACCOUNT_SAMPLES])


@pytest.fixture
def administrator(as_proved_user: Callable[[User], Client]) -> Client:
    return as_proved_user(make_membership(Role.ADMINISTRATOR, None).user)


def test_every_mail_is_listed_with_its_text(administrator: Client) -> None:
    page = administrator.get(reverse("style_mails")).content.decode()
    assert all(reverse("style_mail", args=[code]) in page for code in EVERY_MAIL)
    assert "482915" in page


@pytest.mark.parametrize("code", EVERY_MAIL)
def test_each_mail_is_framed_by_our_page_only(administrator: Client, code: str) -> None:
    response = administrator.get(reverse("style_mail", args=[code]))
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == MAIL_POLICY
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_an_unknown_mail_is_not_found(administrator: Client) -> None:
    assert administrator.get(reverse("style_mail", args=["nowhere"])).status_code == 404


def test_only_administrators_see_them(as_user: Callable[[User], Client]) -> None:
    assert as_user(make_user()).get(reverse("style_mails")).status_code == 403


def test_the_library_sends_no_mail_that_we_did_not_write() -> None:
    """Each mail of the parts of the library that are mounted has a letter of ours."""
    assert {prefix for prefix in LETTERS if prefix.startswith("mfa/")} == {
        f"mfa/email/{name}"
        for name in (
            "recovery_codes_generated",
            "totp_activated",
            "totp_deactivated",
            "webauthn_added",
            "webauthn_removed",
        )
    }
