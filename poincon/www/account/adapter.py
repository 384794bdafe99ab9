"""What django-allauth asks of us: who may open an account (nobody by himself), our words, secrets kept locked."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from poincon.kernel.messages import as_mail, record_sent
from poincon.kernel.vault import lock_away, take_out
from poincon.organisations.models import User
from poincon.www.account.letters import LETTERS
from poincon.www.account.sessions import seconds_kept
from poincon.www.base.languages import remember

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
        "too_many_login_attempts": _(
            "Trop d’essais à la suite. Demandez un autre code par courriel, ou attendez quelques minutes."
        ),
        "rate_limited": _("Trop de demandes à la suite. Attendez une minute, puis recommencez."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Our mails, in the same dress as all the others."""
        return as_mail(LETTERS[template_prefix](context), email if isinstance(email, str) else email[0])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once, and keep the trace of what was sent to people who have an account."""
        user = User.objects.filter(email=email).first()
        if user is None:
            super().send_mail(template_prefix, email, context)
            return
        template = template_prefix.replace("/email/", ".")
        try:
            with translation.override(user.language or translation.get_language()):
                super().send_mail(template_prefix, email, context)
        except Exception as error:
            record_sent(template, email, user_id=user.pk, error=f"{type(error).__name__}: {error}"[:500])
            raise
        record_sent(template, email, user_id=user.pk)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Keep the session as long as the roles allow, and speak the language she chose."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        request.session.set_expiry(seconds_kept(user))
        if user.language:
            remember(response, user.language)
        return response


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
