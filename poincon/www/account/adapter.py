"""What django-allauth asks of us: who may open an account (nobody by himself), our words, secrets kept locked."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from poincon.kernel.vault import lock_away, take_out
from poincon.organisations.models import User

VAULT_PURPOSE = "second-factor"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):
    """People are invited by the administrator of their organisation: nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Ce compte est fermé. Demandez sa réouverture à votre administrateur."),
        "email_password_mismatch": _(
            "Le courriel ou le mot de passe ne correspondent pas. Vérifiez-les, ou demandez un code par courriel."
        ),
        "enter_current_password": _("Tapez votre mot de passe actuel."),
        "incorrect_code": _("Ce code n’est pas le bon. Vérifiez les chiffres et recommencez."),
        "incorrect_password": _("Ce mot de passe n’est pas le bon. Vérifiez-le et recommencez."),
        "too_many_login_attempts": _("Trop d’essais à la suite. Attendez quelques minutes, puis recommencez."),
        "rate_limited": _("Trop de demandes à la suite. Attendez une minute, puis recommencez."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are unreadable in a stolen copy of the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Votre rôle demande une double vérification : ajoutez un autre moyen avant de retirer celui-ci."
        ),
        "cannot_generate_recovery_codes": _("Les codes de secours viennent après une application ou une clé."),
        "incorrect_code": _("Ce code n’est pas le bon. Attendez le code suivant et tapez-le sans attendre."),
    }

    def encrypt(self, text: str) -> str:
        return lock_away(text.encode(), purpose=VAULT_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return take_out(encrypted_text, purpose=VAULT_PURPOSE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays while a role asks for one."""
        user = authenticator.user
        if not isinstance(user, User) or not user.needs_second_factor():
            return True
        others = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exclude(pk=authenticator.pk)
        return others.exists()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002  theirs
        count = Authenticator.objects.filter(user=user, type=type).count()
        return str(_("Clé %(rank)s")) % {"rank": count + 1}
